//! Sound that is not coded: WAV, RF64 and BW64 (EBU Tech 3306), AIFF and AIFC, at 8 to 64 bits.
//!
//! A header that was never completed, as of a recorder that lost its power, is read as all there is.

use crate::AudioError;
use crate::boxes::{u32_at, u64_at};
use crate::facts::Obstacle;
use crate::source::Window;
use crate::stream::{Block, Stream};
use std::io::{self, Read as _};

/// Frames read at once.
const BLOCK: usize = 4096;
const MOST_CHUNKS: usize = 1000;

/// How one sample is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Coding {
    /// 8 bits, 128 for silence.
    Unsigned,
    Signed,
    Float,
    ALaw,
    MuLaw,
}

/// A file of samples.
#[derive(Debug)]
pub struct Plain {
    data: Window,
    /// Bytes that the header says the samples have; none when it was never completed.
    stated: Option<u64>,
    coding: Coding,
    big: bool,
    /// It lies in another container than the WAV that browsers know.
    odd: bool,
    bytes: usize,
    channels: u32,
    rate: u32,
    at: Window,
    buffer: Vec<u8>,
}

/// What a RIFF or AIFF file turned out to hold.
#[derive(Debug)]
pub enum Inside {
    Samples(Plain),
    /// MPEG audio in a WAV file.
    Mpeg(Window),
    /// Samples that are coded in another way.
    Coded,
    /// No samples, or no word of how they are written.
    Nothing,
}

/// Opens a WAV or AIFF file.
///
/// # Errors
/// When it cannot be read.
pub fn open(file: &Window) -> io::Result<Inside> {
    let head = file.peek(0, 12)?;
    let mut inside = match (head.get(..4), head.get(8..12)) {
        (Some(b"RIFF" | b"RF64" | b"BW64"), Some(b"WAVE")) => wave(file, head.get(..4) != Some(b"RIFF"))?,
        (Some(b"FORM"), Some(kind @ (b"AIFF" | b"AIFC"))) => aiff(file, kind == b"AIFC")?,
        _ => Inside::Nothing,
    };
    if let Inside::Samples(samples) = &mut inside {
        samples.odd = head.get(..4) != Some(b"RIFF");
    }
    Ok(inside)
}

struct Chunk {
    kind: [u8; 4],
    at: u64,
    size: u64,
}

/// Chunks one after the other. `size` gives the size of the one whose four bytes say something else.
fn chunks(file: &Window, big: bool, size: impl Fn(&[u8; 4], u32, u64) -> Option<u64>) -> io::Result<Vec<Chunk>> {
    let (mut found, mut at) = (Vec::new(), 12);
    while found.len() < MOST_CHUNKS {
        let Some(head) = file.exactly(at, 8)? else { break };
        let (Some(kind), Some(stated)) = (head.first_chunk::<4>(), u32_at(&head, 4)) else { break };
        let stated = if big { stated } else { stated.swap_bytes() };
        let size = size(kind, stated, at + 8).unwrap_or(u64::from(stated));
        found.push(Chunk { kind: *kind, at: at + 8, size });
        let Some(next) = (at + 8).checked_add(size).and_then(|end| end.checked_add(size % 2)) else { break };
        at = next;
    }
    Ok(found)
}

