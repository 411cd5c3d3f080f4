//! WAV, RF64, BW64, AIFF and AIFC, written here in every way that is in use.

use super::{Chance, Recording, Right};
use std::f64::consts::TAU;
use std::sync::LazyLock;

/// How samples are written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Coding {
    U8,
    S8,
    S16,
    S24,
    S32,
    S64,
    F32,
    F64,
    ALaw,
    MuLaw,
}
use Coding::{ALaw, F32, F64, MuLaw, S8, S16, S24, S32, S64, U8};

const WAVE: [Coding; 9] = [U8, S16, S24, S32, S64, F32, F64, ALaw, MuLaw];
const RATES: [u32; 7] = [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000];

/// What is odd about a WAV file.
#[derive(Clone, Copy, Debug)]
enum Odd {
    Nothing,
    Extensible,
    OtherChunksFirst,
    Uneven,
    SizeZero,
    SizeHighest,
    Rf64,
    Bw64,
    Behind,
    Id3Chunk,
    Inverted,
    OneSilent,
    TagInFront,
}
const ODD: [Odd; 13] = [
    Odd::Nothing,
    Odd::Extensible,
    Odd::OtherChunksFirst,
    Odd::Uneven,
    Odd::SizeZero,
    Odd::SizeHighest,
    Odd::Rf64,
    Odd::Bw64,
    Odd::Behind,
    Odd::Id3Chunk,
    Odd::Inverted,
    Odd::OneSilent,
    Odd::TagInFront,
];

/// A sound: a tone, and another for its last 250 ms.
struct Sound {
    rate: u32,
    channels: usize,
    frames: usize,
    last: f32,
}

impl Sound {
    fn any(chance: &mut Chance, channels: usize) -> Self {
        let rate = chance.pick(&RATES);
        let ms = 400 + chance.below(500);
        Self { rate, channels, frames: ms * rate as usize / 1000, last: chance.pick(&[1500.0, 2000.0]) }
    }

    fn sample(&self, frame: usize) -> f64 {
        let ends = self.rate as usize / 4;
        let tone = if frame + ends >= self.frames { f64::from(self.last) } else { 440.0 };
        0.4 * (frame as f64 * tone * TAU / f64::from(self.rate)).sin()
    }

    fn right(&self) -> Right {
        let ms = i64::try_from(self.frames * 1000 / self.rate as usize).unwrap();
        Right::Heard { ms, within: 2, last: self.last }
    }

    fn written(&self, coding: Coding, big: bool, odd: Odd) -> Vec<u8> {
        let mut bytes = Vec::new();
        for frame in 0..self.frames {
            for channel in 0..self.channels {
                let sign = match odd {
                    Odd::Inverted if channel % 2 == 1 => -1.0,
                    Odd::OneSilent if channel > 0 => 0.0,
                    _ => 1.0,
                };
                write(self.sample(frame) * sign, coding, big, &mut bytes);
            }
        }
        bytes
    }
}

fn write(sample: f64, coding: Coding, big: bool, out: &mut Vec<u8>) {
    let scaled = |bits: u32| (sample * 2_f64.powi(bits as i32 - 1)) as i64;
    let mut bytes = match coding {
        U8 => vec![u8::try_from(scaled(8) + 128).unwrap()],
        S8 => vec![scaled(8).to_be_bytes()[7]],
        S16 => scaled(16).to_be_bytes()[6..].to_vec(),
        S24 => scaled(24).to_be_bytes()[5..].to_vec(),
        S32 => scaled(32).to_be_bytes()[4..].to_vec(),
        S64 => ((sample * 2_f64.powi(63)) as i64).to_be_bytes().to_vec(),
        F32 => (sample as f32).to_be_bytes().to_vec(),
        F64 => sample.to_be_bytes().to_vec(),
        ALaw => vec![a_law(scaled(16))],
        MuLaw => vec![mu_law(scaled(16))],
    };
    if !big {
        bytes.reverse();
    }
    out.extend(bytes);
}

/// The levels of a law of G.711 in order, each with its byte.
type Levels = Vec<(i64, u8)>;

fn levels(level: impl Fn(u8) -> i64) -> Levels {
    let mut levels: Levels = (0..=255).map(|byte| (level(byte), byte)).collect();
    levels.sort_unstable();
    levels
}

