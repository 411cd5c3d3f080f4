//! The edit list of an MP4 track: which stretches of the sound are meant to be heard (ISO/IEC 14496-12, 8.6.6).
//!
//! Most have one edit that leaves out what the encoder put in front.

use crate::boxes::{self, Found, u32_at, u64_at};
use crate::source::Window;
use std::io;
use std::ops::Range;

/// Edits read; more are no edits.
const MOST: usize = 1000;

/// The stretches of a track that are heard, in its own units; none when all of it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    heard: Vec<Range<u64>>,
    /// Units a second.
    scale: u32,
}

impl Edits {
    /// The edits of the first track with sound.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn read(file: &Window) -> io::Result<Self> {
        let Some(moov) = boxes::find(file, &[b"moov"])? else { return Ok(Self::default()) };
        let Some(track) = sound(file, &moov)? else { return Ok(Self::default()) };
        let movie = boxes::child(file, &moov, b"mvhd")?.map(|found| scale(file, &found)).transpose()?.flatten();
        let media = boxes::find_in(file, &track, &[b"mdia", b"mdhd"])?.map(|found| scale(file, &found)).transpose()?;
        let list = boxes::find_in(file, &track, &[b"edts", b"elst"])?;
        let (Some(movie), Some(Some(scale)), Some(list)) = (movie, media, list) else { return Ok(Self::default()) };
        let bytes = file.peek(list.start, MOST * 20 + 8)?;
        let bytes = &bytes[..bytes.len().min(usize::try_from(list.end - list.start).unwrap_or(0))];
        Ok(Self { heard: parse(bytes, movie, scale).unwrap_or_default(), scale })
    }

    pub fn is_empty(&self) -> bool {
        self.heard.is_empty()
    }

    /// Whether more is left out than a beginning and an end, which not every browser does.
    pub fn several(&self) -> bool {
        self.heard.len() > 1
    }

    /// How much of so many milliseconds is heard.
    pub fn kept_ms(&self, all_ms: i64) -> i64 {
        if self.heard.is_empty() {
            return all_ms;
        }
        let ms = |units: u64| crate::ms_of(units, self.scale);
        let kept = self.heard.iter().map(|range| ms(range.end).min(all_ms) - ms(range.start).min(all_ms));
        kept.sum()
    }

    /// Takes away from `out[from..]`, which begins with frame `at` of the track, what is not heard.
    pub fn cut(&self, at: u64, rate: u32, channels: usize, from: usize, out: &mut Vec<f32>) {
        if self.heard.is_empty() {
            return;
        }
        let frame = |units: u64| {
            u64::try_from(u128::from(units) * u128::from(rate) / u128::from(self.scale.max(1))).unwrap_or(u64::MAX)
        };
        let frames = ((out.len() - from) / channels) as u64;
        let mut kept = from;
        for range in &self.heard {
            let start = frame(range.start).clamp(at, at + frames) - at;
            let end = frame(range.end).clamp(at, at + frames) - at;
            let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else { continue };
            out.copy_within(from + start * channels..from + end * channels, kept);
            kept += (end - start) * channels;
        }
        out.truncate(kept);
    }
}

/// The first track whose handler says that it is sound.
pub fn sound(file: &Window, moov: &Found) -> io::Result<Option<Found>> {
    for track in boxes::children(file, moov)?.into_iter().filter(|found| &found.kind == b"trak") {
        if let Some(handler) = boxes::find_in(file, &track, &[b"mdia", b"hdlr"])?
            && file.peek(handler.start + 8, 4)? == b"soun"
        {
            return Ok(Some(track));
        }
    }
    Ok(None)
}

/// Units a second, of a movie's header or a track's.
pub fn scale(file: &Window, header: &Found) -> io::Result<Option<u32>> {
    let bytes = file.peek(header.start, 32)?;
    let at = if bytes.first() == Some(&1) { 20 } else { 12 };
    Ok(u32_at(&bytes, at).filter(|scale| *scale > 0))
}

/// Version, a count, then length in the movie's units, place in the track's, and speed of each. Anything but stretches in
/// order at the usual speed is left alone: all of the sound is heard then.
fn parse(bytes: &[u8], movie: u32, scale: u32) -> Option<Vec<Range<u64>>> {
    let long = *bytes.first()? == 1;
    let count = usize::try_from(u32_at(bytes, 4)?).ok()?.min(MOST);
    let (mut at, mut heard) = (8, Vec::<Range<u64>>::new());
    for _ in 0..count {
        let (length, start);
        if long {
            (length, start) = (u64_at(bytes, at)?, u64_at(bytes, at + 8)?);
            at += 20;
        } else {
            (length, start) = (u64::from(u32_at(bytes, at)?), u64::from(u32_at(bytes, at + 4)?));
            at += 12;
        }
        // A pause before the sound begins.
        if start == if long { u64::MAX } else { u64::from(u32::MAX) } {
            continue;
        }
        if heard.last().is_some_and(|last| start < last.end) {
            return None;
        }
        let units = u128::from(length) * u128::from(scale) / u128::from(movie);
        // Lengths in the movie's coarser units fall short by less than one of them.
        let slack = u64::from(scale.div_ceil(movie));
        let end = match length {
            0 => u64::MAX,
            _ => start.checked_add(u64::try_from(units).ok()?)?.saturating_add(if scale == movie { 0 } else { slack }),
        };
        heard.push(start..end);
    }
    Some(heard)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(edits: &[(u32, u32)]) -> Vec<u8> {
        let mut bytes = vec![0; 4];
        bytes.extend(u32::try_from(edits.len()).unwrap().to_be_bytes());
        for (length, start) in edits {
            bytes.extend([*length, *start, 0x10000].into_iter().flat_map(u32::to_be_bytes));
        }
        bytes
    }

    #[test]
    fn what_the_encoder_put_in_front_is_not_heard() {
        let edits = Edits { heard: parse(&list(&[(48_000, 2112)]), 48_000, 48_000).unwrap(), scale: 48_000 };
        let mut out: Vec<f32> = (0..60_000_u16).map(f32::from).collect();
        edits.cut(0, 48_000, 1, 0, &mut out);
        assert_eq!((out.len(), out[0]), (48_000, 2112.0));
        assert_eq!(edits.kept_ms(60_000), 1000);
    }

    #[test]
    fn edits_out_of_order_leave_all_of_the_sound() {
        assert_eq!(parse(&list(&[(100, 500), (100, 0)]), 1000, 1000), None);
    }
}