fn wave(file: &Window, wide: bool) -> io::Result<Inside> {
    // RF64 keeps the sizes in a chunk of its own.
    let mut ds64 = None;
    if wide && file.peek(12, 4)? == b"ds64" {
        let sizes = file.peek(20, 24)?;
        ds64 = sizes.get(8..16).and_then(|eight| eight.try_into().ok()).map(u64::from_le_bytes);
    }
    let whole = u32_at(&file.peek(4, 4)?, 0).map_or(0, u32::swap_bytes);
    let rest = file.len();
    let unfinished = |stated: u32, at: u64| {
        // 0 and the highest numbers stand for a size that was to be filled in at the end.
        let placeholder = stated >= 0x7FFF_F000 && u64::from(stated) > rest.saturating_sub(at);
        placeholder || (stated == 0 && whole <= 36) || (stated == 0 && rest > at + 64)
    };
    let found = chunks(file, false, |kind, stated, at| match (kind, ds64) {
        (b"data", Some(size)) if stated == u32::MAX && size > 0 => Some(size),
        (b"data", _) if unfinished(stated, at) => Some(rest.saturating_sub(at)),
        _ => None,
    })?;
    let (Some(format), Some(data)) = (chunk(&found, b"fmt "), chunk(&found, b"data")) else {
        return Ok(Inside::Nothing);
    };
    let format = file.peek(format.at, usize::try_from(format.size).unwrap_or(40).min(40))?;
    let short = |at: usize| format.get(at..at + 2).map_or(0, |two| u16::from_le_bytes([two[0], two[1]]));
    let (mut tag, channels, bits, align) = (short(0), short(2), short(14), short(12));
    let rate = u32_at(&format, 4).map_or(0, u32::swap_bytes);
    if tag == 0xFFFE {
        tag = short(24);
    }
    let finished = u32_at(&file.peek(data.at - 4, 4)?, 0).map(u32::swap_bytes);
    let open_ended = finished.is_none_or(|stated| ds64.is_none() && unfinished(stated, data.at));
    let body = file.part(data.at, data.at.saturating_add(data.size));
    if matches!(tag, 0x50 | 0x55) {
        return Ok(Inside::Mpeg(body));
    }
    // Bits that no byte is full of are padded: the frame says how many bytes there are.
    let bytes = if channels > 0 && align > 0 { align / channels } else { bits.div_ceil(8) };
    let coding = match (tag, bytes) {
        (1, 1) => Coding::Unsigned,
        (1, 2 | 3 | 4 | 8) => Coding::Signed,
        (3, 4 | 8) => Coding::Float,
        (6, 1) => Coding::ALaw,
        (7, 1) => Coding::MuLaw,
        _ => return Ok(if tag == 0 || channels == 0 { Inside::Nothing } else { Inside::Coded }),
    };
    let stated = (!open_ended).then_some(data.size);
    Ok(plain(body, stated, coding, false, usize::from(bytes), u32::from(channels), rate))
}

fn aiff(file: &Window, compressed: bool) -> io::Result<Inside> {
    let found = chunks(file, true, |_, _, _| None)?;
    let (Some(common), Some(data)) = (chunk(&found, b"COMM"), chunk(&found, b"SSND")) else {
        return Ok(Inside::Nothing);
    };
    let common = file.peek(common.at, 22)?;
    let short = |at: usize| common.get(at..at + 2).map_or(0, |two| u16::from_be_bytes([two[0], two[1]]));
    let (channels, bits) = (short(0), short(6));
    let rate = common.get(8..18).and_then(extended).unwrap_or(0);
    let kind = if compressed { common.get(18..22).unwrap_or(b"NONE") } else { b"NONE" };
    let bytes = bits.div_ceil(8);
    let (coding, big, bytes) = match (kind, bytes) {
        (b"NONE" | b"twos" | b"in24" | b"in32", 1..=4) => (Coding::Signed, true, bytes),
        (b"sowt", 1..=4) => (Coding::Signed, false, bytes),
        (b"raw ", 1) => (Coding::Unsigned, true, 1),
        (b"fl32" | b"FL32", _) => (Coding::Float, true, 4),
        (b"fl64" | b"FL64", _) => (Coding::Float, true, 8),
        (b"alaw" | b"ALAW", _) => (Coding::ALaw, true, 1),
        (b"ulaw" | b"ULAW", _) => (Coding::MuLaw, true, 1),
        _ => return Ok(Inside::Coded),
    };
    // Eight bytes of places come first, and as many as the first of them says.
    let offset = u64::from(u32_at(&file.peek(data.at, 4)?, 0).unwrap_or(0)) + 8;
    let open_ended = data.size == 0 || data.size >= 0x7FFF_F000;
    let end = if open_ended { file.len() } else { data.at.saturating_add(data.size) };
    let stated = (!open_ended).then(|| data.size.saturating_sub(offset));
    Ok(plain(file.part(data.at + offset, end), stated, coding, big, usize::from(bytes), u32::from(channels), rate))
}

fn chunk<'a>(chunks: &'a [Chunk], kind: &[u8; 4]) -> Option<&'a Chunk> {
    chunks.iter().find(|chunk| &chunk.kind == kind)
}

fn plain(
    data: Window,
    stated: Option<u64>,
    coding: Coding,
    big: bool,
    bytes: usize,
    channels: u32,
    rate: u32,
) -> Inside {
    if channels == 0 || channels > 64 || rate == 0 {
        return Inside::Nothing;
    }
    let at = data.part(0, u64::MAX);
    Inside::Samples(Plain { data, stated, coding, big, odd: false, bytes, channels, rate, at, buffer: Vec::new() })
}

/// A rate as AIFF writes it: 80 bits of floating point.
fn extended(bytes: &[u8]) -> Option<u32> {
    let exponent = u16::from_be_bytes([*bytes.first()?, *bytes.get(1)?]) & 0x7FFF;
    let mantissa = u64_at(bytes, 2)?;
    let down = (16_383_u32 + 63).checked_sub(u32::from(exponent))?;
    mantissa.checked_shr(down).and_then(|rate| u32::try_from(rate).ok())
}

