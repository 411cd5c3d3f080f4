//! Coded sound, from small recordings in `fixtures`, with everything around and between it that is met with in the wild.

use super::{Chance, Recording, Right};

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("../fixtures/", $name)).as_slice()
    };
}

/// A recording to start from: its length as an ordinary player has it, and its last tone.
#[derive(Clone, Copy)]
struct Base {
    name: &'static str,
    bytes: &'static [u8],
    ms: i64,
    last: f32,
}

const fn base(name: &'static str, bytes: &'static [u8], ms: i64, last: f32) -> Base {
    Base { name, bytes, ms, last }
}

const MPEG: [Base; 6] = [
    base("a.mp3", fixture!("a.mp3"), 1500, 1500.0),
    base("b.mp3", fixture!("b.mp3"), 1567, 2000.0),
    base("stereo.mp3", fixture!("stereo.mp3"), 1500, 2000.0),
    base("high.mp3", fixture!("high.mp3"), 1500, 2000.0),
    base("low.mp3", fixture!("low.mp3"), 1500, 1500.0),
    base("a.mp2", fixture!("a.mp2"), 1515, 1500.0),
];

const OGG: [Base; 4] = [
    base("a.opus", fixture!("a.opus"), 1500, 1500.0),
    base("b.opus", fixture!("b.opus"), 1500, 2000.0),
    base("a.ogg", fixture!("a.ogg"), 1500, 1500.0),
    base("b.ogg", fixture!("b.ogg"), 1500, 2000.0),
];

const FLAC: [Base; 2] =
    [base("a.flac", fixture!("a.flac"), 1500, 1500.0), base("deep.flac", fixture!("deep.flac"), 1500, 2000.0)];

const OTHER: [Base; 9] = [
    base("a.m4a", fixture!("a.m4a"), 1500, 1500.0),
    base("fast.m4a", fixture!("fast.m4a"), 1500, 2000.0),
    base("fragments.m4a", fixture!("fragments.m4a"), 1560, 1500.0),
    base("alac.m4a", fixture!("alac.m4a"), 1500, 1500.0),
    base("a.aac", fixture!("a.aac"), 1579, 1500.0),
    base("opus.mka", fixture!("opus.mka"), 1500, 1500.0),
    base("vorbis.webm", fixture!("vorbis.webm"), 1502, 1500.0),
    base("flac.mka", fixture!("flac.mka"), 1500, 1500.0),
    base("alac.caf", fixture!("alac.caf"), 1500, 1500.0),
];

const BY_SECOND: [Base; 3] = [
    base("a.wma", fixture!("a.wma"), 1500, 1500.0),
    base("six.opus", fixture!("six.opus"), 1500, 2000.0),
    base("adpcm.wav", fixture!("adpcm.wav"), 1535, 1500.0),
];

impl Base {
    fn heard(&self, what: &str, bytes: Vec<u8>, within: i64) -> Recording {
        let right = Right::Heard { ms: self.ms, within, last: self.last };
        Recording { name: format!("{what}-{}", self.name), bytes, right }
    }
}

/// An ID3 tag of version 2 with a picture of so many bytes.
fn id3(chance: &mut Chance, version: u8, picture: usize) -> Vec<u8> {
    let title = b"TIT2\0\0\0\x07\0\0\0A tale";
    let content = [&b"\0image/jpeg\0\x03\0\xFF\xD8\xFF\xE0"[..], &chance.bytes(picture)].concat();
    let seven = |size: usize| [21, 14, 7, 0].map(|shift| u8::try_from(size >> shift & 0x7F).unwrap());
    let size = match version {
        4 => seven(content.len()),
        _ => u32::try_from(content.len()).unwrap().to_be_bytes(),
    };
    let frames = [title.as_slice(), b"APIC", &size, &[0, 0], &content].concat();
    [b"ID3", [version, 0, 0].as_slice(), &seven(frames.len()), &frames].concat()
}

/// An ID3 tag of version 1.
fn id3v1() -> Vec<u8> {
    let mut tag = [b"TAG".as_slice(), b"A tale"].concat();
    tag.resize(128, 0);
    tag
}

/// An APE tag with a picture of so many bytes, and with or without a header.
fn ape(chance: &mut Chance, picture: usize, header: bool) -> Vec<u8> {
    let picture = [b"cover.jpg\0\xFF\xD8\xFF\xE0".as_slice(), &chance.bytes(picture)].concat();
    let item = |name: &[u8], flags: u32, value: &[u8]| {
        let size = u32::try_from(value.len()).unwrap();
        [&size.to_le_bytes()[..], &flags.to_le_bytes(), name, b"\0", value].concat()
    };
    let items = [item(b"Title", 0, b"A tale"), item(b"Cover Art (Front)", 2, &picture)].concat();
    let frame = |flags: u32| {
        let size = u32::try_from(items.len() + 32).unwrap();
        let numbers = [2000, size, 2, flags].into_iter().flat_map(u32::to_le_bytes);
        [b"APETAGEX".to_vec(), numbers.collect(), vec![0; 8]].concat()
    };
    let flags = if header { 0x8000_0000 } else { 0 };
    [if header { frame(flags | 0x2000_0000) } else { Vec::new() }, items.clone(), frame(flags)].concat()
}

