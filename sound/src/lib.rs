//! Sound: what is in a file, samples one after the other at the rate that is wanted, where the pauses are.
//!
//! Everything here blocks, and holds a few seconds of sound at most, however long the book. Nothing about a length is
//! believed that was estimated: what is decoded is counted. A crate of its own, because it is always compiled with
//! optimisation: the decoders and filters are generic, and would otherwise be compiled with the server.

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
pub mod tags;
pub mod wav;

pub use decode::Mark;
pub use limits::Limits;
pub use tags::Tags;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    /// The job was cancelled or the worker stops.
    #[error("stopped")]
    Stopped,
}

/// Tells blocking work to stop.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// # Errors
    /// [`AudioError::Stopped`] once it is time to stop.
    pub fn check(&self) -> Result<(), AudioError> {
        if self.0.load(Ordering::Relaxed) { Err(AudioError::Stopped) } else { Ok(()) }
    }
}

/// Stops the blocking work when it is dropped, as happens when the future that waits for it is.
#[derive(Debug)]
pub struct StopOnDrop(pub Stop);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Milliseconds of so many samples at a rate.
pub fn ms_of(samples: u64, rate: u32) -> i64 {
    i64::try_from(samples.saturating_mul(1000) / u64::from(rate.max(1))).unwrap_or(i64::MAX)
}
