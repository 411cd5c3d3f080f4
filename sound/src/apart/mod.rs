//! The same work, asked of a process of its own: whatever a file does to a decoder, it does to that process alone.
//!
//! The process (`lectern decode`) is given one task over its standard input, says now and then that it gets on, answers
//! over its standard output, and ends. Its memory is bounded by the system, and it ends with whoever started it.

pub mod frame;
mod work;

pub use work::{Frames, confined, serve};

use crate::facts::Facts;
use crate::{AudioError, Tags};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

/// Bytes of memory that the process may hold (`RLIMIT_DATA`): the tables of a hundred hours fit in well, twice over.
pub const MOST_MEMORY: u64 = 512 << 20;
/// The longest answer in bytes, but for what comes beside it: the chapters and texts of any book fit in.
pub const LONGEST_ANSWER: u32 = 16 << 20;
/// What a process says when its memory is spent; Rust's own words before it aborts.
pub const OUT_OF_MEMORY: &str = "memory allocation of";

/// What the process is asked for. The functions of this crate say more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Task {
    /// [`crate::sniff::kind`] of a content of `size` bytes, which is asked for piece by piece.
    Sniff { size: u64 },
    /// [`crate::facts::look_into`].
    LookInto { path: PathBuf, name: String, most_ms: i64 },
    /// [`crate::pcm::to_pcm`].
    ToPcm { path: PathBuf, name: String, to: PathBuf, rate: u32, counted_ms: i64 },
    /// [`crate::streaming::write`].
    Copy { path: PathBuf, name: String, to: PathBuf, counted_ms: i64 },
    /// [`crate::excerpt::write`].
    Excerpt { path: PathBuf, name: String, start_ms: i64, end_ms: i64, to: PathBuf },
}

impl Task {
    /// The most bytes that come beside the answer: a cover, or how loud each hundredth of a second is.
    pub fn most_beside(&self) -> u64 {
        match self {
            Self::LookInto { .. } => crate::tags::LARGEST_COVER,
            Self::ToPcm { counted_ms, .. } => u64::try_from(*counted_ms).unwrap_or(0) / 5 + 10_000,
            Self::Sniff { .. } | Self::Copy { .. } | Self::Excerpt { .. } => 0,
        }
    }

    /// What people call the file.
    pub fn name(&self) -> &str {
        match self {
            Self::Sniff { .. } => "This file",
            Self::LookInto { name, .. }
            | Self::ToPcm { name, .. }
            | Self::Copy { name, .. }
            | Self::Excerpt { name, .. } => name,
        }
    }
}

/// What the process answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Answer {
    /// The ending of the kind.
    Kind(String),
    /// The cover comes beside it.
    Facts(Box<Facts>),
    /// How loud it is comes beside it.
    Decoded {
        duration_ms: i64,
        lost_ms: i64,
        provider: String,
    },
    /// Milliseconds that were written.
    Copied(i64),
    /// Milliseconds that were written.
    Excerpt(i64),
    Failed(Failed),
}

/// [`AudioError`], as it is passed on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Failed {
    Unusable(String),
    Full { needed: u64, free: u64 },
    Other(String),
}

impl From<AudioError> for Failed {
    fn from(error: AudioError) -> Self {
        match error {
            AudioError::Unusable(sentence) => Self::Unusable(sentence),
            AudioError::Full { needed, free } => Self::Full { needed, free },
            AudioError::Io(error) => Self::Other(error.to_string()),
        }
    }
}

impl From<Failed> for AudioError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Unusable(sentence) => Self::Unusable(sentence),
            Failed::Full { needed, free } => Self::Full { needed, free },
            Failed::Other(said) => Self::Io(io::Error::other(said)),
        }
    }
}

/// Takes the cover out of what is said of a file, to come beside it.
fn without_cover(tags: &mut Tags) -> Vec<u8> {
    tags.cover.take().map(|cover| cover.bytes).unwrap_or_default()
}
