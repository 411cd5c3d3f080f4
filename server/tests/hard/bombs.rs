//! Files that were never recordings: each asks for more than its bytes are worth, of one thing or another.

use crate::recordings::Chance;

const U32S: [u32; 8] = [0, 1, 4_000, 44_100, 768_000, 0x7FFF_FFFF, 0x8000_0000, u32::MAX];
const U16S: [u16; 8] = [0, 1, 2, 8, 24, 255, 0x8000, u16::MAX];
/// Of what there is much.
const MANY: [usize; 4] = [3, 500, 20_000, 100_000];

type Bomb = fn(&mut Chance) -> (&'static str, Vec<u8>);

pub const BOMBS: [(&str, Bomb); 13] = [
    ("wave", wave),
    ("aiff", aiff),
    ("flac", flac),
    ("ogg pages", ogg),
    ("ogg comments", comments),
    ("mp4 nested", nested_boxes),
    ("mp4 tables", tables),
    ("id3 chapters", id3),
    ("id3 tags", many_tags),
    ("ape", ape),
    ("mpeg rates", mpeg),
    ("matroska", matroska),
    ("caf", caf),
];

fn sized(kind: &[u8], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], kind, content].concat()
}

fn wave(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let wide = chance.below(3) == 0;
    let data = {
        let size = chance.pick(&[0, 1, 3, 4_000, 200_000]);
        chance.bytes(size)
    };
    let mut bytes = if wide { b"RF64".to_vec() } else { b"RIFF".to_vec() };
    bytes.extend(chance.pick(&U32S).to_le_bytes());
    bytes.extend(b"WAVE");
    if wide {
        bytes.extend(b"ds64");
        bytes.extend(chance.pick(&[28_u32, 0, 24, u32::MAX]).to_le_bytes());
        for _ in 0..3 {
            bytes.extend(chance.pick(&[0, 100, data.len() as u64, i64::MAX as u64, u64::MAX]).to_le_bytes());
        }
        bytes.extend(chance.pick(&U32S).to_le_bytes());
    }
    for _ in 0..chance.pick(&[0, 1, 5_000]) {
        bytes.extend(b"junk\0\0\0\0");
    }
    bytes.extend(b"fmt ");
    bytes.extend(chance.pick(&[16_u32, 18, 40, 2, 0, u32::MAX]).to_le_bytes());
    bytes.extend(chance.pick(&[1_u16, 3, 6, 7, 2, 0x11, 0x55, 0xFFFE, 0]).to_le_bytes());
    bytes.extend(chance.pick(&U16S).to_le_bytes());
    bytes.extend(chance.pick(&U32S).to_le_bytes());
    bytes.extend(chance.pick(&U32S).to_le_bytes());
    bytes.extend(chance.pick(&U16S).to_le_bytes());
    bytes.extend(chance.pick(&[8_u16, 16, 24, 32, 64, 0, 1, 7, 33, u16::MAX]).to_le_bytes());
    bytes.extend(b"data");
    bytes.extend(chance.pick(&[u32::try_from(data.len()).unwrap(), 0, u32::MAX, 0x7FFF_FFFF]).to_le_bytes());
    bytes.extend(data);
    ("bomb.wav", bytes)
}

fn aiff(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let data = {
        let size = chance.pick(&[0, 8, 9_000, 200_000]);
        chance.bytes(size)
    };
    let mut common = chance.pick(&U16S).to_be_bytes().to_vec();
    common.extend(chance.pick(&U32S).to_be_bytes());
    common.extend(chance.pick(&[8_u16, 16, 24, 32, 0, 1, u16::MAX]).to_be_bytes());
    // The rate: 80 bits, from nothing to infinity and what is no number.
    common.extend(chance.pick(&[0x400E_u16, 0x400B, 0, 0x7FFF, 0xFFFF, 0x3FFF, 0x43FE]).to_be_bytes());
    common.extend(chance.pick(&[0xAC44_0000_0000_0000_u64, 0, 1, u64::MAX, 1 << 63]).to_be_bytes());
    common.extend(chance.pick(&[&b""[..], b"NONE\0\0", b"sowt\0\0", b"fl64\0\0", b"ulaw\0\0", b"QDM2\xFFA"]));
    let chunk = |kind: &[u8], size: u32, content: &[u8]| [kind, &size.to_be_bytes(), content].concat();
    let common = chunk(b"COMM", u32::try_from(common.len()).unwrap(), &common);
    let stated = chance.pick(&[u32::try_from(data.len() + 8).unwrap(), 0, 7, u32::MAX]);
    let offset = chance.pick(&[0_u32, 1, u32::MAX]).to_be_bytes();
    let sound = chunk(b"SSND", stated, &[&offset[..], &[0; 4], &data].concat());
    let kind = chance.pick(&[b"AIFF", b"AIFC"]);
    let both = if chance.below(4) == 0 { [sound, common].concat() } else { [common, sound].concat() };
    ("bomb.aiff", [&b"FORM"[..], &chance.pick(&U32S).to_be_bytes(), kind, &both].concat())
}

