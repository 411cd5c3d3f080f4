//! A file as raw samples at one rate.

use crate::decode::Audio;
use crate::facts::spoken;
use crate::loudness::Loudness;
use crate::resample::Resampler;
use crate::wav::PcmFile;
use crate::{AudioError, Pulse, limits, ms_of};
use std::path::Path;

/// More than was counted may come out by this much.
const MORE_MS: i64 = 10_000;
/// Less may be heard by this much, and this share of the whole: a damaged place, not a damaged book.
const LESS_MS: i64 = 2_000;
const LESS_PERMILLE: i64 = 1;

/// Whether more came out than what was counted can explain.
pub(crate) fn too_much(ms: i64, counted_ms: i64) -> bool {
    ms > counted_ms.saturating_add(counted_ms / 50).saturating_add(MORE_MS)
}

/// What came of decoding a file.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// How loud it is, for [`crate::plan`].
    pub levels: Vec<u8>,
    /// Counted: this is how long the file lasts.
    pub duration_ms: i64,
    /// Of it, what could not be decoded: silence stands for it.
    pub lost_ms: i64,
    /// Who decoded.
    pub provider: String,
}

/// Decodes a file to 16-bit samples of one channel at `to_rate`, and tells how loud it is. `counted_ms` is how long it lasts by
/// [`crate::facts`]: not much more is written. Blocks; holds a few packets at most.
///
/// # Errors
/// [`AudioError::Unusable`] when it cannot be decoded, or only in part; [`AudioError::Full`] when it would not fit on the disk.
pub fn to_pcm(
    from: &Path,
    name: &str,
    to: &Path,
    to_rate: u32,
    counted_ms: i64,
    pulse: &Pulse,
) -> Result<Decoded, AudioError> {
    let mut audio = Audio::open(from, name)?;
    let bytes = u64::try_from(counted_ms.max(0)).unwrap_or(0).saturating_mul(u64::from(to_rate) * 2) / 1000;
    limits::free_space(to.parent().unwrap_or(Path::new(".")), bytes)?;
    let mut file = PcmFile::raw(to)?;
    let mut loudness = Loudness::new(to_rate);
    let mut rate = audio.sample_rate;
    let mut resampler = Resampler::new(rate, to_rate)?;
    let (mut block, mut out) = (Vec::new(), Vec::new());
    loop {
        pulse.beat();
        block.clear();
        let more = audio.next_block(&mut block)?;
        if more && audio.sample_rate != rate {
            // A joined file may change its rate half way.
            rate = audio.sample_rate;
            let before = std::mem::replace(&mut resampler, Resampler::new(rate, to_rate)?);
            before.finish(&mut out)?;
        }
        if more {
            resampler.push(&block, &mut out)?;
        }
        file.write(&out)?;
        loudness.push(&out);
        out.clear();
        if too_much(ms_of(file.samples(), to_rate), counted_ms) {
            return Err(AudioError::Unusable(format!(
                "“{name}” gives more sound than the {} that were counted in it. Export it anew and upload it again.",
                spoken(counted_ms)
            )));
        }
        if !more {
            break;
        }
    }
    resampler.finish(&mut out)?;
    file.write(&out)?;
    loudness.push(&out);
    let (duration_ms, lost_ms) = (ms_of(file.samples(), to_rate), audio.lost_ms());
    if duration_ms == 0 {
        return Err(AudioError::Unusable(format!("“{name}” holds no sound: it lasts 0 seconds.")));
    }
    let missing = (counted_ms - duration_ms).max(0) + lost_ms;
    if missing > (LESS_MS + counted_ms * LESS_PERMILLE / 1000).min(counted_ms / 2) {
        return Err(AudioError::Unusable(format!(
            "Of “{name}” only {} could be decoded, and it lasts {}: it is damaged. Export it anew and upload it again.",
            spoken(duration_ms - lost_ms),
            spoken(counted_ms.max(duration_ms))
        )));
    }
    file.finish()?;
    Ok(Decoded { levels: loudness.finish(), duration_ms, lost_ms, provider: audio.provider().to_owned() })
}
