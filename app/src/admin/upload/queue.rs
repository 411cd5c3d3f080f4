//! The files of this browser tab on their way to the shop. They go on while pages change.

use super::throughput::{Throughput, percent};
use leptos::prelude::*;
use uuid::Uuid;

/// How one file goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Sending,
    /// The shop does not answer; it is asked again and again.
    Unreachable,
    Paused,
    /// All bytes are there and the shop looks into them.
    Checking,
    Done,
    /// The shop does not take it, and says why.
    Refused(String),
    /// It stopped, and goes on when asked to.
    Stopped(String),
}

impl State {
    /// Whether it goes on, or will by itself.
    pub fn is_going(&self) -> bool {
        matches!(self, Self::Waiting | Self::Sending | Self::Unreachable | Self::Checking)
    }

    /// Whether it goes on when asked to.
    pub fn can_go_on(&self) -> bool {
        matches!(self, Self::Paused | Self::Stopped(_))
    }

    pub fn is_open(&self) -> bool {
        self.is_going() || self.can_go_on()
    }
}

/// A file. Its signals belong to no page: they live as long as the tab.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: u32,
    pub audiobook: Uuid,
    /// The part whose place it takes.
    pub replaces: Option<Uuid>,
    pub position: usize,
    pub name: String,
    /// Below the folder that was dropped; the name where it came alone.
    pub path: String,
    /// In bytes.
    pub size: f64,
    pub media_type: String,
    pub fingerprint: String,
    pub state: ArcRwSignal<State>,
    /// In bytes.
    pub received: ArcRwSignal<f64>,
    /// Where the shop takes it.
    pub url: ArcRwSignal<Option<String>>,
}

/// All files of the tab.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    pub rows: ArcRwSignal<Vec<Row>>,
    pub throughput: ArcRwSignal<Throughput>,
    /// What there is to say aloud.
    pub said: ArcRwSignal<String>,
    /// What went wrong before any file was there.
    pub trouble: ArcRwSignal<Option<String>>,
}

/// How far several files are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Total {
    pub files: usize,
    pub done: usize,
    pub open: usize,
    /// In bytes; refused files are left out.
    pub size: f64,
    pub received: f64,
}

impl Total {
    pub fn percent(&self) -> u32 {
        percent(self.received, self.size)
    }
}

impl Queue {
    /// The files of one title, or all.
    pub fn rows_of(&self, audiobook: Option<Uuid>) -> Vec<Row> {
        self.rows
            .with(|rows| rows.iter().filter(|row| audiobook.is_none_or(|id| row.audiobook == id)).cloned().collect())
    }

    pub fn total(&self, audiobook: Option<Uuid>) -> Total {
        let mut total = Total { files: 0, done: 0, open: 0, size: 0.0, received: 0.0 };
        for row in self.rows_of(audiobook) {
            let state = row.state.get();
            if matches!(state, State::Refused(_)) {
                continue;
            }
            total.files += 1;
            total.done += usize::from(state == State::Done);
            total.open += usize::from(state.is_open());
            total.size += row.size;
            total.received += row.received.get();
        }
        total
    }

    /// The titles of these files, each once.
    pub fn titles(&self, audiobook: Option<Uuid>) -> Vec<Uuid> {
        let mut titles: Vec<Uuid> = Vec::new();
        for row in self.rows_of(audiobook) {
            if !titles.contains(&row.audiobook) {
                titles.push(row.audiobook);
            }
        }
        titles
    }

    pub fn say(&self, text: impl Into<String>) {
        self.said.set(text.into());
    }
}
