//! Damaged and hostile pictures, as many as one likes, each the same every time it is made: whatever is sent, it is made into
//! covers or refused, within its time and memory, by a process of its own.
//!
//! `LECTERN_HOSTILE_PICTURES` says how many, `LECTERN_HOSTILE_FROM` from which number on.

use crate::hostile::{MemoryWatch, chance_of};
use crate::recordings::Chance;
use crate::setting;
use pictures::Refusal;
use server::decoding::pictures::Reader;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// More than the process may take, and everything that is counted beside its data.
const MOST_MEMORY: u64 = 860 << 20;
/// A drawing with something in every corner.
const DRAWING: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 90"><rect width="90" height="90" fill="#7a3"/>
<circle cx="30" cy="40" r="25" fill="#138"/><path d="M0 90L50 20L90 80" stroke="#fff" fill="none"/></svg>"##;

/// One picture of each kind that is taken.
struct Originals([(&'static str, Vec<u8>); 5]);

impl Originals {
    fn new() -> Self {
        let png = pictures::rasterise(DRAWING, 420).unwrap();
        let made = pictures::sizes(&pictures::open(&png).unwrap()).unwrap().remove(0);
        Self([("png", png), ("jpg", made.jpeg), ("webp", made.webp), ("gif", gif(210, 210)), ("bmp", bmp(210, 210))])
    }
}

/// A GIF of one colour in as few bytes as there can be: each code stands for one pixel more than the one before, so that six
/// kilobytes are eight million pixels (GIF89a, appendix F).
fn gif(width: u16, height: u16) -> Vec<u8> {
    let (anew, end, first, last) = (4_u32, 5, 6, 4095_u32);
    let mut gif = b"GIF89a".to_vec();
    gif.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
    gif.extend([0x80, 0, 0, 200, 30, 30, 0, 0, 0, 0x2c, 0, 0, 0, 0]);
    gif.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
    gif.extend([0, 2]);
    let (mut codes, mut held, mut bits) = (Vec::new(), 0_u64, 0);
    // A code is as wide as the next one that the reader would learn; the lowest bit comes first.
    let mut put = |code: u32, next: u32| {
        held |= u64::from(code) << bits;
        bits += (32 - next.min(last).leading_zeros()).max(3);
        while bits >= 8 {
            codes.push(held as u8);
            (held, bits) = (held >> 8, bits - 8);
        }
    };
    let mut left = u32::from(width) * u32::from(height);
    let mut next = first;
    put(anew, next);
    let mut run = 1;
    while left > 0 {
        let length = run.min(left);
        put(if length == 1 { 0 } else { first + length - 2 }, next);
        left -= length;
        // The first code after a new beginning teaches nothing.
        next += u32::from(run > 1);
        run += 1;
        if next > last {
            put(anew, next);
            (next, run) = (first, 1);
        }
    }
    put(end, next);
    put(0, last);
    for block in codes.chunks(255) {
        gif.push(block.len() as u8);
        gif.extend(block);
    }
    gif.extend([0, 0x3b]);
    gif
}

/// A BMP of 24 bits a pixel.
fn bmp(width: i32, height: i32) -> Vec<u8> {
    let row = (width as usize * 3).next_multiple_of(4);
    let size = row * height as usize;
    let mut bmp = b"BM".to_vec();
    bmp.extend((54 + size as u32).to_le_bytes());
    bmp.extend([0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0]);
    bmp.extend([width.to_le_bytes(), height.to_le_bytes()].concat());
    bmp.extend([1, 0, 24, 0, 0, 0, 0, 0]);
    bmp.extend((size as u32).to_le_bytes());
    bmp.extend([0; 16]);
    bmp.extend((0..size).map(|at| (at % 251) as u8));
    bmp
}

/// The checksum of a PNG chunk (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// Puts another width and height where a picture says how large it is.
fn lie(chance: &mut Chance, kind: &str, bytes: &mut [u8]) {
    const SIDES: [u32; 10] = [0, 1, 199, 7_000, 9_999, 10_001, 16_383, 65_535, 0x7fff_ffff, u32::MAX];
    let (width, height) = (SIDES[chance.below(SIDES.len())], SIDES[chance.below(SIDES.len())]);
    let small = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
    match kind {
        "png" => {
            bytes[16..20].copy_from_slice(&width.to_be_bytes());
            bytes[20..24].copy_from_slice(&height.to_be_bytes());
            let sum = crc(&bytes[12..29]);
            bytes[29..33].copy_from_slice(&sum.to_be_bytes());
        }
        "jpg" => {
            let frame = bytes.windows(2).position(|mark| mark[0] == 0xff && matches!(mark[1], 0xc0..=0xc2)).unwrap();
            bytes[frame + 5..frame + 7].copy_from_slice(&small(height).to_be_bytes());
            bytes[frame + 7..frame + 9].copy_from_slice(&small(width).to_be_bytes());
        }
        "webp" => {
            let frame = bytes.windows(3).position(|code| code == [0x9d, 0x01, 0x2a]).unwrap();
            bytes[frame + 3..frame + 5].copy_from_slice(&small(width).to_le_bytes());
            bytes[frame + 5..frame + 7].copy_from_slice(&small(height).to_le_bytes());
        }
        "gif" => {
            // Of the screen, of the frame, or of both.
            let which = chance.below(3);
            for at in [6, 24].into_iter().enumerate().filter(|(n, _)| which == 2 || which == *n).map(|(_, at)| at) {
                bytes[at..at + 2].copy_from_slice(&small(width).to_le_bytes());
                bytes[at + 2..at + 4].copy_from_slice(&small(height).to_le_bytes());
            }
        }
        _ => {
            bytes[18..22].copy_from_slice(&width.to_le_bytes());
            bytes[22..26].copy_from_slice(&height.to_le_bytes());
        }
    }
}

/// A picture, and what was done to it.
fn hostile(number: usize, originals: &Originals) -> (String, Vec<u8>) {
    let mut chance = chance_of(number);
    let (kind, original) = &originals.0[number % originals.0.len()];
    let mut bytes = original.clone();
    let mut how = vec![*kind];
    if chance.below(3) == 0 {
        lie(&mut chance, kind, &mut bytes);
        how.push("lies of its size");
    }
    for _ in 0..chance.below(3) {
        let whole = bytes.len();
        match chance.below(6) {
            0 => {
                bytes.truncate(chance.below(whole));
                how.push("cut off");
            }
            1 => {
                let within = whole.min(64);
                for _ in 0..4 {
                    bytes[chance.below(within)] = chance.below(256) as u8;
                }
                how.push("another head");
            }
            2 => {
                for _ in 0..whole.div_ceil(200) {
                    bytes[chance.below(whole)] ^= 1 << chance.below(8);
                }
                how.push("bits turned");
            }
            3 => {
                let (from, to) = (chance.below(whole), chance.below(whole));
                let piece = bytes[from.min(to)..from.max(to)].to_vec();
                let at = chance.below(whole);
                bytes.splice(at..at, piece);
                how.push("said twice");
            }
            4 => {
                let at = chance.below(whole);
                let end = whole.min(at + 4);
                bytes[at..end].fill(0xff);
                how.push("a length without end");
            }
            _ => {
                bytes.resize(whole + (4 << 20), 0);
                how.push("nothing behind it");
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    (format!("{number} ({})", how.join(", ")), bytes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_picture_is_sent_becomes_a_cover_or_is_refused_and_the_shop_goes_on() {
    let (count, from) = (setting("LECTERN_HOSTILE_PICTURES", 150), setting("LECTERN_HOSTILE_FROM", 0));
    let (reader, originals) = (Reader::default(), Originals::new());
    for (kind, original) in &originals.0 {
        assert_eq!(reader.look(original).await.unwrap(), Ok(*kind), "what is not damaged is taken");
    }
    let watch = MemoryWatch::begin();
    let mut ends: BTreeMap<&str, usize> = BTreeMap::new();
    let mut slowest = (Duration::ZERO, String::new());
    for number in from..from + count {
        let (about, bytes) = hostile(number, &originals);
        let began = Instant::now();
        let made = reader.sizes(&bytes).await;
        let took = began.elapsed();
        let made = made.unwrap_or_else(|error| panic!("{about}: {error}"));
        assert_ne!(made.as_ref().err(), Some(&Refusal::NotEncoded), "{about}");
        *ends.entry(made.map_or_else(Refusal::code, |_| "taken")).or_default() += 1;
        slowest = slowest.max((took, about));
    }
    let most = watch.end();
    println!("  {count} pictures: {ends:?}; most memory {} MB; slowest {slowest:.1?}", most >> 20);
    assert!(most < MOST_MEMORY, "a process took {} MB", most >> 20);
    assert!(ends.len() > 3, "{ends:?}");
}

/// Bombs: few bytes that are many pixels, all of them true.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_largest_pictures_that_are_taken_fit_into_the_memory_of_their_process() {
    let reader = Reader::default();
    let watch = MemoryWatch::begin();
    // 49 million pixels in some 40 kB.
    let large = gif(7_000, 7_000);
    assert!(large.len() < 100_000, "{} bytes", large.len());
    assert!(reader.sizes(&large).await.unwrap().is_ok());
    for (width, height) in [(10_001, 300), (65_535, 65_535)] {
        let mut lies = gif(300, 300);
        lies[6..8].copy_from_slice(&u16::to_le_bytes(width));
        lies[8..10].copy_from_slice(&u16::to_le_bytes(height));
        assert_eq!(reader.look(&lies).await.unwrap(), Err(Refusal::TooManyPixels), "{width} x {height}");
    }
    let most = watch.end();
    assert!(most < MOST_MEMORY, "a process took {} MB", most >> 20);
}