/// Where each frame of MPEG audio begins, told from the first one's own length when all are as long or one longer.
fn frame_starts(bytes: &[u8]) -> Vec<usize> {
    let sync = |at: usize| bytes.get(at..at + 2).is_some_and(|two| two[0] == 0xFF && two[1] == bytes[1]);
    let mut starts = vec![0];
    let mut at = 1;
    while at < bytes.len() {
        // The bits after the sync word that say what kind of stream it is are the same in all frames of one.
        if sync(at) && bytes[at + 2] & 0x0C == bytes[2] & 0x0C && at - starts[starts.len() - 1] > 23 {
            starts.push(at);
        }
        at += 1;
    }
    starts
}

fn xing_at(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).take(400).position(|four| four == b"Info" || four == b"Xing")
}

fn mpeg(chance: &mut Chance, all: &mut Vec<Recording>) {
    for base in MPEG {
        let bytes = base.bytes.to_vec();
        let size = chance.pick(&[10, 70_000, 1_100_000, 2_500_000]);
        let version = chance.pick(&[3, 4]);
        all.push(base.heard("bare", bytes.clone(), 5));
        all.push(base.heard("large-cover", [id3(chance, version, size), bytes.clone()].concat(), 5));
        all.push(base.heard("two-tags", [id3(chance, 3, 5_000), id3(chance, 4, 100), bytes.clone()].concat(), 5));
        all.push(base.heard("zeros-after-tag", [id3(chance, 3, 500), vec![0; 3_000], bytes.clone()].concat(), 5));
        let behind = [bytes.clone(), ape(chance, 100_000, true), id3v1()].concat();
        all.push(base.heard("tags-behind", behind, 5));
        all.push(base.heard("old-ape", [bytes.clone(), ape(chance, 300, false)].concat(), 5));
        let noise: Vec<u8> = chance.bytes(5_000).into_iter().map(|byte| byte & 0x7F).collect();
        all.push(base.heard("noise-in-front", [noise.clone(), bytes.clone()].concat(), 5));
        // Between two frames in the middle of the first tone.
        let starts = frame_starts(&bytes);
        let middle = starts[starts.len() / 3];
        let between = [&bytes[..middle], &noise[..700], &bytes[middle..]].concat();
        all.push(base.heard("noise-between", between, 60));
        let letter = b"ID3 tags are described in this letter, which somebody put between two frames. ";
        all.push(base.heard("letter-between", [&bytes[..middle], letter, &bytes[middle..]].concat(), 60));
        let tag = id3(chance, 4, 80_000);
        all.push(base.heard("tag-between", [&bytes[..middle], &tag, &bytes[middle..]].concat(), 60));
        if let Some(at) = xing_at(&bytes) {
            for (what, frames) in [("counts-nothing", 0_u32), ("counts-too-many", 90_000), ("counts-too-few", 7)] {
                let mut wrong = bytes.clone();
                wrong[at + 8..at + 12].copy_from_slice(&frames.to_be_bytes());
                all.push(base.heard(what, wrong, 110));
            }
        }
    }
    // Files that were joined: of the same kind, of other channels, of another rate; with and without tags in between.
    for first in MPEG.into_iter().take(5) {
        for second in MPEG.into_iter().take(5) {
            let tag = if chance.below(2) == 0 { id3(chance, 3, 40_000) } else { Vec::new() };
            let bytes = [first.bytes, &tag, second.bytes].concat();
            let right = Right::Heard { ms: first.ms + second.ms, within: 250, last: second.last };
            all.push(Recording { name: format!("joined-{}-{}", first.name, second.name), bytes, right });
        }
    }
}

fn ogg(chance: &mut Chance, all: &mut Vec<Recording>) {
    for base in OGG {
        all.push(base.heard("bare", base.bytes.to_vec(), 10));
        all.push(base.heard("tag-in-front", [id3(chance, 3, 3_000), base.bytes.to_vec()].concat(), 10));
    }
    for number in 0..16 {
        let links: Vec<Base> = (0..2 + chance.below(3)).map(|_| chance.pick(&OGG)).collect();
        let ms = links.iter().map(|link| link.ms).sum();
        let last = links[links.len() - 1].last;
        let bytes = links.iter().flat_map(|link| link.bytes).copied().collect();
        all.push(Recording {
            name: format!("chain-{number}.ogg"),
            bytes,
            right: Right::Heard { ms, within: 40, last },
        });
    }
}

