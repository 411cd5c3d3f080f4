//! A file as raw samples at one rate.

use crate::decode::Audio;
use crate::loudness::Loudness;
use crate::resample::Resampler;
use crate::wav::PcmFile;
use crate::{AudioError, Stop};
use std::path::Path;

/// Decodes a file to 16-bit samples of one channel at `to_rate`, and tells how loud it is. Blocks; holds a few packets at most.
///
/// # Errors
/// [`AudioError::Unusable`] when it cannot be decoded.
pub fn to_pcm(from: &Path, name: &str, to: &Path, to_rate: u32, stop: &Stop) -> Result<Vec<u8>, AudioError> {
    let mut audio = Audio::open(from, name)?;
    let mut file = PcmFile::raw(to)?;
    let mut loudness = Loudness::new(to_rate);
    let mut resampler = Resampler::new(audio.sample_rate, to_rate)?;
    let mut rate = audio.sample_rate;
    let (mut block, mut out) = (Vec::new(), Vec::new());
    loop {
        stop.check()?;
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
        } else {
            resampler.finish(&mut out)?;
            file.write(&out)?;
            loudness.push(&out);
            break;
        }
        file.write(&out)?;
        loudness.push(&out);
        out.clear();
    }
    if file.samples() == 0 {
        return Err(AudioError::Unusable(format!("“{name}” holds no sound: it lasts 0 seconds.")));
    }
    file.finish()?;
    Ok(loudness.finish())
}
