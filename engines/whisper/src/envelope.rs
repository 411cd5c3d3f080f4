//! How loud a chunk is, hundredth of a second by hundredth of a second.

use engine_protocol::SAMPLE_RATE;

/// Milliseconds of one frame.
pub const FRAME_MS: u32 = 10;

/// Below this root mean square (-55 dB of full scale) a frame is silent whatever its neighbours: quieter than the
/// noise floor that audiobook publishers demand (-60 dB) plus a margin.
const SILENCE: f32 = 0.0018;

/// Against the loudest frame, what still counts as voice: 30 dB less.
const VOICE_SHARE: f32 = 0.032;

/// Loud frames in a row without which there is nothing to hear: no syllable is shorter.
const SHORTEST_SOUND: usize = 4;

/// Which frames carry a voice.
#[derive(Clone, Debug)]
pub struct Envelope {
    voiced: Vec<bool>,
}

impl Envelope {
    /// Measures samples between -1 and 1.
    pub fn of(samples: &[f32]) -> Self {
        let frame = (SAMPLE_RATE * FRAME_MS / 1000) as usize;
        let levels: Vec<f32> = samples.chunks(frame).map(root_mean_square).collect();
        let loudest = levels.iter().copied().fold(0.0, f32::max);
        let threshold = SILENCE.max(loudest * VOICE_SHARE);
        Self { voiced: levels.into_iter().map(|level| level >= threshold).collect() }
    }

    #[cfg(test)]
    pub fn from_frames(voiced: Vec<bool>) -> Self {
        Self { voiced }
    }

    /// The same sound, from a frame on.
    pub fn from(&self, frame: u32) -> Self {
        Self { voiced: self.voiced.get(frame as usize..).unwrap_or_default().to_vec() }
    }

    /// Whether nothing in the chunk is worth listening to.
    pub fn is_silent(&self) -> bool {
        !self.voiced.windows(SHORTEST_SOUND).any(|frames| frames.iter().all(|voiced| *voiced))
    }

    /// Whether there is a voice in the frame; none beyond the end.
    pub fn is_voiced(&self, frame: u32) -> bool {
        self.voiced.get(frame as usize).copied().unwrap_or(false)
    }
}

fn root_mean_square(samples: &[f32]) -> f32 {
    (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len() as f32).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quiet_room_is_silence() {
        let hiss: Vec<f32> = (0..16_000).map(|i| if i % 3 == 0 { 0.001 } else { -0.001 }).collect();
        assert!(Envelope::of(&hiss).is_silent());
    }

    #[test]
    fn a_click_is_no_voice_but_a_syllable_is() {
        let mut samples = vec![0.0; 16_000];
        samples[8_000..8_160].fill(0.5);
        assert!(Envelope::of(&samples).is_silent());
        samples[8_000..9_600].fill(0.5);
        assert!(!Envelope::of(&samples).is_silent());
    }
}
