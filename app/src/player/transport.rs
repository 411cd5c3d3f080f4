//! Opening a book, playing, pausing, moving about, and going on after trouble.

use super::browser;
use super::playback_rate::{Sleep, Speed, rewind_ms};
use super::resume_point::{corrected, newer, retry_after_s};
use super::state::{Book, Inner, Player};
use super::timeline::{Spot, Timeline};
use crate::paths;
use domain::listening::{COPY_TYPE, Listening, Part};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{HtmlAudioElement, HtmlMediaElement};
use std::sync::Arc;
use std::time::Duration;

/// Attempts to go on by itself before it asks the listener.
const MOST_ATTEMPTS: u32 = 8;
/// The next part is fetched this long before it is needed, in milliseconds of the book.
const AHEAD_MS: i64 = 60_000;

const LOST: &str = "The connection was lost. Your place is kept, and the player keeps trying.";
const GAVE_UP: &str = "This part could not be played. Your place is kept; press play to try again.";

impl Player {
    /// Takes a book up where it was left, by whichever memory is newer; does not play yet. The book at hand goes on
    /// undisturbed when it is the same and plays.
    pub fn open(self, facts: Listening) {
        if self.book.with_untracked(|book| book.as_ref().is_some_and(|book| book.facts.summary.id == facts.summary.id))
            && (self.playing.get_untracked() || self.rested_after(&facts))
        {
            return;
        }
        self.close();
        let user = self.inner.with_value(|inner| inner.user);
        let kept = user.and_then(|user| browser::kept(user, facts.summary.id));
        let position = newer(facts.position, kept, &facts.parts);
        let timeline = Timeline::new(&facts.parts);
        let at_ms = timeline.clamp(position.position_ms);
        self.speed.set(Speed::nearest(position.speed_percent));
        self.at_ms.set(at_ms);
        self.inner.update_value(|inner| inner.rested_at = position.taken_at);
        self.book.set(Some(Arc::new(Book { facts, timeline })));
        self.load(at_ms, false);
        self.set_clock();
        self.send_unsent();
    }

    /// The parts of a book have changed in the shop: where it is the one at hand, it goes on at the place that the shop knows.
    pub(super) fn relaid(self, facts: Listening) {
        if !self.book.with_untracked(|book| book.as_ref().is_some_and(|book| book.facts.summary.id == facts.summary.id))
        {
            return;
        }
        let at_ms = facts.position.position_ms;
        let timeline = Timeline::new(&facts.parts);
        self.book.set(Some(Arc::new(Book { facts, timeline })));
        self.inner.update_value(|inner| inner.ahead = None);
        self.load(at_ms, self.playing.get_untracked());
    }

    /// Whether what is known here is not older than what the shop says.
    fn rested_after(self, facts: &Listening) -> bool {
        self.inner.with_value(|inner| inner.rested_at >= facts.position.taken_at)
    }

    /// Puts the book away.
    pub fn close(self) {
        self.pause();
        self.keep_place();
        self.book.set(None);
        self.sleep.set(Sleep::Never);
        self.trouble.set(None);
        self.waiting.set(false);
        self.inner.update_value(|inner| {
            *inner = Inner {
                user: inner.user,
                clock_offset_ms: inner.clock_offset_ms,
                load: inner.load + 1,
                ..Inner::default()
            };
        });
        for audio in [self.audio, self.ahead].into_iter().filter_map(|audio| audio.get_untracked()) {
            audio.remove_attribute("src").ok();
            audio.load();
        }
        browser::media_session::clear();
    }

    /// Plays on; after a pause a little further back, at the end from the start.
    pub fn play(self) {
        let Some(book) = self.book.get_untracked() else { return };
        let at_ms = self.at_ms.get_untracked();
        let (rested_at, now, loaded) = self.inner.with_value(|inner| {
            (inner.rested_at, corrected(browser::now_ms(), inner.clock_offset_ms), inner.part.is_some())
        });
        let from_ms = if at_ms >= book.timeline.duration_ms() {
            0
        } else {
            book.timeline.clamp(at_ms - rewind_ms(now.since_ms(rested_at)))
        };
        let stuck = self.trouble.get_untracked().is_some();
        self.inner.update_value(|inner| {
            inner.attempts = 0;
            inner.rested_at = now;
            inner.moved = true;
        });
        self.playing.set(true);
        if stuck || !loaded {
            self.load(from_ms, true);
        } else {
            if from_ms != at_ms {
                self.go(from_ms);
            }
            self.start();
        }
    }

    pub fn pause(self) {
        if let Some(audio) = self.audio.get_untracked() {
            audio.pause().ok();
        }
        // A part that is still loading has not begun, and says nothing when it is stopped.
        self.stopped();
    }

    pub fn toggle(self) {
        if self.playing.get_untracked() { self.pause() } else { self.play() }
    }

