//! Sound: what is in a file, samples one after the other at the rate that is wanted, where the pauses are.
//!
//! Everything here blocks, and holds a few seconds of sound at most, however long the book. Nothing about a length is
//! believed that was estimated: what is decoded is counted. A crate of its own, because it is always compiled with
//! optimisation: the decoders and filters are generic, and would otherwise be compiled with the server.

pub mod apart;
mod boxes;
pub mod chapters;
pub mod decode;
mod edits;
pub mod excerpt;
pub mod facts;
mod kinds;
pub mod limits;
pub mod loudness;
mod mix;
mod mpeg;
mod ogg;
mod packets;
pub mod pcm;
mod plain;
pub mod plan;
pub mod resample;
pub mod second;
pub mod sniff;
pub mod source;
mod stream;
pub mod streaming;
pub mod tags;
pub mod wav;

pub use decode::Mark;
pub use limits::Limits;
pub use tags::Tags;

use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum AudioError {
    /// What is wrong with the file, in a plain sentence.
    #[error("{0}")]
    Unusable(String),
    #[error("the audio could not be read or written: {0}")]
    Io(#[from] std::io::Error),
    /// The disk has no room for what would be written; both in bytes.
    #[error("the disk has {} MB free and {} MB are needed", .free >> 20, .needed >> 20)]
    Full { needed: u64, free: u64 },
}

/// Told again and again that blocking work gets on.
#[derive(Clone, Default)]
pub struct Pulse(Option<Arc<dyn Fn() + Send + Sync>>);

impl std::fmt::Debug for Pulse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Pulse").field(&self.0.is_some()).finish()
    }
}

impl Pulse {
    pub fn new(told: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(told)))
    }

    /// It gets on.
    pub fn beat(&self) {
        if let Some(told) = &self.0 {
            told();
        }
    }
}

/// Milliseconds of so many samples at a rate.
pub fn ms_of(samples: u64, rate: u32) -> i64 {
    i64::try_from(samples.saturating_mul(1000) / u64::from(rate.max(1))).unwrap_or(i64::MAX)
}
