//! A copy of a file for players: Opus in fragmented MP4, with an index in front. Every browser goes to any place in it at
//! once and to the sample, whatever it makes of the original.
//!
//! A sample of the copy is the same sample of the decoded original, so that the times of words hold in both.

mod boxes;
mod growing;
mod opus;
#[cfg(test)]
mod tests;

use crate::decode::Audio;
use crate::facts::spoken;
use crate::pcm::too_much;
use crate::resample::Resampler;
use crate::{AudioError, Pulse, limits, ms_of};
use boxes::{PACKETS, Sound};
use growing::Growing;
use opus::{Encoder, FRAME, RATE};
use std::path::Path;

/// Bytes of a second of it, at most on the mean.
const BYTES_A_SECOND: u64 = 12_000;
/// Packets that the encoder is given again before it goes on where it was: it has then forgotten that it stopped.
const WARMING: u64 = 25;

/// Writes the copy of a file; returns how many milliseconds it has. `counted_ms` is how long the file lasts by
/// [`crate::facts`]: not much more is written. What an earlier run left of the copy is gone on with. Blocks.
///
/// # Errors
/// [`AudioError::Unusable`] when it cannot be decoded; [`AudioError::Full`] when the copy would not fit on the disk.
pub fn write(from: &Path, name: &str, to: &Path, counted_ms: i64, pulse: &Pulse) -> Result<i64, AudioError> {
    let mut audio = Audio::open(from, name)?;
    let sides = if audio.channels == 2 { 2 } else { 1 };
    let seconds = u64::try_from(counted_ms.max(0)).unwrap_or(0) / 1000;
    // Once while it grows, and once with its head in front.
    limits::free_space(to.parent().unwrap_or(Path::new(".")), seconds.saturating_mul(BYTES_A_SECOND * 2))?;
    let mut copy = Copying::new(Growing::open(to)?, sides)?;
    let mut rate = audio.sample_rate;
    let mut resamplers = resamplers(rate, sides)?;
    let (mut blocks, mut outs) = (vec![Vec::new(); sides], vec![Vec::new(); sides]);
    loop {
        pulse.beat();
        blocks.iter_mut().for_each(Vec::clear);
        let more = audio.next_sides(&mut blocks)?;
        if more && audio.sample_rate != rate {
            // A joined file may change its rate half way.
            rate = audio.sample_rate;
            let before = std::mem::replace(&mut resamplers, self::resamplers(rate, sides)?);
            end(before, &mut outs)?;
        }
        if more {
            for ((resampler, block), out) in resamplers.iter_mut().zip(&blocks).zip(&mut outs) {
                resampler.push(block, out)?;
            }
        }
        copy.take(&mut outs)?;
        if too_much(ms_of(copy.samples, RATE), counted_ms) {
            return Err(AudioError::Unusable(format!(
                "“{name}” gives more sound than the {} that were counted in it. Export it anew and upload it again.",
                spoken(counted_ms)
            )));
        }
        if !more {
            break;
        }
    }
    end(resamplers, &mut outs)?;
    copy.take(&mut outs)?;
    if copy.samples == 0 {
        return Err(AudioError::Unusable(format!("“{name}” holds no sound: it lasts 0 seconds.")));
    }
    copy.finish(to)
}

fn resamplers(rate: u32, sides: usize) -> Result<Vec<Resampler>, AudioError> {
    (0..sides).map(|_| Resampler::new(rate, RATE)).collect()
}

fn end(resamplers: Vec<Resampler>, outs: &mut [Vec<f32>]) -> Result<(), AudioError> {
    resamplers.into_iter().zip(outs).try_for_each(|(resampler, out)| resampler.finish(out))
}

/// A copy that is being made.
struct Copying {
    growing: Growing,
    encoder: Encoder,
    sides: usize,
    delay: u16,
    /// Samples of each side that were taken.
    samples: u64,
    /// Interleaved, and too few for a packet.
    waiting: Vec<f32>,
    /// Packets that were encoded or passed over.
    seen: u64,
    /// Packets that were there when it began.
    there: u64,
    packets: Vec<Vec<u8>>,
}

impl Copying {
    fn new(growing: Growing, sides: usize) -> Result<Self, AudioError> {
        let encoder = Encoder::new(sides)?;
        let delay = encoder.delay()?;
        let there = u64::from(growing.pieces()) * PACKETS as u64;
        let (waiting, packets) = (Vec::new(), Vec::with_capacity(PACKETS));
        Ok(Self { growing, encoder, sides, delay, samples: 0, waiting, seen: 0, there, packets })
    }

    /// Takes as many samples of each side, and leaves nothing of them.
    fn take(&mut self, outs: &mut [Vec<f32>]) -> Result<(), AudioError> {
        let count = outs.iter().map(Vec::len).min().unwrap_or(0);
        self.samples += count as u64;
        for at in 0..count {
            self.waiting.extend(outs.iter().map(|side| side[at]));
        }
        outs.iter_mut().for_each(Vec::clear);
        let length = FRAME * self.sides;
        let waiting = std::mem::take(&mut self.waiting);
        let frames = waiting.chunks_exact(length);
        self.waiting = frames.remainder().to_vec();
        for frame in frames {
            self.encode(frame)?;
        }
        Ok(())
    }

    fn encode(&mut self, frame: &[f32]) -> Result<(), AudioError> {
        let number = self.seen;
        self.seen += 1;
        if number + WARMING < self.there {
            return Ok(());
        }
        let packet = self.encoder.encode(frame)?;
        if number < self.there {
            return Ok(());
        }
        // A full piece waits for the next packet: of the last one the end is written.
        if self.packets.len() == PACKETS {
            self.growing.push(&self.packets, None)?;
            self.packets.clear();
        }
        self.packets.push(packet);
        Ok(())
    }

    /// Fills up the last packet, and one more where the encoder still holds sound.
    fn finish(mut self, to: &Path) -> Result<i64, AudioError> {
        let sound = Sound { channels: if self.sides == 2 { 2 } else { 1 }, samples: self.samples, delay: self.delay };
        while self.seen < sound.packets() {
            let mut frame = std::mem::take(&mut self.waiting);
            frame.resize(FRAME * self.sides, 0.0);
            self.encode(&frame)?;
        }
        let over = sound.packets() * FRAME as u64 - (sound.samples + u64::from(sound.delay));
        let last = u32::try_from(FRAME as u64 - over).unwrap_or(FRAME as u32);
        self.growing.push(&self.packets, Some(last))?;
        self.growing.finish(to, &sound)?;
        Ok(ms_of(sound.samples, RATE))
    }
}