    /// Goes to a place of the book, in milliseconds, and plays on if it played.
    pub fn seek(self, at_ms: i64) {
        self.inner.update_value(|inner| {
            inner.moved = true;
            // Who chooses a place wants to hear just that.
            inner.rested_at = corrected(browser::now_ms(), inner.clock_offset_ms);
        });
        if matches!(self.sleep.get_untracked(), Sleep::Place(end) if at_ms >= end) {
            self.sleep.set(Sleep::Never);
        }
        self.go(at_ms);
        self.keep_place();
        self.tell_session();
    }

    /// Goes on or, with a negative number, back by milliseconds.
    pub fn skip(self, by_ms: i64) {
        self.seek(self.at_ms.get_untracked() + by_ms);
    }

    pub fn set_speed(self, speed: Speed) {
        self.speed.set(speed);
        if let Some(audio) = self.audio.get_untracked() {
            audio.set_default_playback_rate(speed.rate());
            audio.set_playback_rate(speed.rate());
        }
        self.inner.update_value(|inner| inner.moved = true);
        self.keep_place();
        self.tell_session();
    }

    /// The place in the book at this very moment, in milliseconds: [`Player::at_ms`] is up to a quarter of a second old.
    pub fn now_at_ms(self) -> i64 {
        self.sounding_at().unwrap_or_else(|| self.at_ms.get_untracked())
    }

    /// Where the audio element is, as a place in the book; `None` while its clock means nothing.
    fn sounding_at(self) -> Option<i64> {
        let part = self.inner.with_value(|inner| if inner.pending_ms.is_some() { None } else { inner.part })?;
        let offset_ms = (self.audio.get_untracked()?.current_time() * 1000.0) as i64;
        self.book.with_untracked(|book| Some(book.as_ref()?.timeline.at(Spot { part, offset_ms })))
    }

    fn go(self, at_ms: i64) {
        let Some(book) = self.book.get_untracked() else { return };
        let at_ms = book.timeline.clamp(at_ms);
        let Some(spot) = book.timeline.locate(at_ms) else { return };
        self.at_ms.set(at_ms);
        let here = self.inner.with_value(|inner| inner.part == Some(spot.part));
        match self.audio.get_untracked() {
            Some(audio) if here && self.trouble.get_untracked().is_none() => {
                // Until the file's length is known, the place is kept and taken when it is.
                self.inner.update_value(|inner| {
                    if inner.pending_ms.is_some() {
                        inner.pending_ms = Some(spot.offset_ms);
                    }
                });
                audio.set_current_time(seconds(spot.offset_ms));
            }
            _ => self.load(at_ms, self.playing.get_untracked()),
        }
    }

    /// Loads the part that a place lies in.
    fn load(self, at_ms: i64, play: bool) {
        let (Some(book), Some(audio)) = (self.book.get_untracked(), self.audio.get_untracked()) else { return };
        let Some(spot) = book.timeline.locate(at_ms) else { return };
        let Some(part) = book.facts.parts.get(spot.part) else { return };
        self.at_ms.set(book.timeline.clamp(at_ms));
        self.inner.update_value(|inner| {
            inner.part = Some(spot.part);
            inner.pending_ms = Some(spot.offset_ms);
            inner.load += 1;
        });
        let rate = self.speed.get_untracked().rate();
        audio.set_default_playback_rate(rate);
        audio.set_preload(if play { "auto" } else { "metadata" });
        audio.set_src(&source(&audio, part));
        audio.load();
        audio.set_playback_rate(rate);
        if play {
            self.start();
        }
    }

    /// Tells the audio element to play. A refusal that is not a fault of the network means that the browser wants a
    /// click first.
    fn start(self) {
        let Some(audio) = self.audio.get_untracked() else { return };
        hush_others(&audio);
        browser::announce_playing();
        audio.set_preload("auto");
        let Ok(started) = audio.play() else { return };
        let load = self.inner.with_value(|inner| inner.load);
        browser::when_refused(&started, move || {
            let same = self.inner.with_value(|inner| inner.load == load);
            if same && audio.paused() && self.trouble.get_untracked().is_none() {
                self.stopped();
            }
        });
    }

    /// It stopped, for whatever reason: the place is kept.
    pub(super) fn stopped(self) {
        if !self.playing.get_untracked() {
            return;
        }
        if let Some(at_ms) = self.sounding_at() {
            self.at_ms.set(at_ms);
        }
        self.playing.set(false);
        self.waiting.set(false);
        self.inner.update_value(|inner| inner.rested_at = corrected(browser::now_ms(), inner.clock_offset_ms));
        self.keep_place();
        self.tell_session();
    }

