//! How much of anything a file may ask for.

use crate::AudioError;
use crate::boxes::{self, Found};
use crate::source::Window;
use std::io;

/// Slower than the telephone: no recording of speech.
pub const LOWEST_RATE: u32 = 4_000;
/// Above every rate that recordings have.
pub const HIGHEST_RATE: u32 = 768_000;
/// Hours of one file, unless the shop says otherwise.
pub const USUAL_HOURS: u32 = 100;
/// The tables of an MP4 file are read at once; those of a hundred hours have half of this.
const LARGEST_TABLES: u64 = 128 << 20;
/// Left free on a disk that is written to, in bytes.
const LEFT_FREE: u64 = 256 << 20;

/// What a shop takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Milliseconds that one file may last.
    pub most_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self::hours(USUAL_HOURS)
    }
}

impl Limits {
    /// Files of at most so many hours.
    pub fn hours(hours: u32) -> Self {
        Self { most_ms: i64::from(hours) * 3_600_000 }
    }

    /// # Errors
    /// [`AudioError::Unusable`] for a file that lasts too long.
    pub fn length(&self, name: &str, ms: i64) -> Result<(), AudioError> {
        if ms <= self.most_ms {
            return Ok(());
        }
        Err(AudioError::Unusable(format!(
            "“{name}” lasts more than {} hours, which is more than this shop takes of one file (uploads.max_hours). Divide it, \
             or raise the limit.",
            self.most_ms / 3_600_000
        )))
    }
}

/// # Errors
/// [`AudioError::Unusable`] for a rate that no recording has.
pub fn rate(name: &str, rate: u32) -> Result<(), AudioError> {
    if (LOWEST_RATE..=HIGHEST_RATE).contains(&rate) {
        return Ok(());
    }
    Err(AudioError::Unusable(format!(
        "“{name}” has {rate} samples a second; recordings have {LOWEST_RATE} to {HIGHEST_RATE}. Export it anew with 44100."
    )))
}

/// # Errors
/// [`AudioError::Unusable`] for an MP4 file whose tables would not fit into memory.
pub fn tables(file: &Window, name: &str) -> Result<(), AudioError> {
    let too_large = |found: &Found| found.end - found.start > LARGEST_TABLES;
    if boxes::find(file, &[b"moov"])?.is_some_and(|found| too_large(&found)) {
        return Err(AudioError::Unusable(format!(
            "“{name}” has tables of more than {} MB, and no recording needs as many. Export it anew.",
            LARGEST_TABLES >> 20
        )));
    }
    Ok(())
}

/// Whether the sound of an MP4 file is encrypted.
///
/// # Errors
/// When it cannot be read.
pub fn is_protected(file: &Window) -> io::Result<bool> {
    let Some(moov) = boxes::find(file, &[b"moov"])? else { return Ok(false) };
    let Some(track) = crate::edits::sound(file, &moov)? else { return Ok(false) };
    let Some(entries) = boxes::find_in(file, &track, &[b"mdia", b"minf", b"stbl", b"stsd"])? else { return Ok(false) };
    let kind = file.peek(entries.start + 12, 4)?;
    Ok(matches!(kind.as_slice(), b"enca" | b"drms" | b"aavd"))
}

/// # Errors
/// [`AudioError::Full`] when so many bytes do not fit beside a file that is there, or will be.
pub fn free_space(folder: &std::path::Path, bytes: u64) -> Result<(), AudioError> {
    let disk = rustix::fs::statvfs(folder).map_err(io::Error::from)?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free >= bytes.saturating_add(LEFT_FREE) {
        return Ok(());
    }
    Err(AudioError::Full { needed: bytes, free })
}
