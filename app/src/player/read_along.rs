//! The transcript beside the voice: the word being spoken is lit, and a word leads to its place in the sound.

use super::browser::now_ms;
use super::spoken_words::{STRETCH_MS, of_stretch, spoken, stretch_of, wanted, words_of};
use super::state::{Player, use_player};
use crate::api::library::segments;
use crate::components::text::clock;
use crate::paths;
use domain::listening::Listening;
use domain::transcript::Segment;
use domain::transcript::script::gap;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, EventTarget, HtmlElement};
use leptos::{ev, html};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use uuid::Uuid;

/// A smooth scroll is over after this long, in milliseconds.
const SCROLLING_MS: i64 = 1_000;

/// A word on the page: its times in milliseconds, and the id of its element.
#[derive(Clone, Debug)]
struct Spoken {
    start_ms: i64,
    end_ms: i64,
    element: String,
}

/// What the panel knows, shared by its parts.
#[derive(Clone, Copy)]
struct Panel {
    player: Player,
    book: Uuid,
    duration_ms: i64,
    /// The stretches of the transcript on the page.
    there: RwSignal<RangeInclusive<i64>>,
    /// The words of each stretch, in the order they are spoken.
    words: StoredValue<BTreeMap<i64, Vec<Spoken>>>,
    /// The id of the lit word's element.
    lit: StoredValue<Option<String>>,
    /// Whether the reader has scrolled to somewhere else.
    away: RwSignal<bool>,
    /// Until when scrolling is the panel's own doing, by this browser's clock.
    own_scroll_until: StoredValue<i64>,
    frame: NodeRef<html::Div>,
}

/// The transcript, a few minutes of it at a time. Without JavaScript it is plain text with a link to the next minutes.
#[component]
pub fn ReadAlong(
    listening: Listening,
    /// Where to begin, in milliseconds.
    from_ms: i64,
    /// Plays from a place of this book, in milliseconds.
    play_from: impl Fn(i64) + Copy + 'static,
) -> impl IntoView {
    let player = use_player();
    let summary = listening.summary;
    let first = stretch_of(from_ms.min(summary.duration_ms - 1));
    let panel = Panel {
        player,
        book: summary.id,
        duration_ms: summary.duration_ms,
        there: RwSignal::new(first..=first),
        words: StoredValue::new(BTreeMap::new()),
        lit: StoredValue::new(None),
        away: RwSignal::new(false),
        own_scroll_until: StoredValue::new(0),
        frame: NodeRef::new(),
    };
    panel.follow();
    let slug = StoredValue::new(summary.slug);
    let on_click = move |event: ev::MouseEvent| {
        if let Some(word) = word_of(event.target()) {
            panel.away.set(false);
            play_from(start_of(&word));
        }
    };
    view! {
        <section aria-labelledby="read-along">
            <div class="flex min-h-11 flex-wrap items-center justify-between gap-3">
                <h2 class="text-xl" id="read-along">"Read along"</h2>
                <button
                    class="button button-quiet button-small"
                    class:hidden=move || !panel.away.get()
                    type="button"
                    data-testid="back-to-word"
                    on:click=move |_| panel.back()
                >
                    "Back to the current word"
                </button>
            </div>
            <div
                class="panel relative mt-3 max-h-[65vh] overflow-y-auto scroll-smooth px-4 py-5 font-serif text-lg leading-relaxed sm:px-8"
                data-testid="transcript"
                role="region"
                tabindex="0"
                aria-labelledby="read-along"
                node_ref=panel.frame
                on:click=on_click
                on:keydown=move |event| on_key(panel, &event, play_from)
                on:scroll=move |_| panel.scrolled()
            >
                <More panel slug earlier=true />
                <For each=move || panel.there.get() key=|stretch| *stretch let:stretch>
                    <Stretch panel slug stretch />
                </For>
                <More panel slug earlier=false />
            </div>
        </section>
    }
}

