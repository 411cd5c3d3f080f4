//! What is in a file, and what is wrong with it.

use crate::decode::{Audio, Mark};
use crate::tags::{self, Tags};
use crate::{AudioError, Limits, Pulse};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// A shortfall against the header that says: this file was cut off.
const MISSING_MS: i64 = 1_500;

/// What keeps browsers from playing a file as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Obstacle {
    /// They play it, and after a jump they are elsewhere than they think: nothing tells them where a moment lies.
    Seeking,
    /// Some do not play it at all.
    Kind,
}

/// What is in a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Facts {
    /// Counted by the packets; decoding counts once more.
    pub duration_ms: i64,
    pub codec: String,
    /// Who decodes: `symphonia`, `ffmpeg`.
    pub provider: String,
    pub sample_rate: u32,
    pub channels: u32,
    /// Why players are given a copy of it; none where every browser plays it as it is.
    #[serde(default)]
    pub obstacle: Option<Obstacle>,
    /// Chapters as the file lists them, in order. They may reach beyond its end: then they are of the whole book.
    pub marks: Vec<Mark>,
    pub tags: Tags,
}

/// Reads a file through without decoding more than its beginning, where packets tell their length. Blocks.
///
/// # Errors
/// [`AudioError::Unusable`] with what is wrong: not audio, cut off, without sound, too long.
pub fn look_into(path: &Path, name: &str, limits: &Limits, pulse: &Pulse) -> Result<Facts, AudioError> {
    let mut audio = Audio::open(path, name)?;
    let (sample_rate, channels, stated) = (audio.sample_rate, audio.channels, audio.stated_ms());
    if let Some(stated) = stated {
        limits.length(name, stated)?;
    }
    let duration_ms = audio.measure(|ms| {
        pulse.beat();
        limits.length(name, ms)
    })?;
    if duration_ms == 0 {
        return Err(AudioError::Unusable(format!("“{name}” holds no sound: it lasts 0 seconds.")));
    }
    if let Some(stated) = stated
        && stated - duration_ms > MISSING_MS.max(stated / 50)
    {
        return Err(AudioError::Unusable(format!(
            "“{name}” is cut off: it should last {} and only {} are there. Upload the whole file.",
            spoken(stated),
            spoken(duration_ms)
        )));
    }
    let mut tags = tags::read(path)?;
    let marks = match std::mem::take(&mut tags.marks) {
        marks if marks.is_empty() => audio.marks(),
        marks => marks,
    };
    Ok(Facts {
        duration_ms,
        codec: audio.codec().to_owned(),
        provider: audio.provider().to_owned(),
        sample_rate,
        channels,
        obstacle: audio.obstacle(),
        marks,
        tags,
    })
}

/// A length as people say it: `1 h 2 min 3 s`.
pub fn spoken(ms: i64) -> String {
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

    fn obstacle(name: &str, bytes: &[u8]) -> Option<Obstacle> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        look_into(&path, name, &Limits::default(), &Pulse::default()).unwrap().obstacle
    }

    #[test]
    fn what_browsers_cannot_play_or_seek_well_is_told_from_what_they_can() {
        macro_rules! fixture {
            ($name:literal) => {
                ($name, include_bytes!(concat!("../tests/fixtures/", $name)).as_slice())
            };
        }
        for (name, bytes) in
            [fixture!("a.mp3"), fixture!("a.m4a"), fixture!("fast.m4a"), fixture!("a.flac"), fixture!("a.opus")]
        {
            assert_eq!(obstacle(name, bytes), None, "{name}");
        }
        for (name, bytes) in [
            fixture!("a.mp2"),
            fixture!("a.ogg"),
            fixture!("alac.m4a"),
            fixture!("alac.caf"),
            fixture!("opus.mka"),
            fixture!("vorbis.webm"),
        ] {
            assert_eq!(obstacle(name, bytes), Some(Obstacle::Kind), "{name}");
        }
        for (name, bytes) in [fixture!("b.mp3"), fixture!("a.aac")] {
            assert_eq!(obstacle(name, bytes), Some(Obstacle::Seeking), "{name}");
        }
    }

    #[test]
    fn a_moment_of_joined_files_lies_where_no_browser_reckons() {
        let (slow, fast) = (include_bytes!("../tests/fixtures/a.mp3"), include_bytes!("../tests/fixtures/high.mp3"));
        let joined = [slow.as_slice(), fast].concat();
        assert_eq!(obstacle("joined.mp3", &joined), Some(Obstacle::Seeking));
        // A tag in between, as where each had its own.
        let tag = [b"ID3\x03\0\0\0\0\x01\x00".as_slice(), &[0; 128]].concat();
        let tagged = [slow.as_slice(), &tag, slow].concat();
        assert_eq!(obstacle("tagged.mp3", &tagged), Some(Obstacle::Seeking));
    }

    #[test]
    fn a_length_reads_as_people_say_it() {
        assert_eq!(spoken(61_500), "1 min 1 s");
        assert_eq!(spoken(3_600_000), "1 h 0 min 0 s");
    }
}
