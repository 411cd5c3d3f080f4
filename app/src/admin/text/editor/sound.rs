//! The sound of the text that is edited: from a sentence on, with the one that is spoken lit.

use crate::components::sample::{hush_others, play};
use crate::paths;
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

/// Heard before a sentence, in milliseconds: words begin softly.
const BEFORE_MS: i64 = 150;

/// What plays on the page of a text.
#[derive(Clone, Copy)]
pub struct Sound {
    pub audio: NodeRef<html::Audio>,
    /// The title, and where each part of the book begins, in milliseconds.
    book: StoredValue<(Uuid, Vec<i64>)>,
    /// The part that is loaded, and where its address says to begin.
    source: RwSignal<Option<(usize, i64)>>,
    pub playing: RwSignal<bool>,
    pub failed: RwSignal<bool>,
    /// Where in the book it is, in milliseconds; `None` before it was first played.
    pub at: RwSignal<Option<i64>>,
}

/// The part that a moment is in, and when that begins.
fn part_at(parts: &[i64], ms: i64) -> (usize, i64) {
    let part = parts.partition_point(|begins| *begins <= ms).max(1) - 1;
    (part, parts.get(part).copied().unwrap_or(0))
}

impl Sound {
    pub fn new() -> Self {
        Self {
            audio: NodeRef::new(),
            book: StoredValue::new((Uuid::nil(), Vec::new())),
            source: RwSignal::new(None),
            playing: RwSignal::new(false),
            failed: RwSignal::new(false),
            at: RwSignal::new(None),
        }
    }

    /// The sound is that of this title, with these parts. What plays goes on while its text is read again.
    pub fn holds(self, id: Uuid, parts: &[i64]) {
        if self.book.with_value(|(held, _)| *held != id) {
            self.source.set(None);
            self.at.set(None);
        }
        self.book.set_value((id, parts.to_vec()));
    }

    /// The address of what is played; none before anything is.
    fn address(self) -> Option<String> {
        let (part, from_ms) = self.source.get()?;
        let part = i32::try_from(part).unwrap_or(0);
        // Media Fragments (W3C): the browser goes there by itself.
        let id = self.book.with_value(|(id, _)| *id);
        Some(format!("{}#t={}", paths::part(id, part), from_ms as f64 / 1000.0))
    }

    /// Plays from a moment of the book, or pauses.
    pub fn toggle(self, from_ms: i64) {
        let Some(audio) = self.audio.get_untracked() else { return };
        if self.playing.get_untracked() {
            audio.pause().ok();
            return;
        }
        self.failed.set(false);
        let (part, begins) = self.book.with_value(|(_, parts)| part_at(parts, from_ms));
        let within = (from_ms - begins - BEFORE_MS).max(0);
        let loaded = self.source.get_untracked().is_some_and(|(loaded, _)| loaded == part);
        if loaded && audio.ready_state() > 0 {
            audio.set_current_time(within as f64 / 1000.0);
        } else {
            self.source.set(Some((part, within)));
        }
        hush_others(&audio);
        // The address takes a moment to reach the element.
        request_animation_frame(move || {
            if let Some(audio) = self.audio.try_get_untracked().flatten() {
                play(&audio);
            }
        });
    }

    fn told_time(self) {
        let Some(audio) = self.audio.get_untracked() else { return };
        let Some((part, _)) = self.source.get_untracked() else { return };
        let begins = self.book.with_value(|(_, parts)| parts.get(part).copied().unwrap_or(0));
        self.at.set(Some(begins + (audio.current_time() * 1000.0) as i64));
    }
}

/// The element that sounds, and what went wrong with it.
#[component]
pub fn SoundElement(sound: Sound) -> impl IntoView {
    view! {
        <audio
            class="hidden"
            preload="none"
            src=move || sound.address()
            node_ref=sound.audio
            data-testid="editor-sound"
            on:play=move |_| sound.playing.set(true)
            on:pause=move |_| sound.playing.set(false)
            on:ended=move |_| sound.playing.set(false)
            on:timeupdate=move |_| sound.told_time()
            on:error=move |_| {
                sound.failed.set(true);
                sound.playing.set(false);
            }
        ></audio>
        <p class="text-sm text-danger empty:hidden" role="alert">
            {move || if sound.failed.get() { "The sound could not be played. Try again in a moment." } else { "" }}
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_found_in_its_part() {
        assert_eq!(part_at(&[0, 60_000], 59_999), (0, 0));
        assert_eq!(part_at(&[0, 60_000], 60_000), (1, 60_000));
        assert_eq!(part_at(&[], 5_000), (0, 0));
    }
}
