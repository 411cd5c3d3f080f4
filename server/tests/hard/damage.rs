//! What may happen to a recording, by chance or on purpose.
#![expect(clippy::ptr_arg, reason = "each way has the same type, and some change the length")]

use crate::recordings::Chance;

/// Names that stand in front of numbers, in every container that the shop takes.
const NAMES: [&[u8]; 62] = [
    b"moov",
    b"mvhd",
    b"trak",
    b"mdia",
    b"mdhd",
    b"minf",
    b"stbl",
    b"stsd",
    b"stts",
    b"stsc",
    b"stsz",
    b"stco",
    b"co64",
    b"mp4a",
    b"esds",
    b"alac",
    b"edts",
    b"elst",
    b"mdat",
    b"udta",
    b"meta",
    b"ilst",
    b"covr",
    b"data",
    b"chpl",
    b"free",
    b"ftyp",
    b"moof",
    b"traf",
    b"trun",
    b"tfhd",
    b"mvex",
    b"trex",
    b"sidx",
    b"RIFF",
    b"RF64",
    b"ds64",
    b"fmt ",
    b"FORM",
    b"AIFC",
    b"COMM",
    b"SSND",
    b"LIST",
    b"fLaC",
    b"OggS",
    b"OpusHead",
    b"OpusTags",
    b"\x01vorbis",
    b"\x03vorbis",
    b"\x05vorbis",
    b"ID3",
    b"APIC",
    b"TIT2",
    b"TAG",
    b"APETAGEX",
    b"Xing",
    b"Info",
    b"caff",
    b"desc",
    b"pakt",
    b"kuki",
    b"\x1A\x45\xDF\xA3",
];

/// Numbers that headers lie with.
const LIES: [u64; 14] = [
    0,
    1,
    2,
    7,
    0x7F,
    0x80,
    0xFFFF,
    0x1_0000,
    0x7FFF_FFFF,
    0x8000_0000,
    0xFFFF_FFFE,
    0xFFFF_FFFF,
    i64::MAX as u64,
    u64::MAX,
];

type Way = fn(&mut Chance, &mut Vec<u8>);

/// How a recording can be damaged; each with a name for the report.
pub const WAYS: [(&str, Way); 12] = [
    ("cut off", cut_off),
    ("flipped bits", flip),
    ("flipped bits in front", flip_in_front),
    ("a lie", lie),
    ("a lie at a name", lie_at_name),
    ("a lie at each such name", lie_everywhere),
    ("a stretch twice", twice),
    ("a stretch many times", many_times),
    ("a stretch missing", missing),
    ("stretches swapped", swapped),
    ("noise between", noise),
    ("zeros", zeros),
];

/// Where something begins, more often in front, where headers are.
fn place(chance: &mut Chance, length: usize) -> usize {
    match chance.below(3) {
        0 => chance.below(length.clamp(1, 256)),
        1 => chance.below(length.clamp(1, 4096)),
        _ => chance.below(length.max(1)),
    }
}

fn stretch(chance: &mut Chance, length: usize) -> std::ops::Range<usize> {
    let from = place(chance, length);
    let most = chance.pick(&[4, 64, 1_000, 20_000]);
    from..(from + 1 + chance.below(most)).min(length)
}

fn cut_off(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let at = place(chance, bytes.len());
    bytes.truncate(at);
}

fn flip_some(chance: &mut Chance, bytes: &mut [u8]) {
    for _ in 0..=chance.below(40) {
        if !bytes.is_empty() {
            let at = chance.below(bytes.len());
            bytes[at] ^= 1 << chance.below(8);
        }
    }
}

fn flip(chance: &mut Chance, bytes: &mut Vec<u8>) {
    flip_some(chance, bytes);
}

fn flip_in_front(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let most = bytes.len().min(chance.pick(&[64, 512, 4096]));
    flip_some(chance, &mut bytes[..most]);
}

/// Writes a lie of one to eight bytes, in either order.
fn write(chance: &mut Chance, bytes: &mut [u8], at: usize) {
    let width = chance.pick(&[1, 2, 3, 4, 4, 4, 8]);
    let lie = chance.pick(&LIES);
    let lie = if chance.below(4) == 0 { lie.wrapping_sub(chance.below(9) as u64) } else { lie };
    let mut said = lie.to_be_bytes()[8 - width..].to_vec();
    if chance.below(2) == 0 {
        said.reverse();
    }
    for (offset, byte) in said.into_iter().enumerate() {
        if let Some(there) = bytes.get_mut(at + offset) {
            *there = byte;
        }
    }
}

fn lie(chance: &mut Chance, bytes: &mut Vec<u8>) {
    for _ in 0..=chance.below(4) {
        let at = place(chance, bytes.len());
        write(chance, bytes, at);
    }
}

fn places_of(bytes: &[u8], name: &[u8]) -> Vec<usize> {
    bytes.windows(name.len()).enumerate().filter(|(_, there)| *there == name).map(|(at, _)| at).take(200).collect()
}

/// At the size in front of a name, or at a number behind it.
fn beside(chance: &mut Chance, bytes: &mut [u8], name: &[u8], at: usize) {
    let at = if chance.below(3) == 0 { at.saturating_sub(4) } else { at + name.len() + chance.below(12) * 2 };
    write(chance, bytes, at);
}

fn some_name(chance: &mut Chance, bytes: &[u8]) -> Option<(&'static [u8], Vec<usize>)> {
    for _ in 0..400 {
        let name = chance.pick(&NAMES);
        let places = places_of(bytes, name);
        if !places.is_empty() {
            return Some((name, places));
        }
    }
    None
}

fn lie_at_name(chance: &mut Chance, bytes: &mut Vec<u8>) {
    for _ in 0..=chance.below(3) {
        match some_name(chance, bytes) {
            Some((name, places)) => {
                let at = chance.pick(&places);
                beside(chance, bytes, name, at);
            }
            None => lie(chance, bytes),
        }
    }
}

fn lie_everywhere(chance: &mut Chance, bytes: &mut Vec<u8>) {
    match some_name(chance, bytes) {
        Some((name, places)) => places.into_iter().for_each(|at| beside(chance, bytes, name, at)),
        None => lie(chance, bytes),
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, more: Vec<u8>) {
    let at = at.min(bytes.len());
    bytes.splice(at..at, more);
}

fn twice(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let from = stretch(chance, bytes.len());
    let (copy, at) = (bytes[from].to_vec(), place(chance, bytes.len()));
    insert(bytes, at, copy);
}

fn many_times(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let from = stretch(chance, bytes.len());
    let times = 2 + chance.below(2_000_000 / from.len().max(400));
    let (copy, at) = (bytes[from.clone()].repeat(times), from.end);
    insert(bytes, at, copy);
}

fn missing(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let gone = stretch(chance, bytes.len());
    bytes.drain(gone);
}

fn swapped(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let from = stretch(chance, bytes.len());
    let taken: Vec<u8> = bytes.drain(from).collect();
    let at = place(chance, bytes.len());
    insert(bytes, at, taken);
}

fn noise(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let at = place(chance, bytes.len());
    let most = chance.pick(&[8, 400, 30_000]);
    let size = 1 + chance.below(most);
    let noise = chance.bytes(size);
    insert(bytes, at, noise);
}

fn zeros(chance: &mut Chance, bytes: &mut Vec<u8>) {
    let at = stretch(chance, bytes.len());
    let filling = chance.pick(&[0, 0xFF]);
    bytes[at].fill(filling);
}
