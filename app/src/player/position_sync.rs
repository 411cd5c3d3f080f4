//! Keeping the place: in the shop, and in this browser for when the shop cannot be reached.

use super::browser;
use super::resume_point::{Kept, clock_offset_ms, corrected};
use super::state::Player;
use crate::api::library::{SavePosition, listening, save_position, server_now};
use domain::listening::{Position, Within};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use uuid::Uuid;

/// While it plays, the place is kept this often, in milliseconds.
const KEEP_EVERY_MS: i64 = 10_000;

impl Player {
    /// Keeps the place if it changed.
    pub(super) fn keep_place(self) {
        if let Some((user, book, kept)) = self.note_place() {
            self.send(user, book, kept);
        }
    }

    pub(super) fn keep_place_now_and_then(self) {
        let kept_at_ms = self.inner.with_value(|inner| inner.kept_at_ms);
        if browser::now_ms() - kept_at_ms >= KEEP_EVERY_MS {
            self.keep_place();
        }
    }

    /// Keeps the place while the page goes away: nobody waits for the answer.
    pub(super) fn keep_place_leaving(self) {
        let Some((_, audiobook_id, Kept { position, within, .. })) = self.note_place() else { return };
        if let Ok(json) = serde_json::to_string(&SavePosition { audiobook_id, position, within }) {
            browser::send_while_leaving(SavePosition::PATH, &json);
        }
    }

    /// Keeps the place in this browser, if it changed, and gives what the shop should know.
    fn note_place(self) -> Option<(Uuid, Uuid, Kept)> {
        let (user, moved, offset_ms) = self.inner.with_value(|inner| (inner.user, inner.moved, inner.clock_offset_ms));
        let (user, true) = (user?, moved) else { return None };
        let position_ms = self.at_ms.get_untracked();
        let (book, duration_ms, within) = self.book.with_untracked(|book| {
            let book = book.as_ref()?;
            let spot = book.timeline.locate(position_ms);
            let within = spot.and_then(|spot| {
                let part = book.facts.parts.get(spot.part)?;
                Some(Within { part: part.id, offset_ms: spot.offset_ms })
            });
            Some((book.facts.summary.id, book.timeline.duration_ms(), within))
        })?;
        let now_ms = browser::now_ms();
        let position = Position {
            position_ms,
            taken_at: corrected(now_ms, offset_ms),
            speed_percent: self.speed.get_untracked().percent(),
            finished: duration_ms > 0 && position_ms >= duration_ms,
        };
        let kept = Kept { position, within, sent: false };
        browser::keep(user, book, kept);
        self.inner.update_value(|inner| {
            inner.moved = false;
            inner.kept_at_ms = now_ms;
            inner.rested_at = position.taken_at;
        });
        Some((user, book, kept))
    }

    /// Tells the shop what it could not be told before.
    pub(super) fn send_unsent(self) {
        let Some(user) = self.inner.with_value(|inner| inner.user) else { return };
        for (book, kept) in browser::unsent(user) {
            self.send(user, book, kept);
        }
    }

    /// Learns how far the server's clock is ahead of this one.
    pub(super) fn set_clock(self) {
        spawn_local(async move {
            let asked_ms = browser::now_ms();
            if let Ok(server_ms) = server_now().await {
                let offset_ms = clock_offset_ms(asked_ms, server_ms, browser::now_ms());
                self.inner.update_value(|inner| inner.clock_offset_ms = offset_ms);
            }
        });
    }

    /// Tells the shop a place. What it does not take stays here, to be sent again later; whether it believed it or knew a
    /// newer one makes no difference.
    fn send(self, user: Uuid, book: Uuid, told: Kept) {
        spawn_local(async move {
            let Ok(placed) = save_position(book, told.position, told.within).await else { return };
            // A newer place may have been noted while this one was under way.
            if browser::kept(user, book).is_some_and(|kept| kept.position == told.position) {
                browser::keep(user, book, Kept { sent: true, ..told });
            }
            // Kept or not: of a part that is gone the shop says where the listener is by now.
            if told.within.is_some() && placed.position_ms != told.position.position_ms {
                self.read_again(book).await;
            }
        });
    }

    /// The book is not as it was when it was opened: its parts have changed.
    async fn read_again(self, book: Uuid) {
        let slug = self.book.with_untracked(|at_hand| {
            at_hand.as_ref().filter(|at_hand| at_hand.facts.summary.id == book).map(|it| it.facts.summary.slug.clone())
        });
        let Some(slug) = slug else { return };
        if let Ok(facts) = listening(slug).await {
            self.relaid(facts);
        }
    }
}