/// The byte of the nearest level.
fn nearest(sample: i64, levels: &Levels) -> u8 {
    let above = levels.partition_point(|(level, _)| *level < sample).min(levels.len() - 1);
    let (below, above) = (levels[above.saturating_sub(1)], levels[above]);
    if (below.0 - sample).abs() < (above.0 - sample).abs() { below.1 } else { above.1 }
}

fn mu_law(sample: i64) -> u8 {
    static LEVELS: LazyLock<Levels> = LazyLock::new(|| {
        levels(|byte| {
            let (byte, sign) = (!byte, if !byte & 0x80 != 0 { -1 } else { 1 });
            let step = i64::from(byte >> 4 & 7);
            sign * ((((i64::from(byte & 15) * 2 + 33) << step) - 33) * 4)
        })
    });
    nearest(sample, &LEVELS)
}

fn a_law(sample: i64) -> u8 {
    static LEVELS: LazyLock<Levels> = LazyLock::new(|| {
        levels(|byte| {
            let byte = byte ^ 0x55;
            let (step, low) = (i64::from(byte >> 4 & 7), i64::from(byte & 15) * 2 + 1);
            let size = if step == 0 { low * 8 } else { (low + 32) << (step - 1) << 3 };
            if byte & 0x80 != 0 { size } else { -size }
        })
    });
    nearest(sample, &LEVELS)
}

fn width(coding: Coding) -> usize {
    match coding {
        U8 | S8 | ALaw | MuLaw => 1,
        S16 => 2,
        S24 => 3,
        S32 | F32 => 4,
        S64 | F64 => 8,
    }
}

fn chunk(kind: &[u8; 4], content: &[u8], big: bool) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap();
    let size = if big { size.to_be_bytes() } else { size.to_le_bytes() };
    let mut chunk = [kind.as_slice(), &size, content].concat();
    chunk.resize(chunk.len() + content.len() % 2, 0);
    chunk
}

fn wave(sound: &Sound, coding: Coding, odd: Odd) -> Vec<u8> {
    let (width, channels) = (width(coding), u16::try_from(sound.channels).unwrap());
    let align = u16::try_from(width * sound.channels).unwrap();
    let bits = u16::try_from(width * 8).unwrap();
    let tag: u16 = match coding {
        F32 | F64 => 3,
        ALaw => 6,
        MuLaw => 7,
        _ => 1,
    };
    let extensible = matches!(odd, Odd::Extensible);
    let mut format = Vec::new();
    format.extend(if extensible { 0xFFFE_u16 } else { tag }.to_le_bytes());
    format.extend(channels.to_le_bytes());
    format.extend(sound.rate.to_le_bytes());
    format.extend((sound.rate * u32::from(align)).to_le_bytes());
    format.extend(align.to_le_bytes());
    format.extend(bits.to_le_bytes());
    if extensible {
        format.extend(22_u16.to_le_bytes());
        format.extend(bits.to_le_bytes());
        format.extend(0_u32.to_le_bytes());
        format.extend(tag.to_le_bytes());
        format.extend(*b"\0\0\0\0\x10\0\x80\0\0\xAA\0\x38\x9B\x71");
    }
    let data = sound.written(coding, false, odd);
    let mut body = Vec::new();
    let wide = matches!(odd, Odd::Rf64 | Odd::Bw64);
    if wide {
        let sizes = [data.len() as u64 + 100, data.len() as u64, sound.frames as u64];
        let sizes: Vec<u8> = sizes.into_iter().flat_map(u64::to_le_bytes).chain([0; 4]).collect();
        body.extend(chunk(b"ds64", &sizes, false));
    }
    match odd {
        Odd::OtherChunksFirst => {
            body.extend(chunk(b"JUNK", &[7; 1000], false));
            body.extend(chunk(b"bext", &[0; 602], false));
        }
        Odd::Uneven => body.extend(chunk(b"LIST", b"INFOsomething", false)),
        _ => {}
    }
    body.extend(chunk(b"fmt ", &format, false));
    let mut last = chunk(b"data", &data, false);
    match odd {
        Odd::SizeZero => last[4..8].copy_from_slice(&[0; 4]),
        Odd::SizeHighest | Odd::Rf64 | Odd::Bw64 => last[4..8].copy_from_slice(&[0xFF; 4]),
        _ => {}
    }
    body.extend(last);
    match odd {
        Odd::Behind => body.extend(chunk(b"LIST", &[1; 333], false)),
        Odd::Id3Chunk => body.extend(chunk(b"id3 ", b"ID3\x03\0\0\0\0\0\x11TIT2\0\0\0\x07\0\0\0A tale", false)),
        _ => {}
    }
    let size = match odd {
        Odd::SizeZero => 0,
        Odd::SizeHighest | Odd::Rf64 | Odd::Bw64 => u32::MAX,
        _ => u32::try_from(body.len() + 4).unwrap(),
    };
    let kind: &[u8] = match odd {
        Odd::Rf64 => b"RF64",
        Odd::Bw64 => b"BW64",
        _ => b"RIFF",
    };
    let tag: &[u8] =
        if matches!(odd, Odd::TagInFront) { b"ID3\x03\0\0\0\0\0\x11TIT2\0\0\0\x07\0\0\0A tale" } else { b"" };
    [tag, kind, &size.to_le_bytes(), b"WAVE", &body].concat()
}

