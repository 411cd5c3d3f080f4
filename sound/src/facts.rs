//! What is in a file, and what is wrong with it.

use crate::decode::{Audio, Mark};
use crate::{AudioError, Stop, chapters};
use std::path::Path;

/// A shortfall against the header that says: this file was cut off. MP3 files without a full header only estimate.
const MISSING_MS: i64 = 1_500;
const MISSING_MS_ESTIMATED: i64 = 10_000;

/// What is in a file.
#[derive(Clone, Debug)]
pub struct Facts {
    pub duration_ms: i64,
    pub codec: String,
    pub sample_rate: u32,
    pub channels: u32,
    pub marks: Vec<Mark>,
}

/// Reads a file through without decoding more than its beginning. Blocks.
///
/// # Errors
/// [`AudioError::Unusable`] with what is wrong: not audio, cut off, without sound.
pub fn look_into(path: &Path, name: &str, stop: &Stop) -> Result<Facts, AudioError> {
    let mut beginning = Audio::open(path, name)?;
    let mut first = Vec::new();
    if !beginning.next_block(&mut first)? {
        return Err(AudioError::Unusable(format!("“{name}” holds no sound: it lasts 0 seconds.")));
    }
    let mut audio = Audio::open(path, name)?;
    let duration_ms = audio.measure(|| stop.check())?;
    if duration_ms == 0 {
        return Err(AudioError::Unusable(format!("“{name}” holds no sound: it lasts 0 seconds.")));
    }
    let tolerance = if beginning.codec == "mp3" { MISSING_MS_ESTIMATED } else { MISSING_MS };
    if let Some(stated) = audio.stated_ms
        && stated - duration_ms > tolerance.max(stated / 50)
    {
        return Err(AudioError::Unusable(format!(
            "“{name}” is cut off: it should last {} and only {} are there. Upload the whole file.",
            spoken(stated),
            spoken(duration_ms)
        )));
    }
    let mut marks = audio.marks();
    if marks.is_empty() {
        marks = chapters::marks(path)?;
    }
    Ok(Facts {
        duration_ms,
        codec: beginning.codec.clone(),
        sample_rate: beginning.sample_rate,
        channels: beginning.channels,
        marks,
    })
}

/// A length as people say it: `1 h 2 min 3 s`.
fn spoken(ms: i64) -> String {
    let seconds = ms / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, _) => format!("{minutes} min {seconds} s"),
        _ => format!("{hours} h {minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_reads_as_people_say_it() {
        assert_eq!(spoken(61_500), "1 min 1 s");
        assert_eq!(spoken(3_600_000), "1 h 0 min 0 s");
    }
}
