//! A stretch of a file as a small file of its own.

use crate::decode::Audio;
use crate::resample::Resampler;
use crate::wav::PcmFile;
use crate::{AudioError, Pulse, ms_of};
use std::ops::Range;
use std::path::Path;

/// Speech needs no more samples a second.
const MOST_RATE: u32 = 24_000;

/// Writes a stretch of a file as WAV; returns how many milliseconds it has. Blocks.
///
/// # Errors
/// [`AudioError::Unusable`] when it cannot be decoded, or when nothing is there.
pub fn write(from: &Path, name: &str, range: Range<i64>, to: &Path, pulse: &Pulse) -> Result<i64, AudioError> {
    let mut audio = Audio::open(from, name)?;
    let at_ms = if range.start > 0 { audio.seek(range.start)? } else { 0 };
    let mut block = Vec::new();
    let mut more = audio.next_block(&mut block)?;
    let mut rate = audio.sample_rate;
    let samples = |ms: i64| usize::try_from(ms.max(0) * i64::from(rate) / 1000).unwrap_or(0);
    let mut skip = samples(range.start - at_ms);
    let mut left = samples(range.end - range.start);
    let out_rate = rate.min(MOST_RATE);
    let mut resampler = Resampler::new(rate, out_rate)?;
    let mut wav = PcmFile::wav(to, out_rate)?;
    let mut out = Vec::new();
    while more && left > 0 {
        pulse.beat();
        if audio.sample_rate != rate {
            // A joined file may change its rate half way.
            let at_new = |count: usize| count * audio.sample_rate as usize / rate as usize;
            (skip, left) = (at_new(skip), at_new(left));
            rate = audio.sample_rate;
            std::mem::replace(&mut resampler, Resampler::new(rate, out_rate)?).finish(&mut out)?;
        }
        let from = skip.min(block.len());
        skip -= from;
        let to = block.len().min(from + left);
        left -= to - from;
        resampler.push(&block[from..to], &mut out)?;
        wav.write(&out)?;
        out.clear();
        block.clear();
        more = audio.next_block(&mut block)?;
    }
    resampler.finish(&mut out)?;
    wav.write(&out)?;
    let length_ms = ms_of(wav.samples(), out_rate);
    if length_ms == 0 {
        return Err(AudioError::Unusable("The sample holds no sound. Choose another place for it.".into()));
    }
    wav.finish()?;
    Ok(length_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_across_two_joined_files_is_as_long_as_was_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("joined.mp3"), folder.path().join("sample.wav"));
        let slow = include_bytes!("../tests/fixtures/a.mp3").as_slice();
        let fast = include_bytes!("../tests/fixtures/high.mp3");
        std::fs::write(&from, [slow, fast].concat()).unwrap();
        let length = write(&from, "joined.mp3", 1_000..2_500, &to, &Pulse::default()).unwrap();
        assert!((1_470..=1_530).contains(&length), "{length} ms");
    }
}