/// The way to what was said before or after: a link without JavaScript, and with it more of the text in place.
#[component]
fn More(panel: Panel, slug: StoredValue<String>, earlier: bool) -> impl IntoView {
    let last = stretch_of(panel.duration_ms - 1);
    let next = move || {
        let there = panel.there.read();
        if earlier {
            (*there.start() > 0).then(|| there.start() - 1)
        } else {
            (*there.end() < last).then(|| there.end() + 1)
        }
    };
    let address =
        move || next().map(|next| format!("{}?from={}", paths::library_book(slug.get_value()), next * STRETCH_MS));
    let on_click = move |event: ev::MouseEvent| {
        event.prevent_default();
        event.stop_propagation();
        panel.there.update(|there| {
            *there = if earlier {
                (there.start() - 1).max(0)..=*there.end()
            } else {
                *there.start()..=(there.end() + 1).min(last)
            };
        });
    };
    view! {
        <p class="py-2 font-sans text-base" class:hidden=move || next().is_none()>
            <a class="link" href=address on:click=on_click>{if earlier { "Earlier" } else { "Further on" }}</a>
        </p>
    }
}

/// Some minutes of the text.
#[component]
fn Stretch(panel: Panel, slug: StoredValue<String>, stretch: i64) -> impl IntoView {
    let read =
        Resource::new(|| (), move |()| segments(slug.get_value(), stretch * STRETCH_MS, (stretch + 1) * STRETCH_MS));
    on_cleanup(move || {
        // The panel may go with all its stretches; then there is nothing to tidy up.
        panel.words.try_update_value(|words| words.remove(&stretch));
    });
    view! {
        <Suspense fallback=|| view! { <p class="text-soft">"…"</p> }>
            {move || Suspend::new(async move {
                match read.await {
                    Ok(found) => {
                        let found = of_stretch(found, stretch);
                        panel.learn(stretch, &found);
                        let speakers: Vec<_> = found.iter().map(|segment| segment.speaker.clone()).collect();
                        let named = move |place: usize| place == 0 || speakers[place - 1] != speakers[place];
                        found
                            .into_iter()
                            .enumerate()
                            .map(|(place, segment)| view! { <Sentence segment first=place == 0 named=named(place) /> })
                            .collect_view()
                            .into_any()
                    }
                    Err(_) => view! {
                        <p class="font-sans text-base text-soft">
                            "These minutes could not be read. "
                            <button class="link" type="button" on:click=move |_| read.refetch()>"Try again"</button>
                        </p>
                    }
                    .into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn Sentence(
    segment: Segment,
    /// Whether the Tab key stops at its first word: until a word is lit there has to be a way in.
    first: bool,
    /// Whether another speaker begins here.
    named: bool,
) -> impl IntoView {
    let place = (segment.start_ms, segment.position);
    let starts = clock(segment.start_ms);
    // A text of its own, not an element: arrows go from word to word.
    let speaker = segment.speaker.clone().filter(|_| named).map(|name| format!("{name}: "));
    let words = words_of(&segment);
    let gaps: Vec<_> = words.windows(2).map(|two| gap(&two[0].text, &two[1].text)).collect();
    let words: Vec<_> = words
        .into_iter()
        .enumerate()
        .map(|(number, word)| {
            let gap = gaps.get(number).copied().unwrap_or_default();
            view! {
                <span
                    class="word"
                    id=element_id(place, number)
                    role="button"
                    tabindex=if first && number == 0 { "0" } else { "-1" }
                    data-testid="word"
                    data-start=word.start_ms
                    data-end=word.end_ms
                >
                    {word.text}
                </span>
                {(!gap.is_empty()).then_some(gap)}
            }
        })
        .collect();
    view! { <p class="mb-3" title=starts>{speaker} {words}</p> }
}

/// Sentences are told apart by where they begin as well: one that was split has the position of both its parts.
fn element_id((start_ms, position): (i64, i32), word: usize) -> String {
    format!("w{start_ms}-{position}-{word}")
}

impl Panel {
    /// Notes which words a stretch has, so that the one being spoken is found without a look at the page.
    fn learn(self, stretch: i64, found: &[Segment]) {
        let words: Vec<_> = found
            .iter()
            .flat_map(|segment| {
                words_of(segment).into_iter().enumerate().map(|(number, word)| Spoken {
                    start_ms: word.start_ms,
                    end_ms: word.end_ms,
                    element: element_id((segment.start_ms, segment.position), number),
                })
            })
            .collect();
        // Who turned the page while the text was on its way needs it no more.
        self.words.try_update_value(|known| known.insert(stretch, words));
    }

    /// Keeps the lit word and the text at hand in step with the voice.
    fn follow(self) {
        // At rest, the word changes when the place does; while playing, with every frame.
        Effect::new(move |_| {
            let at_ms = self.player.at_ms.get();
            if self.player.holds(self.book) {
                self.reach(at_ms);
                // What just came onto the page is lit in the next frame, when it is there.
                request_animation_frame(move || self.light());
            }
        });
        Effect::new(move |_| {
            if self.player.playing.get() {
                self.every_frame();
            }
        });
    }

    fn every_frame(self) {
        request_animation_frame(move || {
            if self.lit.try_with_value(|_| ()).is_some() && self.player.playing.get_untracked() {
                self.light();
                self.every_frame();
            }
        });
    }

    /// Has the text around a place at hand.
    fn reach(self, at_ms: i64) {
        let there = self.there.get_untracked();
        if self.away.get_untracked() {
            return;
        }
        let wanted = wanted(&there, at_ms, self.duration_ms);
        if wanted != there {
            self.there.set(wanted);
        }
    }

    /// The word being spoken, if it is on the page.
    fn spoken(self) -> Option<String> {
        let at_ms = self.player.now_at_ms();
        self.words.try_with_value(|words| {
            // The last sentence of a stretch may go on in the time of the next.
            let here = stretch_of(at_ms);
            let (_, words) = words
                .range(here - 1..=here)
                .rev()
                .find(|(_, words)| words.first().is_some_and(|w| w.start_ms <= at_ms))?;
            spoken(words, at_ms, |word| (word.start_ms, word.end_ms)).map(|place| words[place].element.clone())
        })?
    }

    /// Lights the word being spoken. Two elements change, however long the text.
    fn light(self) {
        let spoken = if self.player.holds(self.book) { self.spoken() } else { None };
        let Some(before) = self.lit.try_get_value() else { return };
        // An element that was replaced meanwhile is not lit, though its id is the same.
        let still_lit = || spoken.as_deref().and_then(by_id).is_none_or(|element| element.has_attribute("data-lit"));
        if spoken == before && still_lit() {
            return;
        }
        if let Some(element) = before.as_deref().and_then(by_id) {
            element.class_list().remove_1("word-lit").ok();
            element.remove_attribute("data-lit").ok();
            element.remove_attribute("aria-current").ok();
            element.set_attribute("tabindex", "-1").ok();
        }
        if let Some(element) = spoken.as_deref().and_then(by_id) {
            element.class_list().add_1("word-lit").ok();
            element.set_attribute("data-lit", "true").ok();
            element.set_attribute("aria-current", "true").ok();
            // One word takes the Tab key: the one being spoken.
            element.set_attribute("tabindex", "0").ok();
            if !self.away.get_untracked() {
                self.bring_into_view(&element);
            }
        }
        self.lit.set_value(spoken);
    }

    /// Scrolls the panel, never the page, when the word is near an edge or outside.
    fn bring_into_view(self, word: &HtmlElement) {
        let Some(frame) = self.frame.get_untracked() else { return };
        if let Some(top) = scroll_for(span_of(word), (frame.scroll_top(), frame.client_height())) {
            self.own_scroll_until.set_value(now_ms() + SCROLLING_MS);
            frame.set_scroll_top(top);
        }
    }

    /// The panel was scrolled: by the reader, unless the panel has just done so itself.
    fn scrolled(self) {
        if now_ms() < self.own_scroll_until.get_value() || !self.player.holds(self.book) {
            return;
        }
        let Some(frame) = self.frame.get_untracked() else { return };
        let Some(word) = self.lit.with_value(|lit| lit.as_deref().and_then(by_id)) else { return };
        let seen = is_seen(span_of(&word), (frame.scroll_top(), frame.client_height()));
        if self.away.get_untracked() == seen {
            self.away.set(!seen);
        }
    }

    /// Goes back to the word being spoken.
    fn back(self) {
        self.away.set(false);
        self.reach(self.player.now_at_ms());
        request_animation_frame(move || {
            self.light();
            if let Some(word) = self.lit.try_get_value().flatten().as_deref().and_then(by_id) {
                self.bring_into_view(&word);
            }
        });
    }
}

/// Enter and Space play from a word; the arrows go from word to word.
fn on_key(panel: Panel, event: &ev::KeyboardEvent, play_from: impl Fn(i64)) {
    let Some(word) = word_of(event.target()) else { return };
    match event.key().as_str() {
        "Enter" | " " => {
            panel.away.set(false);
            play_from(start_of(&word));
        }
        "ArrowRight" => focus_beside(&word, true),
        "ArrowLeft" => focus_beside(&word, false),
        _ => return,
    }
    event.prevent_default();
}

fn focus_beside(word: &Element, forwards: bool) {
    let beside = |element: &Element| {
        if forwards { element.next_element_sibling() } else { element.previous_element_sibling() }
    };
    let in_next_sentence = || {
        let sentence = beside(&word.parent_element()?)?;
        if forwards { sentence.first_element_child() } else { sentence.last_element_child() }
    };
    let found = beside(word).or_else(in_next_sentence).filter(|element| element.has_attribute("data-start"));
    if let Some(found) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        found.focus().ok();
    }
}

fn word_of(target: Option<EventTarget>) -> Option<Element> {
    target?.dyn_into::<Element>().ok()?.closest("[data-start]").ok()?
}

fn start_of(word: &Element) -> i64 {
    word.get_attribute("data-start").and_then(|start| start.parse().ok()).unwrap_or_default()
}

fn by_id(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// Where a word lies in the panel: its top and its height, in pixels. The panel is what offsets are counted from.
fn span_of(word: &HtmlElement) -> (i32, i32) {
    (word.offset_top(), word.offset_height())
}

/// How far the panel should be scrolled so that a word stands well in view; `None` when it does. Both are given as top
/// and height, in pixels.
fn scroll_for((top, height): (i32, i32), (view_top, view_height): (i32, i32)) -> Option<i32> {
    let margin = view_height / 5;
    let well_seen = top >= view_top + margin && top + height <= view_top + view_height - margin;
    let wanted = (top - view_height * 2 / 5).max(0);
    (!well_seen && wanted != view_top).then_some(wanted)
}

/// Whether any of a word is in view.
fn is_seen((top, height): (i32, i32), (view_top, view_height): (i32, i32)) -> bool {
    top + height > view_top && top < view_top + view_height
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_panel_scrolls_only_when_the_word_nears_an_edge() {
        let view = (1_000, 500);
        assert_eq!(scroll_for((1_200, 30), view), None, "in the middle");
        assert_eq!(scroll_for((1_450, 30), view), Some(1_250), "near the lower edge");
        assert_eq!(scroll_for((300, 30), view), Some(100), "far above");
        assert_eq!(scroll_for((10, 30), (0, 500)), None, "the first words cannot stand lower than they do");
    }

    #[test]
    fn who_has_scrolled_away_no_longer_sees_the_word() {
        let view = (1_000, 500);
        assert!(is_seen((980, 30), view) && is_seen((1_499, 30), view));
        assert!(!is_seen((900, 30), view) && !is_seen((1_500, 30), view));
    }
}