fn flac(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let block = |kind: u8, size: usize| [kind, (size >> 16) as u8, (size >> 8) as u8, size as u8];
    let mut bytes = b"fLaC".to_vec();
    bytes.extend(block(0, 34));
    bytes.extend(chance.pick(&U16S).to_be_bytes());
    bytes.extend(chance.pick(&U16S).to_be_bytes());
    bytes.extend([0; 6]);
    let (rate, channels, bits) =
        (chance.pick(&[0_u64, 1, 4_000, 44_100, 655_350, 0xF_FFFF]), chance.below(8), chance.below(32));
    let samples = chance.pick(&[0, 1, 44_100, (1_u64 << 36) - 1]);
    bytes.extend((rate << 44 | (channels as u64) << 41 | (bits as u64) << 36 | samples).to_be_bytes());
    bytes.extend([0; 16]);
    for _ in 0..chance.pick(&MANY) {
        let kind = chance.pick(&[1_u8, 2, 3, 4, 5, 6, 126]);
        let size = chance.pick(&[0, 4, 18, 36]);
        let stated = if chance.below(500) == 0 { 0xFF_FFFF } else { size };
        bytes.extend(block(kind, stated));
        let filling = chance.pick(&[0, 0, 0xFF]);
        bytes.extend(vec![filling; size]);
    }
    bytes.extend(block(0x81, 0));
    let frames = include_bytes!("../../../sound/tests/fixtures/a.flac");
    for _ in 0..chance.pick(&[1, 1, 60]) {
        bytes.extend(&frames[frames.len() / 2..]);
    }
    ("bomb.flac", bytes)
}

/// A page with so many bytes, its checksum left out: it is wrong, or nobody looks.
fn page(kind: u8, granule: u64, serial: u32, lacing: &[u8], content: &[u8]) -> Vec<u8> {
    let mut page = b"OggS\0".to_vec();
    page.push(kind);
    page.extend(granule.to_le_bytes());
    page.extend(serial.to_le_bytes());
    page.extend([0; 8]);
    page.push(u8::try_from(lacing.len()).unwrap());
    page.extend(lacing);
    page.extend(content);
    let sum = crc(&page);
    page[22..26].copy_from_slice(&sum.to_le_bytes());
    page
}

/// The checksum of Ogg (RFC 3533): 0x04C11DB7, nothing reversed.
fn crc(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |sum, byte| {
        (0..8)
            .fold(sum ^ u32::from(*byte) << 24, |sum, _| if sum >> 31 == 1 { sum << 1 ^ 0x04C1_1DB7 } else { sum << 1 })
    })
}

fn ogg(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let first = chance.pick(&[
        include_bytes!("../../../sound/tests/fixtures/a.ogg").as_slice(),
        include_bytes!("../../../sound/tests/fixtures/a.opus"),
    ]);
    let mut bytes = first[..chance.pick(&[0, 58, 200, first.len()])].to_vec();
    let fixed = chance.below(2) == 0;
    let endless = chance.below(3) == 0;
    for number in 0..chance.pick(&[3, 300, 4_000]) {
        let serial = if fixed { 7 } else { number };
        let granule = chance.pick(&[0, 1, u64::from(number) * 960, u64::MAX, i64::MAX as u64]);
        let kind = chance.pick(&[0, 1, 2, 4, 6]);
        let lacing = if endless { vec![255; 255] } else { vec![chance.pick(&[0, 1, 30]); chance.pick(&[0, 1, 255])] };
        let size = lacing.iter().map(|byte| usize::from(*byte)).sum();
        let size = if endless && number > 300 { 0 } else { size };
        bytes.extend(page(kind, granule, serial, &lacing, &vec![0x4F; size]));
    }
    ("bomb.ogg", bytes)
}

