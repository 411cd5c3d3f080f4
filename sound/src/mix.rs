//! Several channels as one, such that none takes another away.

/// What the running measures keep of themselves from one frame to the next: about a tenth of a second at 44.1 kHz.
const KEPT: f32 = 0.999_77;
/// Channels this far opposed are one sound of which one side was turned around.
const OPPOSED: f32 = -0.6;
/// And this far in step, they are not.
const IN_STEP: f32 = -0.2;
/// Frames over which a channel is turned, so that nothing clicks.
const TURN: f32 = 512.0;

/// Mixes channels to their mean. A channel that is the opposite of the others is turned around first: of a recording with
/// one side wired the wrong way, the plain mean is silence.
#[derive(Debug, Default)]
pub struct Mixer {
    channels: Vec<Side>,
    started: bool,
}

#[derive(Clone, Debug)]
struct Side {
    /// 1, or -1 where it is turned around; in between while it turns.
    sign: f32,
    wanted: f32,
    energy: f32,
    other_energy: f32,
    together: f32,
}

impl Side {
    const NEW: Self = Self { sign: 1.0, wanted: 1.0, energy: 0.0, other_energy: 0.0, together: 0.0 };

    /// Takes a sample of this channel and one of the channels before it.
    fn hear(&mut self, own: f32, others: f32) {
        self.energy = self.energy * KEPT + own * own;
        self.other_energy = self.other_energy * KEPT + others * others;
        self.together = self.together * KEPT + own * others;
    }

    /// Whether it is to be turned, from how it stands to the others: -1 opposed, 1 in step.
    fn decide(&mut self) {
        let likeness = self.together / (self.energy * self.other_energy).sqrt().max(1e-9);
        if likeness < OPPOSED {
            self.wanted = -1.0;
        } else if likeness > IN_STEP {
            self.wanted = 1.0;
        }
    }
}

impl Mixer {
    /// Appends the mix of interleaved samples to `out`.
    pub fn mix(&mut self, interleaved: &[f32], channels: usize, out: &mut Vec<f32>) {
        if channels < 2 {
            out.extend(interleaved.iter().map(|sample| finite(*sample)));
            return;
        }
        if self.channels.len() != channels {
            (self.channels, self.started) = (vec![Side::NEW; channels], false);
        }
        for frame in interleaved.chunks_exact(channels) {
            let mut others = finite(frame[0]);
            for (sample, side) in frame.iter().zip(&mut self.channels).skip(1) {
                side.hear(finite(*sample), others);
                others += finite(*sample) * side.wanted;
            }
        }
        for side in &mut self.channels {
            side.decide();
            if !self.started {
                side.sign = side.wanted;
            }
        }
        self.started = true;
        let share = 1.0 / channels as f32;
        out.reserve(interleaved.len() / channels);
        for frame in interleaved.chunks_exact(channels) {
            let mut sum = 0.0;
            for (sample, side) in frame.iter().zip(&mut self.channels) {
                side.sign += (side.wanted - side.sign).clamp(-2.0 / TURN, 2.0 / TURN);
                sum += finite(*sample) * side.sign;
            }
            out.push(sum * share);
        }
    }
}

/// Files of floating point hold what is no number, too.
pub fn finite(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-16.0, 16.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(samples: &[f32]) -> f32 {
        (samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32).sqrt()
    }

    fn mixed(right: impl Fn(f32, usize) -> f32) -> Vec<f32> {
        let mut mixer = Mixer::default();
        let mut out = Vec::new();
        for block in 0..40 {
            let frames = (0..1152).flat_map(|n| {
                let at = block * 1152 + n;
                let left = (at as f32 * 0.07).sin();
                [left, right(left, at)]
            });
            mixer.mix(&frames.collect::<Vec<_>>(), 2, &mut out);
        }
        out
    }

    #[test]
    fn a_channel_that_was_turned_around_takes_nothing_away() {
        for out in [mixed(|left, _| left), mixed(|left, _| -left), mixed(|left, _| -0.8 * left)] {
            assert!(level(&out) > 0.6, "{}", level(&out));
            assert!(level(&out[..500]) > 0.5, "from the first sample on");
        }
    }

    #[test]
    fn two_different_sounds_are_both_heard() {
        let out = mixed(|_, at| (at as f32 * 0.11).sin());
        assert!((level(&out) - 0.5).abs() < 0.02, "{}", level(&out));
    }

    #[test]
    fn what_turns_around_half_way_is_heard_on_both_sides() {
        let out = mixed(|left, at| if at < 23_040 { left } else { -left });
        assert!(level(&out[..20_000]) > 0.6 && level(&out[40_000..]) > 0.6);
    }

    #[test]
    fn what_is_no_number_is_silence() {
        let mut out = Vec::new();
        Mixer::default().mix(&[f32::NAN, 0.5, f32::INFINITY, 0.5], 1, &mut out);
        assert_eq!(out, [0.0, 0.5, 0.0, 0.5]);
    }
}
