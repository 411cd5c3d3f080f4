//! What the player is doing, for every part of the page.

use super::playback_rate::{Sleep, Speed};
use super::timeline::{Timeline, chapter_at};
use domain::Timestamp;
use domain::listening::Listening;
use domain::transcript::Chapter;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use uuid::Uuid;

/// The book at hand.
#[derive(Debug)]
pub struct Book {
    pub facts: Listening,
    pub timeline: Timeline,
}

impl Book {
    pub fn chapter(&self, place: usize) -> Option<&Chapter> {
        self.facts.chapters.get(place)
    }
}

/// The player: signals to read, and the methods of `transport` to act. `Copy`, like the signals it is made of.
#[derive(Clone, Copy)]
pub struct Player {
    /// `None` until one was opened.
    pub book: RwSignal<Option<Arc<Book>>>,
    /// In milliseconds from the start of the book; a few times a second while it plays.
    pub at_ms: RwSignal<i64>,
    /// Whether it plays, or will as soon as there is something to hear.
    pub playing: RwSignal<bool>,
    /// Whether it waits for the network.
    pub waiting: RwSignal<bool>,
    pub speed: RwSignal<Speed>,
    pub sleep: RwSignal<Sleep>,
    /// Why it does not play although it should.
    pub trouble: RwSignal<Option<&'static str>>,
    /// Whether single keys act anywhere on the page (WCAG 2.2, 2.1.4: there must be a way to turn them off).
    pub keys: RwSignal<bool>,
    /// The book whose own page is open: all controls are there, and the bar stays away.
    pub stage: RwSignal<Option<Uuid>>,
    pub(super) audio: NodeRef<html::Audio>,
    /// Fetches the beginning of the next part before it is needed.
    pub(crate) ahead: NodeRef<html::Audio>,
    pub(super) inner: StoredValue<Inner>,
}

/// What nobody watches.
#[derive(Debug, Default)]
pub(super) struct Inner {
    pub user: Option<Uuid>,
    /// The part that is loaded.
    pub part: Option<usize>,
    /// The part that is being fetched ahead.
    pub ahead: Option<usize>,
    /// Where to go in the part once it is loaded, in milliseconds: until then its clock means nothing.
    pub pending_ms: Option<i64>,
    /// When it last stopped, by the server's clock.
    pub rested_at: Timestamp,
    /// Whether the place changed since it was last kept.
    pub moved: bool,
    /// When the place was last kept, by this browser's clock.
    pub kept_at_ms: i64,
    /// How far the server's clock is ahead, in milliseconds.
    pub clock_offset_ms: i64,
    /// Attempts to go on since something was last heard.
    pub attempts: u32,
    /// Counts what was loaded, so that a late retry of something else is recognised.
    pub load: u64,
}

impl Player {
    fn new() -> Self {
        Self {
            book: RwSignal::new(None),
            at_ms: RwSignal::new(0),
            playing: RwSignal::new(false),
            waiting: RwSignal::new(false),
            speed: RwSignal::new(Speed::default()),
            sleep: RwSignal::new(Sleep::default()),
            trouble: RwSignal::new(None),
            keys: RwSignal::new(true),
            stage: RwSignal::new(None),
            audio: NodeRef::new(),
            ahead: NodeRef::new(),
            inner: StoredValue::new(Inner::default()),
        }
    }

    /// Whether this is the book at hand.
    pub fn holds(self, id: Uuid) -> bool {
        self.book.with(|book| book.as_ref().is_some_and(|book| book.facts.summary.id == id))
    }

    /// Length of the book at hand, in milliseconds.
    pub fn duration_ms(self) -> i64 {
        self.book.with(|book| book.as_ref().map_or(0, |book| book.timeline.duration_ms()))
    }

    /// The chapter that is heard, counted from 0.
    pub fn chapter(self) -> Option<usize> {
        let at_ms = self.at_ms.get();
        self.book.with(|book| chapter_at(&book.as_ref()?.facts.chapters, at_ms))
    }
}

/// Makes the player, once for the whole page.
pub fn provide_player() {
    let player = Player::new();
    provide_context(player);
    player.wire();
}

/// The player; see [`provide_player`].
pub fn use_player() -> Player {
    expect_context()
}
