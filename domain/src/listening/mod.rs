//! The library: listening, reading along, and where one was.

#[cfg(feature = "ssr")]
mod access;
#[cfg(feature = "ssr")]
pub mod bookmarks;
#[cfg(feature = "ssr")]
pub mod captions;
#[cfg(feature = "ssr")]
pub mod days;
#[cfg(feature = "ssr")]
pub mod export;
#[cfg(feature = "ssr")]
pub mod library;
#[cfg(feature = "ssr")]
pub mod player;
#[cfg(feature = "ssr")]
pub mod position;
#[cfg(feature = "ssr")]
pub mod privacy;
mod quoted;
#[cfg(feature = "ssr")]
pub mod quotes;
#[cfg(feature = "ssr")]
pub mod seek;
mod streak;

pub use quoted::{After, Quote, Quoted, Quotes};
pub use streak::Streak;

use crate::{Timestamp, catalog::AudiobookSummary, catalog::TextRights, transcript::Chapter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What the copy of a part is that players get, as browsers are asked whether they play it.
pub const COPY_TYPE: &str = "audio/mp4; codecs=\"opus\"";

/// A place in a part of a book: it stays what it is when the parts change places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Within {
    pub part: Uuid,
    /// From the start of the part, in milliseconds.
    pub offset_ms: i64,
}

/// What became of a place that a listener told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// It holds; else a newer one is known, or its part is gone.
    pub kept: bool,
    /// Where that is in the book as it is now, in milliseconds: elsewhere than was told where the parts have changed since. Of a part
    /// that is gone it is where the listener is by now.
    pub position_ms: i64,
}

/// One audio file of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub id: Uuid,
    pub audiobook_id: Uuid,
    /// Counted from 0.
    pub position: i32,
    pub start_ms: i64,
    pub duration_ms: i64,
    pub media_type: String,
    /// It is played from a copy, which is [`COPY_TYPE`]; the original is what is downloaded.
    pub copied: bool,
    /// Its name on a listener's disk.
    pub file_name: String,
    /// In bytes.
    pub size: i64,
}

/// All a player needs to know of a book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listening {
    pub summary: AudiobookSummary,
    pub parts: Vec<Part>,
    pub chapters: Vec<Chapter>,
    pub text_rights: TextRights,
    pub has_transcript: bool,
    pub position: Position,
}

/// Where a listener is in a book.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// From the start of the book.
    pub position_ms: i64,
    /// When the listener was there, by the listener's clock corrected to the server's.
    pub taken_at: Timestamp,
    /// 100 is the speed it was read at.
    pub speed_percent: i32,
    pub finished: bool,
}

/// Which books of a library are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LibraryFilter {
    #[default]
    All,
    Unheard,
    InProgress,
    Finished,
}

impl LibraryFilter {
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::All, "all", "All"),
        (Self::Unheard, "unheard", "Unheard"),
        (Self::InProgress, "in-progress", "In progress"),
        (Self::Finished, "finished", "Finished"),
    ];

    pub fn from_param(text: &str) -> Self {
        Self::ALL.into_iter().find(|(_, param, _)| *param == text).map_or(Self::default(), |(filter, ..)| filter)
    }
}

/// A book in a library.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LibraryItem {
    pub summary: AudiobookSummary,
    pub position: Option<Position>,
    pub bought_at: Timestamp,
}
