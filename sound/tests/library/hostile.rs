//! What is no recording, or wants more than its bytes are worth.

use super::{Chance, Recording, Right};

fn wave(rate: u32, channels: u16, stated: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = b"RIFF".to_vec();
    bytes.extend((stated.wrapping_add(36)).to_le_bytes());
    bytes.extend(b"WAVEfmt \x10\0\0\0\x01\0");
    bytes.extend(channels.to_le_bytes());
    bytes.extend(rate.to_le_bytes());
    bytes.extend(rate.wrapping_mul(2).to_le_bytes());
    bytes.extend([2, 0, 16, 0]);
    bytes.extend(b"data");
    bytes.extend(stated.to_le_bytes());
    bytes.extend(data);
    bytes
}

pub fn recordings(chance: &mut Chance) -> Vec<Recording> {
    let mut all = Vec::new();
    let mut refuse = |name: &str, says: &'static str, bytes: Vec<u8>| {
        all.push(Recording { name: name.to_owned(), bytes, right: Right::Refused(says) });
    };
    refuse("empty.mp3", "is empty", Vec::new());
    refuse("letter.mp3", "is not audio", "Dear reader, this is a letter. ".repeat(2_000).into_bytes());
    refuse("tag-alone.mp3", "is not audio", b"ID3\x03\0\0\0\0\0\x11TIT2\0\0\0\x07\0\0\0A tale".to_vec());
    refuse("tag-without-end.mp3", "is not audio", b"ID3\x03\0\0\x7F\x7F\x7F\x7FTIT2".to_vec());
    refuse("zeros.mp3", "is not audio", vec![0; 100_000]);
    refuse("ones.mp3", "is not audio", vec![0xFF; 100_000]);
    for number in 0..8 {
        let size = 1_000 + chance.below(60_000);
        let name = format!("noise-{number}.mp3");
        refuse(&name, "is not audio", chance.bytes(size));
    }
    let picture = [&[0xFF, 0xD8, 0xFF, 0xE0][..], &chance.bytes(9_000)].concat();
    refuse("cover.mp3", "a JPEG picture", picture);
    refuse("cover.m4b", "a PNG picture", [b"\x89PNG\r\n\x1A\n".to_vec(), chance.bytes(9_000)].concat());
    refuse("book.mp3", "a PDF document", [b"%PDF-1.7\n".to_vec(), chance.bytes(9_000)].concat());
    refuse("book.m4b", "a ZIP archive", [b"PK\x03\x04".to_vec(), chance.bytes(9_000)].concat());
    refuse("notes.mp3", "MIDI", [b"MThd\0\0\0\x06".to_vec(), chance.bytes(900)].concat());
    refuse("list.mp3", "a playlist", b"#EXTM3U\nfile:///etc/passwd\n".to_vec());
    refuse("bought.aax", "protected against copying", [b"\0\0\0\x18ftypaax ".to_vec(), vec![0; 4_000]].concat());
    refuse("bomb.flac", "1 samples a second", include_bytes!("../fixtures/bomb.flac").to_vec());
    refuse("slow.wav", "1 samples a second", wave(1, 1, 90_000, &[1; 90_000]));
    refuse("telephone.wav", "3999 samples a second", wave(3_999, 1, 9_000, &[1; 9_000]));
    refuse("swift.wav", "3000000 samples a second", wave(3_000_000, 1, 9_000, &[1; 9_000]));
    refuse("silent-header.wav", "is not audio", wave(16_000, 0, 9_000, &[1; 9_000]));
    refuse("no-samples.wav", "holds no sound", wave(16_000, 1, 0, &[]));
    refuse("cut-off.wav", "is cut off", wave(16_000, 1, 320_000, &[1; 100_000]));
    let moov_first = include_bytes!("../fixtures/fast.m4a");
    refuse("cut-off-tables.m4a", "", moov_first[..200].to_vec());
    let flac = include_bytes!("../fixtures/a.flac");
    refuse("head-alone.flac", "", flac[..60].to_vec());
    let mp4 = include_bytes!("../fixtures/a.m4a");
    let moov = mp4.windows(4).position(|four| four == b"moov").unwrap() - 4;
    refuse("no-tables.m4a", "", mp4[..moov].to_vec());
    let ogg = include_bytes!("../fixtures/a.ogg");
    refuse("head-alone.ogg", "", ogg[..60].to_vec());
    // A table that says it has a milliard of entries.
    let mut entries = moov_first.to_vec();
    let sizes = entries.windows(4).position(|four| four == b"stsz").unwrap();
    entries[sizes + 12..sizes + 16].copy_from_slice(&1_000_000_000_u32.to_be_bytes());
    refuse("a-milliard.m4a", "", entries);
    all
}
