//! The sound of a place: from that second to the end of what is said there.

use crate::components::icons::{Icon, PAUSE, PLAY};
use crate::components::sample::{hush_others, play};
use crate::components::text::clock;
use crate::components::use_hydrated;
use crate::paths;
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

/// Heard before and after a place, in milliseconds: words begin softly.
const AROUND_MS: i64 = 400;

/// Where a place lies: the part of the book, and from when to when in its file, in milliseconds.
fn in_part(parts: &[i64], start_ms: i64, end_ms: i64) -> (i32, i64, i64) {
    let part = parts.partition_point(|begins| *begins <= start_ms).max(1) - 1;
    let begins = parts.get(part).copied().unwrap_or(0);
    let from = (start_ms - begins - AROUND_MS).max(0);
    (i32::try_from(part).unwrap_or(0), from, (end_ms - begins + AROUND_MS).max(from + AROUND_MS))
}

/// A button that plays the place. Without JavaScript it is the browser's own player, set to it.
#[component]
pub fn Hear(id: Uuid, parts: Vec<i64>, start_ms: i64, end_ms: i64) -> impl IntoView {
    let hydrated = use_hydrated();
    let audio = NodeRef::<html::Audio>::new();
    let (playing, set_playing) = signal(false);
    let (failed, set_failed) = signal(false);
    let (part, from_ms, to_ms) = in_part(&parts, start_ms, end_ms);
    let (from, to) = (from_ms as f64 / 1000.0, to_ms as f64 / 1000.0);
    // Media Fragments (W3C): the browser goes there by itself, and stops there.
    let source = format!("{}#t={from},{to}", paths::part(id, part));
    let toggle = move |_| {
        let Some(audio) = audio.get_untracked() else { return };
        if audio.paused() {
            set_failed.set(false);
            // Before the first time it knows no length yet, and goes to where its address says.
            if audio.ready_state() > 0 {
                audio.set_current_time(from);
            }
            play(&audio);
        } else {
            audio.pause().ok();
        }
    };
    let on_play = move |_| {
        set_playing.set(true);
        if let Some(audio) = audio.get_untracked() {
            hush_others(&audio);
        }
    };
    let on_time = move |_| {
        if let Some(audio) = audio.get_untracked().filter(|audio| !audio.paused() && audio.current_time() >= to) {
            audio.pause().ok();
        }
    };
    let at = clock(start_ms);
    view! {
        <audio
            class="h-10 max-w-full"
            class:hidden=move || hydrated.get()
            controls
            preload="none"
            src=source
            aria-label=format!("The sound at {at}")
            node_ref=audio
            on:play=on_play
            on:pause=move |_| set_playing.set(false)
            on:ended=move |_| set_playing.set(false)
            on:timeupdate=on_time
            on:error=move |_| {
                set_failed.set(true);
                set_playing.set(false);
            }
        ></audio>
        <button
            class="button button-quiet button-small"
            class:hidden=move || !hydrated.get()
            type="button"
            data-testid="hear"
            on:click=toggle
        >
            {move || {
                let (path, words) = if playing.get() { (PAUSE, "Pause") } else { (PLAY, "Hear it") };
                view! {
                    <Icon path />
                    {words}
                }
            }}
            <span class="sr-only">{format!(" at {at}")}</span>
        </button>
        <span class="text-sm text-danger empty:hidden" role="alert">
            {move || if failed.get() { "The sound could not be played. Try again in a moment." } else { "" }}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_found_in_its_part_and_begins_a_little_earlier() {
        assert_eq!(in_part(&[0, 60_000], 5_000, 6_000), (0, 4_600, 6_400));
        assert_eq!(in_part(&[0, 60_000], 60_100, 61_000), (1, 0, 1_400));
        assert_eq!(in_part(&[], 5_000, 6_000), (0, 4_600, 6_400));
    }
}
