//! Another sample rate, block by block.

use crate::{AudioError, limits};
use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler as _, WindowFunction};

/// Frames that go in or come out at once, whichever are fewer. The filter is as long: a short one takes high tones away.
const BLOCK: usize = 1024;

/// Turns a stream of one channel into another rate. What comes out starts with the first sample that went in, and is as
/// long to the sample.
pub struct Resampler {
    /// None when both rates are the same.
    fft: Option<Fft<f32>>,
    waiting: Vec<f32>,
    block: Vec<f32>,
    /// Samples still to be dropped: the filter's delay.
    delay: usize,
    taken: u64,
    given: u64,
    rates: (u32, u32),
}

impl std::fmt::Debug for Resampler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Resampler").field("rates", &self.rates).finish_non_exhaustive()
    }
}

impl Resampler {
    /// # Errors
    /// [`AudioError::Unusable`] for a rate that makes no sense.
    pub fn new(from: u32, to: u32) -> Result<Self, AudioError> {
        // A header may state any, and filters for odd ones are as long as the rate is high.
        limits::rate("This file", from)?;
        let odd = || AudioError::Unusable(format!("A sample rate of {from} per second cannot be used."));
        let fft = if from == to {
            None
        } else {
            let (from, to) = (usize::try_from(from).map_err(|_| odd())?, usize::try_from(to).map_err(|_| odd())?);
            let block = (BLOCK * from).div_ceil(to.max(1)).max(BLOCK);
            let window = WindowFunction::BlackmanHarris2;
            Some(Fft::new_custom(from, to, block, 1, 1, window, FixedSync::Input).map_err(|_| odd())?)
        };
        let (delay, most) = fft.as_ref().map_or((0, 0), |fft| (fft.output_delay(), fft.output_frames_max()));
        Ok(Self { fft, waiting: Vec::new(), block: vec![0.0; most], delay, taken: 0, given: 0, rates: (from, to) })
    }

    /// Takes samples and appends to `out` what is ready.
    ///
    /// # Errors
    /// When the library refuses, which it does not for the blocks given to it.
    pub fn push(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), AudioError> {
        self.taken += samples.len() as u64;
        if self.fft.is_none() {
            self.given += samples.len() as u64;
            out.extend_from_slice(samples);
            return Ok(());
        }
        self.waiting.extend_from_slice(samples);
        self.drain(out)
    }

    fn drain(&mut self, out: &mut Vec<f32>) -> Result<(), AudioError> {
        let Some(fft) = &mut self.fft else { return Ok(()) };
        let mut done = 0;
        loop {
            let need = fft.input_frames_next();
            let Some(input) = self.waiting.get(done..done + need) else { break };
            let failed = |error: &dyn std::fmt::Display| std::io::Error::other(format!("resampling failed: {error}"));
            let most = self.block.len();
            let input = SequentialSlice::new(input, 1, need).map_err(|error| failed(&error))?;
            let mut output = SequentialSlice::new_mut(&mut self.block, 1, most).map_err(|error| failed(&error))?;
            let (_, made) = fft.process_into_buffer(&input, &mut output, None).map_err(|error| failed(&error))?;
            done += need;
            let dropped = self.delay.min(made);
            self.delay -= dropped;
            out.extend_from_slice(&self.block[dropped..made]);
            self.given += (made - dropped) as u64;
        }
        self.waiting.drain(..done);
        Ok(())
    }

    /// Appends the rest to `out`.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn finish(mut self, out: &mut Vec<f32>) -> Result<(), AudioError> {
        let (from, to) = self.rates;
        let expected = (self.taken * u64::from(to)).div_ceil(u64::from(from));
        while self.fft.is_some() && self.given < expected {
            self.waiting.extend([0.0; BLOCK]);
            self.drain(out)?;
        }
        let over = usize::try_from(self.given.saturating_sub(expected)).unwrap_or(0);
        out.truncate(out.len().saturating_sub(over));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resampled(from: u32, to: u32, samples: &[f32]) -> Vec<f32> {
        let mut resampler = Resampler::new(from, to).unwrap();
        let mut out = Vec::new();
        for block in samples.chunks(700) {
            resampler.push(block, &mut out).unwrap();
        }
        resampler.finish(&mut out).unwrap();
        out
    }

    #[test]
    fn a_second_stays_a_second_at_every_usual_rate() {
        for rate in [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000] {
            let out = resampled(rate, 16_000, &vec![0.1; rate as usize]);
            assert_eq!(out.len(), 16_000, "from {rate}");
        }
    }

    #[test]
    fn a_click_stays_where_it_was() {
        let mut samples = vec![0.0; 44_100];
        samples[22_050] = 1.0;
        let out = resampled(44_100, 16_000, &samples);
        let loudest = (0..out.len()).max_by(|a, b| out[*a].abs().total_cmp(&out[*b].abs())).unwrap();
        assert!(loudest.abs_diff(8_000) <= 1, "at {loudest}");
    }

    #[test]
    fn a_rate_that_no_recording_has_is_refused() {
        for rate in [0, 1, 3_999, 1_000_003, u32::MAX] {
            assert!(Resampler::new(rate, 16_000).is_err(), "{rate}");
        }
    }

    #[test]
    fn a_high_tone_is_as_loud_from_every_rate() {
        let tone = |at: usize, rate: u32| (at as f32 * 7_500.0 / rate as f32 * std::f32::consts::TAU).sin();
        for rate in [22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000] {
            let samples: Vec<f32> = (0..rate as usize).map(|at| tone(at, rate)).collect();
            let out = resampled(rate, 16_000, &samples);
            let middle = &out[4_000..12_000];
            let level = (middle.iter().map(|sample| sample * sample).sum::<f32>() / middle.len() as f32 * 2.0).sqrt();
            assert!((level - 1.0).abs() < 0.05, "{level} from {rate}");
        }
    }
}
