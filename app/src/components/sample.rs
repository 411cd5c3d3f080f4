//! A title's sample: anyone may hear it, and see its words light up as they are spoken.

use super::icons::{Icon, PAUSE, PLAY};
use super::text::clock;
use super::use_hydrated;
use crate::paths;
use crate::player::spoken_words;
use domain::catalog::Sample;
use domain::transcript::Word;
use domain::transcript::script::gap;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::{ev, html, web_sys};

/// The sample under its heading.
#[component]
pub fn SamplePlayer(slug: String, sample: Sample) -> impl IntoView {
    view! {
        <section class="panel p-4 sm:p-6" aria-labelledby="sample-heading">
            <h2 class="text-xl" id="sample-heading">"Hear a sample"</h2>
            <SampleControls slug sample />
        </section>
    }
}

/// Plays the sample. Without JavaScript it is the browser's own player above the text.
#[component]
pub fn SampleControls(slug: String, sample: Sample) -> impl IntoView {
    let hydrated = use_hydrated();
    let audio = NodeRef::<html::Audio>::new();
    let (playing, set_playing) = signal(false);
    let (failed, set_failed) = signal(false);
    // In milliseconds from the start of the sample; -1 before it was first played.
    let (at, set_at) = signal(-1_i64);
    let length = (sample.end_ms - sample.start_ms).max(1);
    let start = sample.start_ms;
    let words: Vec<Word> = sample.segments.into_iter().flat_map(|segment| segment.words).collect();
    let times =
        StoredValue::new(words.iter().map(|word| (word.start_ms - start, word.end_ms - start)).collect::<Vec<_>>());
    let spoken = Memo::new(move |_| times.with_value(|times| spoken_words::spoken(times, at.get(), |times| *times)));

    let seek = move |ms: i64| {
        if let Some(audio) = audio.get_untracked() {
            audio.set_current_time(ms as f64 / 1000.0);
        }
        set_at.set(ms);
    };
    let toggle = move |_| {
        let Some(audio) = audio.get_untracked() else { return };
        if audio.paused() { play(&audio) } else { audio.pause().unwrap_or_default() }
    };
    let on_play = move |_| {
        set_playing.set(true);
        set_failed.set(false);
        if let Some(audio) = audio.get_untracked() {
            hush_others(&audio);
        }
        follow(audio, set_at);
    };
    // It may have been started before the page came to life.
    audio.on_load(move |element| {
        if !element.paused() {
            set_playing.set(true);
            follow(audio, set_at);
        }
    });
    let text = (!words.is_empty()).then(|| {
        let gaps: Vec<_> = words.windows(2).map(|two| gap(&two[0].text, &two[1].text)).collect();
        let words: Vec<_> = words
            .into_iter()
            .enumerate()
            .map(|(place, word)| {
                let gap = gaps.get(place).copied().unwrap_or_default();
                let starts = word.start_ms - start;
                view! {
                    <span
                        class="word"
                        class:word-lit=move || spoken.get() == Some(place)
                        on:click=move |_| {
                            seek(starts);
                            if let Some(audio) = audio.get_untracked() {
                                play(&audio);
                            }
                        }
                    >
                        {word.text}
                    </span>
                    {(!gap.is_empty()).then_some(gap)}
                }
            })
            .collect();
        view! { <p class="mt-4 font-serif text-lg leading-relaxed" data-testid="sample-text">{words}</p> }
    });
    view! {
        // As high with the browser's own player as with the shop's: nothing moves when one takes the other's place.
        <div class="sounds mt-3 flex h-14 items-center">
            <audio
                class="until-alive w-full"
                class:hidden=move || hydrated.get()
                controls
                preload="none"
                src=paths::sample(&slug, sample.version)
                node_ref=audio
                on:play=on_play
                on:pause=move |_| set_playing.set(false)
                on:ended=move |_| set_playing.set(false)
                on:error=move |_| {
                    set_failed.set(true);
                    set_playing.set(false);
                }
            ></audio>
            <div class="when-alive flex min-w-0 flex-1 items-center gap-3" class:hidden=move || !hydrated.get()>
                <button class="button shrink-0 px-4" type="button" data-plays="" on:click=toggle>
                    {move || {
                        if playing.get() {
                            view! {
                                <Icon path=PAUSE />
                                "Pause"
                            }
                        } else {
                            view! {
                                <Icon path=PLAY />
                                "Play"
                            }
                        }
                    }}
                    <span class="sr-only">" the sample"</span>
                </button>
                <input
                    class="range"
                    type="range"
                    min="0"
                    max=length
                    step="500"
                    aria-label="Place in the sample"
                    aria-valuetext=move || format!("{} of {}", clock(at.get()), clock(length))
                    prop:value=move || at.get().max(0).to_string()
                    on:input=move |event: ev::Event| seek(event_target_value(&event).parse().unwrap_or_default())
                />
                <span class="shrink-0 text-sm text-soft tabular-nums" aria-hidden="true">
                    {move || format!("{} / {}", clock(at.get()), clock(length))}
                </span>
            </div>
        </div>
        <p class="mt-3 text-danger empty:hidden" role="alert">
            {move || if failed.get() { "The sample could not be played. Try again in a moment." } else { "" }}
        </p>
        {text}
    }
}

/// Keeps `at` up to date on every frame while the sample plays.
fn follow(audio: NodeRef<html::Audio>, set_at: WriteSignal<i64>) {
    request_animation_frame(move || {
        let Some(element) = audio.try_get_untracked().flatten() else { return };
        set_at.try_set((element.current_time() * 1000.0) as i64);
        if !element.paused() {
            follow(audio, set_at);
        }
    });
}

/// Starts playing. Whether it could shows in the events `play` and `error`.
pub fn play(audio: &web_sys::HtmlAudioElement) {
    #[cfg(feature = "hydrate")]
    if let Ok(started) = audio.play() {
        leptos::task::spawn_local(async move {
            // A refusal is told by the element's own events; without a listener it would land in the console too.
            wasm_bindgen_futures::JsFuture::from(started).await.ok();
        });
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = audio;
}

/// Pauses whatever else sounds on the page.
pub fn hush_others(audio: &web_sys::HtmlAudioElement) {
    let all = document().get_elements_by_tag_name("audio");
    for place in 0..all.length() {
        let other = all.item(place).and_then(|element| element.dyn_into::<web_sys::HtmlMediaElement>().ok());
        if let Some(other) = other.filter(|other| !other.is_same_node(Some(audio))) {
            other.pause().ok();
        }
    }
}
