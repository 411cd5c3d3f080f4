//! How loud each hundredth of a second is: one byte for each, so that eight hours fit into three megabytes.

/// Milliseconds of a frame.
pub const FRAME_MS: i64 = 10;
/// A level of 0 stands for this many decibels below full scale, or less.
const FLOOR_DB: f32 = 100.0;
/// Sound below this level, in decibels above the floor, is silence wherever it is: about the noise of 10 bits.
const ALWAYS_SILENT: u8 = 40;
/// Speech dips to this far below its usual level between syllables.
const BELOW_SPEECH: u8 = 28;
/// A pause is at least so much louder than nothing but noise.
const ABOVE_NOISE: u8 = 6;

/// The levels of a part, in decibels above the floor, one for each frame.
#[derive(Clone, Debug, Default)]
pub struct Loudness {
    levels: Vec<u8>,
    sum: f32,
    count: usize,
    frame: usize,
}

impl Loudness {
    /// For a stream with so many samples a second.
    pub fn new(rate: u32) -> Self {
        Self { frame: usize::try_from(rate / 100).unwrap_or(1).max(1), ..Self::default() }
    }

    pub fn push(&mut self, samples: &[f32]) {
        for sample in samples {
            self.sum += sample * sample;
            self.count += 1;
            if self.count == self.frame {
                self.close();
            }
        }
    }

    fn close(&mut self) {
        let mean = self.sum / self.count.max(1) as f32;
        let db = (10.0 * mean.max(1e-12).log10() + FLOOR_DB).clamp(0.0, FLOOR_DB);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to 0..=100")]
        self.levels.push(db.round() as u8);
        (self.sum, self.count) = (0.0, 0);
    }

    /// The levels, the last frame included.
    pub fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.close();
        }
        self.levels
    }
}

/// The level up to which a frame counts as silent; `None` when all of it is silence.
pub fn threshold(levels: &[u8]) -> Option<u8> {
    let mut counts = [0_usize; 101];
    for level in levels {
        counts[usize::from(*level).min(100)] += 1;
    }
    // Of speech, hardly any frame is louder than its usual loud ones; of a recording with few words, most are noise.
    let sounding: usize = counts[usize::from(ALWAYS_SILENT) + 1..].iter().sum();
    if sounding == 0 {
        return None;
    }
    let loud = percentile(&counts, usize::from(ALWAYS_SILENT) + 1, sounding * 9 / 10);
    let quiet = percentile(&counts, 0, levels.len() / 10);
    let threshold = loud.saturating_sub(BELOW_SPEECH).max(quiet + ABOVE_NOISE).min(loud.saturating_sub(ABOVE_NOISE));
    Some(threshold.max(ALWAYS_SILENT))
}

fn percentile(counts: &[usize; 101], from: usize, rank: usize) -> u8 {
    let mut seen = 0;
    for (level, count) in counts.iter().enumerate().skip(from) {
        seen += count;
        if seen > rank {
            return u8::try_from(level).unwrap_or(100);
        }
    }
    100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_at_full_scale_is_three_decibels_below_it() {
        let tone: Vec<f32> = (0..16_000_u16).map(|n| (f32::from(n) * 0.25).sin()).collect();
        let mut loudness = Loudness::new(16_000);
        loudness.push(&tone);
        let levels = loudness.finish();
        assert_eq!(levels.len(), 100);
        assert!(levels.iter().all(|level| (96..=98).contains(level)), "{levels:?}");
    }

    #[test]
    fn nothing_but_silence_has_no_threshold() {
        assert_eq!(threshold(&[0; 500]), None);
    }

    #[test]
    fn between_speech_and_noise_lies_the_threshold() {
        let levels = [vec![80; 300], vec![45; 200]].concat();
        let threshold = threshold(&levels).unwrap();
        assert!((46..80).contains(&threshold), "{threshold}");
    }
}