    /// The length of the part is known: goes to the place that was asked for.
    pub(super) fn loaded(self) {
        let Some(audio) = self.audio.get_untracked() else { return };
        let Some(offset_ms) = self.inner.with_value(|inner| inner.pending_ms) else { return };
        audio.set_playback_rate(self.speed.get_untracked().rate());
        if offset_ms > 0 {
            audio.set_current_time(seconds(offset_ms));
        }
        self.inner.update_value(|inner| inner.pending_ms = None);
    }

    /// Something is heard.
    pub(super) fn sounds(self) {
        self.waiting.set(false);
        self.trouble.set(None);
        self.inner.update_value(|inner| inner.attempts = 0);
        self.tell_session();
    }

    /// The voice has moved on.
    pub(super) fn advanced(self) {
        let Some(at_ms) = self.sounding_at() else { return };
        self.at_ms.set(at_ms);
        if !self.playing.get_untracked() {
            return;
        }
        self.inner.update_value(|inner| inner.moved = true);
        if self.sleep.get_untracked().is_due(browser::now_ms(), at_ms) {
            self.sleep.set(Sleep::Never);
            return self.pause();
        }
        self.keep_place_now_and_then();
        self.fetch_ahead(at_ms);
    }

    /// The part has ended: the next one follows, or the book is finished.
    pub(super) fn ended(self) {
        let Some(book) = self.book.get_untracked() else { return };
        let Some(part) = self.inner.with_value(|inner| inner.part) else { return };
        if self.playing.get_untracked()
            && let Some(next) = book.timeline.after(part)
        {
            return self.load(book.timeline.at(Spot { part: next, offset_ms: 0 }), true);
        }
        self.at_ms.set(book.timeline.duration_ms());
        self.inner.update_value(|inner| inner.moved = true);
        self.stopped();
    }

    /// The part cannot be heard: tries again a little later, where it was.
    pub(super) fn failed(self) {
        let attempts = self.inner.with_value(|inner| inner.attempts);
        self.waiting.set(false);
        if !self.playing.get_untracked() {
            // Nobody waits for it: pressing play loads it anew.
            return self.inner.update_value(|inner| inner.part = None);
        }
        if attempts >= MOST_ATTEMPTS {
            self.trouble.set(Some(GAVE_UP));
            return self.stopped();
        }
        self.trouble.set(Some(LOST));
        // The element's clock starts anew with the file: what counts is where the listener was.
        let offset_ms = self.book.with_untracked(|book| {
            book.as_ref().and_then(|book| book.timeline.locate(self.at_ms.get_untracked())).map(|spot| spot.offset_ms)
        });
        self.inner.update_value(|inner| {
            inner.attempts += 1;
            inner.pending_ms = offset_ms;
        });
        self.keep_place();
        let load = self.inner.with_value(|inner| inner.load);
        set_timeout(
            move || {
                if self.inner.with_value(|inner| inner.load == load) {
                    self.retry();
                }
            },
            Duration::from_secs(retry_after_s(attempts)),
        );
    }

    /// Goes on where trouble began, if there was any.
    pub(super) fn retry(self) {
        if self.playing.get_untracked() && self.trouble.get_untracked().is_some() {
            self.load(self.at_ms.get_untracked(), true);
        }
    }

    /// Lets the browser fetch the beginning of the next part, so that it follows without a gap.
    fn fetch_ahead(self, at_ms: i64) {
        let Some(book) = self.book.get_untracked() else { return };
        let Some(next) = self.inner.with_value(|inner| inner.part).and_then(|part| book.timeline.after(part)) else {
            return;
        };
        let starts = book.timeline.at(Spot { part: next, offset_ms: 0 });
        if starts - at_ms > AHEAD_MS || self.inner.with_value(|inner| inner.ahead == Some(next)) {
            return;
        }
        let (Some(ahead), Some(part)) = (self.ahead.get_untracked(), book.facts.parts.get(next)) else { return };
        self.inner.update_value(|inner| inner.ahead = Some(next));
        ahead.set_preload("auto");
        ahead.set_src(&source(&ahead, part));
        ahead.load();
    }
}

/// Where a part is played from: the copy where there is one, unless this browser says that it does not know what that is.
fn source(audio: &HtmlAudioElement, part: &Part) -> String {
    if part.copied && audio.can_play_type(COPY_TYPE).is_empty() {
        return paths::part_original(part.audiobook_id, part.position);
    }
    paths::part(part.audiobook_id, part.position)
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

/// Pauses whatever else sounds on the page.
fn hush_others(audio: &HtmlAudioElement) {
    let all = document().get_elements_by_tag_name("audio");
    for place in 0..all.length() {
        let other = all.item(place).and_then(|element| element.dyn_into::<HtmlMediaElement>().ok());
        if let Some(other) = other.filter(|other| !other.is_same_node(Some(audio))) {
            other.pause().ok();
        }
    }
}