fn comments(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let mut packet = b"OpusTags\x04\0\0\0nobo".to_vec();
    packet.extend(chance.pick(&U32S).to_le_bytes());
    for number in 0..chance.pick(&MANY) {
        let line = format!("CHAPTER{:03}={:02}:00:00.000", number % 1000, number % 100);
        let stated = if chance.below(3_000) == 0 { u32::MAX } else { u32::try_from(line.len()).unwrap() };
        packet.extend(stated.to_le_bytes());
        packet.extend(line.bytes());
    }
    let opus = include_bytes!("../../../sound/tests/fixtures/a.opus");
    let end = opus.windows(4).skip(1).position(|four| four == b"OggS").unwrap() + 1;
    let serial = u32::from_le_bytes(opus[14..18].try_into().unwrap());
    let mut bytes = opus[..end].to_vec();
    for (number, piece) in packet.chunks(255 * 255).enumerate() {
        let mut lacing = vec![255; piece.len() / 255];
        if piece.len() < 255 * 255 {
            lacing.push(u8::try_from(piece.len() % 255).unwrap());
        }
        bytes.extend(page(u8::from(number > 0), 0, serial, &lacing, piece));
    }
    bytes.extend(&opus[end..]);
    ("bomb.opus", bytes)
}

fn nested_boxes(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let kinds = [
        &b"moov"[..],
        b"trak",
        b"mdia",
        b"minf",
        b"stbl",
        b"udta",
        b"meta",
        b"ilst",
        b"moof",
        b"traf",
        b"edts",
        b"stsd",
    ];
    let deep = chance.pick(&[10_usize, 1_000, 30_000]);
    let mut inner = Vec::new();
    let same = chance.below(2) == 0;
    let first = chance.pick(&kinds);
    // From the innermost outwards; only the heads, as all end at the same place.
    for level in 0..deep {
        let kind = if same { first } else { chance.pick(&kinds) };
        let size = u32::try_from((level + 1) * 8).unwrap();
        inner.push([&size.to_be_bytes()[..], kind].concat());
    }
    inner.reverse();
    let top = [&b"isom\0\0\0\0"[..], b"M4A "].concat();
    let mut bytes = sized(b"ftyp", &top);
    bytes.extend(inner.concat());
    ("bomb.m4a", bytes)
}

fn tables(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let mut bytes = include_bytes!("../../../sound/tests/fixtures/fast.m4a").to_vec();
    for name in [b"stts", b"stsc", b"stsz", b"stco", b"mdhd", b"mvhd", b"elst"] {
        if let Some(at) = bytes.windows(4).position(|four| four == name)
            && chance.below(2) == 0
        {
            let number = at + 8 + 4 * chance.below(4);
            bytes[number..number + 4].copy_from_slice(&chance.pick(&U32S).to_be_bytes());
        }
    }
    ("bomb.m4b", bytes)
}

fn frame(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len()).unwrap();
    [kind, &size.to_be_bytes()[..], &[0, 0], content].concat()
}

fn tag(frames: &[u8], flags: u8) -> Vec<u8> {
    let size = [21, 14, 7, 0].map(|shift| u8::try_from(frames.len() >> shift & 0x7F).unwrap());
    [b"ID3\x03\0", [flags].as_slice(), &size, frames].concat()
}

const SOUND: &[u8] = include_bytes!("../../../sound/tests/fixtures/a.mp3");

fn id3(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let mut frames = Vec::new();
    let size = chance.pick(&[20, 2_000]);
    let text = [&b"\x01\xFF\xFE"[..], &chance.bytes(size)].concat();
    for number in 0..chance.pick(&MANY).min(200_000_000 / (size + 60)).min(30_000) {
        let kind = chance.pick(&[b"CHAP", b"CHAP", b"CTOC", b"TXXX", b"TIT2", b"APIC", b"COMM"]);
        let times = [chance.pick(&U32S), chance.pick(&U32S), u32::MAX, u32::MAX].map(u32::to_be_bytes).concat();
        let name = format!("c{number}\0");
        let content = [name.as_bytes(), &times, &frame(b"TIT2", &text)].concat();
        frames.extend(frame(kind, &content));
    }
    let flags = chance.pick(&[0, 0, 0x80, 0x40]);
    ("bomb-chapters.mp3", [tag(&frames, flags), SOUND.to_vec()].concat())
}

