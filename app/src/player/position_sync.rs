//! Keeping the place: in the shop, and in this browser for when the shop cannot be reached.

use super::browser;
use super::resume_point::{Kept, clock_offset_ms, corrected};
use super::state::Player;
use crate::api::library::{SavePosition, save_position, server_now};
use domain::listening::Position;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos::task::spawn_local;
use uuid::Uuid;

/// While it plays, the place is kept this often, in milliseconds.
const KEEP_EVERY_MS: i64 = 10_000;

impl Player {
    /// Keeps the place if it changed.
    pub(super) fn keep_place(self) {
        if let Some((user, book, position)) = self.note_place() {
            send(user, book, position);
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
        let Some((_, audiobook_id, position)) = self.note_place() else { return };
        if let Ok(json) = serde_json::to_string(&SavePosition { audiobook_id, position }) {
            browser::send_while_leaving(SavePosition::PATH, &json);
        }
    }

    /// Keeps the place in this browser, if it changed, and gives what the shop should know.
    fn note_place(self) -> Option<(Uuid, Uuid, Position)> {
        let (user, moved, offset_ms) = self.inner.with_value(|inner| (inner.user, inner.moved, inner.clock_offset_ms));
        let (user, true) = (user?, moved) else { return None };
        let (book, duration_ms) =
            self.book.with_untracked(|book| book.as_ref().map(|b| (b.facts.summary.id, b.timeline.duration_ms())))?;
        let position_ms = self.at_ms.get_untracked();
        let now_ms = browser::now_ms();
        let position = Position {
            position_ms,
            taken_at: corrected(now_ms, offset_ms),
            speed_percent: self.speed.get_untracked().percent(),
            finished: duration_ms > 0 && position_ms >= duration_ms,
        };
        browser::keep(user, book, Kept { position, sent: false });
        self.inner.update_value(|inner| {
            inner.moved = false;
            inner.kept_at_ms = now_ms;
            inner.rested_at = position.taken_at;
        });
        Some((user, book, position))
    }

    /// Tells the shop what it could not be told before.
    pub(super) fn send_unsent(self) {
        let Some(user) = self.inner.with_value(|inner| inner.user) else { return };
        for (book, kept) in browser::unsent(user) {
            send(user, book, kept.position);
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
}

/// Tells the shop a place. What it does not take stays here, to be sent again later; whether it believed it or knew a
/// newer one makes no difference.
fn send(user: Uuid, book: Uuid, position: Position) {
    spawn_local(async move {
        if save_position(book, position).await.is_err() {
            return;
        }
        // A newer place may have been noted while this one was under way.
        if browser::kept(user, book).is_some_and(|kept| kept.position == position) {
            browser::keep(user, book, Kept { position, sent: true });
        }
    });
}