fn aiff(sound: &Sound, kind: &[u8; 4], coding: Coding, big: bool, offset: u32) -> Vec<u8> {
    let mut common = Vec::new();
    common.extend(u16::try_from(sound.channels).unwrap().to_be_bytes());
    common.extend(u32::try_from(sound.frames).unwrap().to_be_bytes());
    common.extend(u16::try_from(width(coding) * 8).unwrap().to_be_bytes());
    let exponent = sound.rate.ilog2();
    common.extend(u16::try_from(16_383 + exponent).unwrap().to_be_bytes());
    common.extend((u64::from(sound.rate) << (63 - exponent)).to_be_bytes());
    let compressed = kind != b"AIFF";
    if compressed {
        common.extend(kind);
        common.extend([0, 0]);
    }
    let data =
        [&offset.to_be_bytes()[..], &[0; 4], &vec![9; offset as usize], &sound.written(coding, big, Odd::Nothing)];
    let body = [
        if compressed { b"AIFC".to_vec() } else { b"AIFF".to_vec() },
        chunk(b"FVER", &[0xA2, 0x80, 0x51, 0x40], true),
        chunk(b"COMM", &common, true),
        chunk(b"NAME", b"A tale", true),
        chunk(b"SSND", &data.concat(), true),
    ];
    chunk(b"FORM", &body.concat(), true)
}

pub fn recordings(chance: &mut Chance) -> Vec<Recording> {
    let mut all = Vec::new();
    for (number, (coding, odd)) in WAVE.iter().flat_map(|coding| ODD.map(|odd| (*coding, odd))).enumerate() {
        // Each oddity with each way of writing would say the same many times: two of three are left out.
        if number % 3 != 0 && !matches!(odd, Odd::Nothing | Odd::Inverted) {
            continue;
        }
        let channels = match odd {
            Odd::Inverted => 2,
            Odd::OneSilent => 3,
            _ => chance.pick(&[1, 1, 2, 6]),
        };
        let sound = Sound::any(chance, channels);
        let name = format!("{coding:?}-{odd:?}-{channels}-{}.wav", sound.rate);
        all.push(Recording { name, bytes: wave(&sound, coding, odd), right: sound.right() });
    }
    let kinds: [(&[u8; 4], Coding, bool); 13] = [
        (b"AIFF", S8, true),
        (b"AIFF", S16, true),
        (b"AIFF", S24, true),
        (b"AIFF", S32, true),
        (b"NONE", S16, true),
        (b"sowt", S16, false),
        (b"sowt", S24, false),
        (b"in24", S24, true),
        (b"fl32", F32, true),
        (b"fl64", F64, true),
        (b"alaw", ALaw, true),
        (b"ulaw", MuLaw, true),
        (b"raw ", U8, true),
    ];
    for (kind, coding, big) in kinds {
        let channels = chance.pick(&[1, 2]);
        let sound = Sound::any(chance, channels);
        let offset = u32::try_from(chance.below(3) * 8).unwrap();
        let name = format!("{}-{coding:?}-{}.aiff", String::from_utf8_lossy(kind).trim(), sound.rate);
        all.push(Recording { name, bytes: aiff(&sound, kind, coding, big, offset), right: sound.right() });
    }
    all
}