impl Plain {
    /// Samples a second.
    pub fn rate(&self) -> u32 {
        self.rate
    }

    pub fn channels(&self) -> u32 {
        self.channels
    }

    fn frame(&self) -> usize {
        self.bytes * self.channels as usize
    }

    fn frames(&self, bytes: u64) -> u64 {
        bytes / self.frame() as u64
    }

    fn sample(&self, bytes: &[u8]) -> f32 {
        let mut eight = [0; 8];
        // The most significant byte first, so that numbers of all sizes are of one.
        for (at, byte) in bytes.iter().enumerate() {
            eight[if self.big { at } else { bytes.len() - 1 - at }] = *byte;
        }
        match self.coding {
            Coding::Unsigned => (f32::from(bytes[0]) - 128.0) / 128.0,
            Coding::Signed => (i64::from_be_bytes(eight) as f64 / 9_223_372_036_854_775_808.0) as f32,
            Coding::Float if bytes.len() == 4 => {
                f32::from_bits(u32::from_be_bytes([eight[0], eight[1], eight[2], eight[3]]))
            }
            Coding::Float => f64::from_be_bytes(eight) as f32,
            Coding::ALaw => a_law(bytes[0]),
            Coding::MuLaw => mu_law(bytes[0]),
        }
    }
}

/// ITU-T G.711.
fn a_law(byte: u8) -> f32 {
    let byte = byte ^ 0x55;
    let (exponent, mantissa) = (i32::from(byte >> 4 & 7), i32::from(byte & 0xF));
    let size = if exponent == 0 { (mantissa << 4) + 8 } else { ((mantissa << 4) + 0x108) << (exponent - 1) };
    (if byte & 0x80 != 0 { size } else { -size }) as f32 / 32_768.0
}

/// ITU-T G.711.
fn mu_law(byte: u8) -> f32 {
    let byte = !byte;
    let (exponent, mantissa) = (i32::from(byte >> 4 & 7), i32::from(byte & 0xF));
    let size = (((mantissa << 3) + 0x84) << exponent) - 0x84;
    (if byte & 0x80 != 0 { -size } else { size }) as f32 / 32_768.0
}

impl Stream for Plain {
    fn codec(&self) -> &'static str {
        match self.coding {
            Coding::Unsigned | Coding::Signed => "pcm",
            Coding::Float => "pcm float",
            Coding::ALaw => "a-law",
            Coding::MuLaw => "mu-law",
        }
    }

    fn provider(&self) -> &'static str {
        "sound"
    }

    fn obstacle(&self) -> Option<Obstacle> {
        let usual = match self.coding {
            Coding::Unsigned => !self.big,
            Coding::Signed => !self.big && self.bytes <= 4,
            Coding::Float => !self.big && self.bytes == 4,
            Coding::ALaw | Coding::MuLaw => false,
        };
        (!usual || self.odd || self.stated.is_none()).then_some(Obstacle::Kind)
    }

    fn stated_ms(&self) -> Option<i64> {
        Some(crate::ms_of(self.frames(self.stated?), self.rate))
    }

    fn next(&mut self, out: &mut Vec<f32>) -> Result<Option<Block>, AudioError> {
        let most = (BLOCK * self.frame()) as u64;
        self.buffer.clear();
        self.at.by_ref().take(most).read_to_end(&mut self.buffer)?;
        let whole = self.buffer.len() / self.frame() * self.frame();
        if whole == 0 {
            return Ok(None);
        }
        out.extend(self.buffer[..whole].chunks_exact(self.bytes).map(|bytes| self.sample(bytes)));
        Ok(Some(Block { rate: self.rate, channels: self.channels, lost: false }))
    }

    fn measure(&mut self, check: &mut dyn FnMut(i64) -> Result<(), AudioError>) -> Result<i64, AudioError> {
        let ms = crate::ms_of(self.frames(self.data.len()), self.rate);
        check(ms)?;
        Ok(ms)
    }

    fn seek(&mut self, at_ms: i64) -> Result<i64, AudioError> {
        let frame = u64::try_from(at_ms.max(0)).unwrap_or(0).saturating_mul(u64::from(self.rate)) / 1000;
        let frame = frame.min(self.frames(self.data.len()));
        self.at = self.data.part(frame * self.frame() as u64, u64::MAX);
        Ok(crate::ms_of(frame, self.rate))
    }
}
