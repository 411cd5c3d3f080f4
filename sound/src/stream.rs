//! What every way of decoding a file has in common.

use crate::AudioError;
use crate::decode::Mark;
use crate::facts::Obstacle;

/// A stretch of decoded sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Samples a second.
    pub rate: u32,
    pub channels: u32,
    /// It could not be decoded: silence stands for it, so that what comes after stays in its place.
    pub lost: bool,
}

/// A file that is being decoded, from its first sample to its last.
pub trait Stream: Send {
    /// The codec's short name, such as `mp3`.
    fn codec(&self) -> &'static str;

    /// The program or library that decodes.
    fn provider(&self) -> &'static str {
        "symphonia"
    }

    /// Milliseconds that the file says it has. Only what a maker states of a complete file, never an estimate.
    fn stated_ms(&self) -> Option<i64> {
        None
    }

    /// Appends the next samples, interleaved, to `out`; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read any further.
    fn next(&mut self, out: &mut Vec<f32>) -> Result<Option<Block>, AudioError>;

    /// Milliseconds from here to the end, counted; without decoding where the packets themselves tell. `check` is asked
    /// again and again, with what was counted so far.
    ///
    /// # Errors
    /// What `check` says, or when the file cannot be read.
    fn measure(&mut self, check: &mut dyn FnMut(i64) -> Result<(), AudioError>) -> Result<i64, AudioError>;

    /// Goes to a place at or before `at_ms`, and says which.
    ///
    /// # Errors
    /// When the file cannot be read.
    fn seek(&mut self, at_ms: i64) -> Result<i64, AudioError>;

    /// What keeps players from going anywhere in it at once; asked after [`Self::measure`].
    fn obstacle(&self) -> Option<Obstacle> {
        None
    }

    /// Chapters that the container's reader knows.
    fn marks(&self) -> Vec<Mark> {
        Vec::new()
    }
}

/// Adds up lengths at changing rates, exactly.
#[derive(Clone, Copy, Debug, Default)]
pub struct Length {
    whole_ms: i64,
    frames: u64,
    rate: u32,
}

impl Length {
    pub fn add(&mut self, frames: u64, rate: u32) {
        if rate != self.rate {
            *self = Self { whole_ms: self.ms(), frames: 0, rate };
        }
        self.frames += frames;
    }

    /// Without so many of the last frames.
    #[must_use]
    pub fn less(self, frames: u64) -> Self {
        Self { frames: self.frames.saturating_sub(frames), ..self }
    }

    pub fn ms(&self) -> i64 {
        self.whole_ms + if self.rate == 0 { 0 } else { crate::ms_of(self.frames, self.rate) }
    }
}