fn flac(chance: &mut Chance, all: &mut Vec<Recording>) {
    for base in FLAC {
        all.push(base.heard("bare", base.bytes.to_vec(), 2));
        all.push(base.heard("tag-in-front", [id3(chance, 4, 1_500_000), base.bytes.to_vec()].concat(), 2));
        all.push(base.heard("tag-behind", [base.bytes.to_vec(), id3v1()].concat(), 2));
        // How many samples there are was not known when it was written.
        let mut streamed = base.bytes.to_vec();
        streamed[21] &= 0xF0;
        streamed[22..26].fill(0);
        all.push(base.heard("streamed", streamed, 2));
        // A scratch in the first tone: silence stands for it.
        let mut scratched = base.bytes.to_vec();
        let third = scratched.len() / 3;
        scratched[third..third + 40].fill(0x55);
        all.push(base.heard("scratched", scratched, 400));
    }
}

fn boxes(all: &mut Vec<Recording>) {
    let last_moov = OTHER[0];
    let place = |kind: &[u8; 4]| last_moov.bytes.windows(4).position(|four| four == kind).unwrap() - 4;
    // The empty box in front of the sound makes room for a size of 64 bits.
    let (free, mdat) = (place(b"free"), place(b"mdat"));
    assert_eq!(free + 8, mdat);
    let size = u32::from_be_bytes(last_moov.bytes[mdat..mdat + 4].try_into().unwrap());
    let wide = [&[0, 0, 0, 1][..], b"mdat", &(u64::from(size) + 8).to_be_bytes()].concat();
    let mut bytes = last_moov.bytes.to_vec();
    bytes[free..mdat + 8].copy_from_slice(&wide);
    all.push(last_moov.heard("wide-mdat", bytes, 5));
    let moov = place(b"moov");
    let size = u32::from_be_bytes(last_moov.bytes[moov..moov + 4].try_into().unwrap());
    let head = [&[0, 0, 0, 1][..], b"moov", &(u64::from(size) + 8).to_be_bytes()].concat();
    let bytes = [&last_moov.bytes[..moov], &head, &last_moov.bytes[moov + 8..]].concat();
    all.push(last_moov.heard("wide-moov", bytes, 5));
    // Without edits what the encoder put in front is heard as well.
    let mut bytes = last_moov.bytes.to_vec();
    let edits = place(b"edts");
    bytes[edits + 4..edits + 8].copy_from_slice(b"free");
    all.push(Recording {
        name: "no-edits-a.m4a".into(),
        bytes,
        right: Right::Heard { ms: 1560, within: 25, last: 1500.0 },
    });
    // An edit that ends in the middle of the first tone.
    let mut bytes = last_moov.bytes.to_vec();
    let list = place(b"elst");
    bytes[list + 16..list + 20].copy_from_slice(&700_u32.to_be_bytes());
    let scale = place(b"mvhd") + 20;
    bytes[list + 16..list + 20].copy_from_slice(
        &(u32::from_be_bytes(last_moov.bytes[scale..scale + 4].try_into().unwrap()) * 7 / 10).to_be_bytes(),
    );
    all.push(Recording { name: "edited-a.m4a".into(), bytes, right: Right::Heard { ms: 700, within: 5, last: 440.0 } });
    // The tables say HE-AAC, as its encoders do; within is AAC, which is heard where nothing decodes the rest.
    let mut bytes = last_moov.bytes.to_vec();
    let config = bytes.windows(5).position(|five| five == [0x13, 0x88, 0x56, 0xE5, 0]).unwrap();
    bytes[config..config + 5].copy_from_slice(&[0x2B, 0x8A, 0x04, 0, 0]);
    // Its last frame, of 32 ms, is not cut: its header says nothing of padding.
    all.push(last_moov.heard("he-aac", bytes, 40));
    let bytes = [last_moov.bytes, &[0, 0, 0x10, 0], b"free", &[0; 0xFF8]].concat();
    all.push(last_moov.heard("free-behind", bytes, 5));
}

pub fn recordings(chance: &mut Chance) -> Vec<Recording> {
    let mut all = Vec::new();
    mpeg(chance, &mut all);
    ogg(chance, &mut all);
    flac(chance, &mut all);
    boxes(&mut all);
    all.extend(OTHER.map(|base| base.heard("bare", base.bytes.to_vec(), 25)));
    all.extend(BY_SECOND.map(|base| Recording {
        name: base.name.to_owned(),
        bytes: base.bytes.to_vec(),
        right: Right::BySecond { ms: base.ms, within: 60, last: base.last },
    }));
    all
}