fn many_tags(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let one = tag(&frame(b"TALB", b"\0A tale"), 0);
    let picture = frame(
        b"APIC",
        &[&b"\0image/png\0\x03\0\x89PNG\r\n\x1A\n"[..], &vec![7; chance.pick(&[0, 9_000_000, 17_000_000])]].concat(),
    );
    let bytes = [tag(&picture, 0), one.repeat(chance.pick(&MANY)), SOUND.to_vec()].concat();
    ("bomb-tags.mp3", bytes)
}

fn ape(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let mut items = Vec::new();
    for number in 0..chance.pick(&MANY) {
        let stated = if chance.below(2_000) == 0 { u32::MAX } else { 4 };
        items.extend([&stated.to_le_bytes()[..], &[0; 4], format!("Title{number}\0tale").as_bytes()].concat());
    }
    let size = chance.pick(&[u32::try_from(items.len() + 32).unwrap(), 0, 31, u32::MAX]);
    let numbers = [2000, size, chance.pick(&U32S), 0].into_iter().flat_map(u32::to_le_bytes);
    let footer = [b"APETAGEX".to_vec(), numbers.collect(), vec![0; 8]].concat();
    ("bomb-ape.mp3", [SOUND.to_vec(), items, footer].concat())
}

/// Frames of changing kinds, rates and lengths, with noise in them.
fn mpeg(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let mut bytes = Vec::new();
    let alike = chance.below(2) == 0;
    let kinds = [0xFB_u8, 0xF3, 0xE3, 0xFD, 0xFF, 0xF5];
    let kind = chance.pick(&kinds);
    for _ in 0..chance.pick(&[5, 400, 4_000]) {
        let second = if alike { kind } else { chance.pick(&kinds) };
        let third = u8::try_from(chance.below(256)).unwrap();
        let fourth = u8::try_from(chance.below(256)).unwrap();
        let size = chance.pick(&[24, 417, 1_000]);
        bytes.extend([0xFF, second, third, fourth]);
        bytes.extend(chance.bytes(size));
    }
    ("bomb.mp3", bytes)
}

fn matroska(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let file = chance.pick(&[
        include_bytes!("../../../sound/tests/fixtures/opus.mka").as_slice(),
        include_bytes!("../../../sound/tests/fixtures/vorbis.webm"),
        include_bytes!("../../../sound/tests/fixtures/flac.mka"),
    ]);
    let segment = file.windows(4).position(|four| four == [0x18, 0x53, 0x80, 0x67]).unwrap();
    let unknown = [0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    let mut bytes = file[..segment].to_vec();
    // A segment in a segment, clusters in clusters, tags in tags, all without a known end.
    let masters: [&[u8]; 6] = [
        &[0x18, 0x53, 0x80, 0x67],
        &[0x1F, 0x43, 0xB6, 0x75],
        &[0x12, 0x54, 0xC3, 0x67],
        &[0x10, 0x43, 0xA7, 0x70],
        &[0x67, 0xC8],
        &[0xB6],
    ];
    let same = chance.pick(&masters);
    let mix = chance.below(2) == 0;
    bytes.extend([masters[0], &unknown].concat());
    for _ in 0..chance.pick(&MANY) {
        bytes.extend(if mix { chance.pick(&masters) } else { same });
        bytes.extend(chance.pick(&[&unknown[..], &[0x80], &[0x01, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF], &[0x84]]));
    }
    bytes.extend(&file[segment..]);
    ("bomb.mka", bytes)
}

fn caf(chance: &mut Chance) -> (&'static str, Vec<u8>) {
    let mut bytes = b"caff\0\x01\0\0desc\0\0\0\0\0\0\0\x20".to_vec();
    bytes.extend(chance.pick(&[44_100.0_f64, 0.0, -1.0, 1e300, f64::NAN, f64::INFINITY]).to_be_bytes());
    bytes.extend(chance.pick(&[b"lpcm", b"alac", b"aac ", b"ulaw", b"opus"]));
    for _ in 0..5 {
        bytes.extend(chance.pick(&U32S).to_be_bytes());
    }
    bytes.extend(b"pakt");
    bytes.extend(chance.pick(&[24_u64, 0, u64::MAX]).to_be_bytes());
    for _ in 0..3 {
        bytes.extend(chance.pick(&[0_u64, 1, 1 << 40, u64::MAX]).to_be_bytes());
    }
    bytes.extend(b"data");
    bytes.extend(chance.pick(&[u64::MAX, 0, 9_000]).to_be_bytes());
    let size = chance.pick(&[4, 9_000]);
    bytes.extend(chance.bytes(size));
    ("bomb.caf", bytes)
}
