//! The boxes of fragmented MP4 with Opus: ISO/IEC 14496-12, and “Encapsulation of Opus in ISO Base Media File Format”.

use super::opus::{FRAME, RATE};

/// The place of one sound in its file; there is no other.
const TRACK: u32 = 1;
/// A sample is heard right once so many packets before it were decoded: 80 ms, as the encapsulation asks for.
const PRE_ROLL: i16 = -4;
/// Packets in a piece: five seconds.
pub const PACKETS: usize = 250;
/// References that the index of a file can hold.
const MOST_REFERENCES: usize = u16::MAX as usize;
const UNITY: u32 = 0x0001_0000;
const MATRIX: [u32; 9] = [UNITY, 0, 0, 0, UNITY, 0, 0, 0, 0x4000_0000];

/// What the head of a file says of its sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sound {
    /// 1 or 2.
    pub channels: u8,
    /// Samples of each channel that are heard.
    pub samples: u64,
    /// Samples that come out before the first of them.
    pub delay: u16,
}

impl Sound {
    /// Packets that it takes.
    pub fn packets(&self) -> u64 {
        (self.samples + u64::from(self.delay)).div_ceil(FRAME as u64)
    }
}

/// A box of a kind.
fn boxed(kind: &[u8; 4], contents: &[&[u8]]) -> Vec<u8> {
    let length = 8 + contents.iter().map(|content| content.len()).sum::<usize>();
    let mut whole = Vec::with_capacity(length);
    whole.extend(u32::try_from(length).unwrap_or(u32::MAX).to_be_bytes());
    whole.extend(kind);
    for content in contents {
        whole.extend(*content);
    }
    whole
}

/// A box with a version and flags.
fn full(kind: &[u8; 4], version: u8, flags: u32, contents: &[&[u8]]) -> Vec<u8> {
    let head = (u32::from(version) << 24 | flags).to_be_bytes();
    let all: Vec<&[u8]> = std::iter::once(&head[..]).chain(contents.iter().copied()).collect();
    boxed(kind, &all)
}

fn words(numbers: impl IntoIterator<Item = u32>) -> Vec<u8> {
    numbers.into_iter().flat_map(u32::to_be_bytes).collect()
}

/// All that comes before the pieces, of which `sizes` are the bytes.
pub fn head(sound: &Sound, sizes: &[u32]) -> Vec<u8> {
    [file_type(), movie(sound), index(sound, sizes)].concat()
}

fn file_type() -> Vec<u8> {
    boxed(b"ftyp", &[b"iso6", &0_u32.to_be_bytes(), b"iso6isommp41dash"])
}

fn movie(sound: &Sound) -> Vec<u8> {
    let no_times = words([0, 0, RATE, 0]);
    let header = full(
        b"mvhd",
        0,
        0,
        &[&no_times, &words([UNITY, 0x0100_0000, 0, 0]), &words(MATRIX), &words([0; 6]), &words([2])],
    );
    let length = full(b"mehd", 1, 0, &[&sound.samples.to_be_bytes()]);
    // Each packet lasts as long, and needs none before it to be begun with.
    let usual = full(b"trex", 0, 0, &[&words([TRACK, 1, FRAME as u32, 0, 0x0200_0000])]);
    boxed(b"moov", &[&header, &track(sound), &boxed(b"mvex", &[&length, &usual])])
}

fn track(sound: &Sound) -> Vec<u8> {
    const ENABLED_AND_HEARD: u32 = 7;
    let header = full(
        b"tkhd",
        0,
        ENABLED_AND_HEARD,
        &[&words([0, 0, TRACK, 0, 0, 0, 0, 0, 0x0100_0000]), &words(MATRIX), &words([0, 0])],
    );
    // One edit that lasts as long as there are pieces, and begins behind what the encoder put in front.
    let edit = full(b"elst", 0, 0, &[&words([1, 0, u32::from(sound.delay), UNITY])]);
    let edits = boxed(b"edts", &[&edit]);
    boxed(b"trak", &[&header, &edits, &media(sound)])
}

fn media(sound: &Sound) -> Vec<u8> {
    const UNDETERMINED: [u8; 2] = [0x55, 0xC4];
    let header = full(b"mdhd", 0, 0, &[&words([0, 0, RATE, 0]), &UNDETERMINED, &[0, 0]]);
    let handler = full(b"hdlr", 0, 0, &[&words([0]), b"soun", &words([0, 0, 0]), b"Sound\0"]);
    let place = boxed(b"dinf", &[&full(b"dref", 0, 0, &[&words([1]), &full(b"url ", 0, 1, &[])])]);
    let none = |kind: &[u8; 4], zeros: usize| full(kind, 0, 0, &[&vec![0; zeros]]);
    let groups = full(b"sgpd", 1, 0, &[b"roll", &words([2, 1]), &PRE_ROLL.to_be_bytes()]);
    let table = boxed(
        b"stbl",
        &[
            &full(b"stsd", 0, 0, &[&words([1]), &entry(sound)]),
            &none(b"stts", 4),
            &none(b"stsc", 4),
            &none(b"stsz", 8),
            &none(b"stco", 4),
            &groups,
        ],
    );
    let information = boxed(b"minf", &[&full(b"smhd", 0, 0, &[&[0; 4]]), &place, &table]);
    boxed(b"mdia", &[&header, &handler, &information])
}

/// The sample entry, with what an Opus decoder has to be told.
fn entry(sound: &Sound) -> Vec<u8> {
    let channels = [0, sound.channels];
    let decoder = boxed(
        b"dOps",
        &[&[0, sound.channels], &sound.delay.to_be_bytes(), &RATE.to_be_bytes(), &0_i16.to_be_bytes(), &[0]],
    );
    boxed(
        b"Opus",
        &[&[0, 0, 0, 0, 0, 0, 0, 1], &[0; 8], &channels, &[0, 16, 0, 0, 0, 0], &words([RATE << 16]), &decoder],
    )
}

/// Where each piece lies and when it begins, so that a player goes anywhere with one request.
fn index(sound: &Sound, sizes: &[u32]) -> Vec<u8> {
    // More pieces than references: several share one.
    let together = sizes.len().div_ceil(MOST_REFERENCES).max(1);
    let all = sound.samples + u64::from(sound.delay);
    let mut references = Vec::with_capacity(sizes.len() * 12);
    let mut begin = 0;
    for sizes in sizes.chunks(together) {
        let samples = (PACKETS * FRAME * sizes.len()) as u64;
        let lasts = samples.min(all.saturating_sub(begin));
        begin += samples;
        let bytes: u32 = sizes.iter().sum();
        // It begins with a packet that can be begun with.
        references.extend(words([bytes, u32::try_from(lasts).unwrap_or(u32::MAX), 0x9000_0000]));
    }
    let count = u16::try_from(references.len() / 12).unwrap_or(u16::MAX);
    full(b"sidx", 1, 0, &[&words([TRACK, RATE]), &[0; 16], &[0, 0], &count.to_be_bytes(), &references])
}

/// A piece: packets, and when they begin. `last` is how long the last of them lasts, in samples, where the sound ends in it.
pub fn piece(number: u32, packets: &[Vec<u8>], last: Option<u32>) -> Vec<u8> {
    const DATA_OFFSET: u32 = 0x1;
    const DURATIONS: u32 = 0x100;
    const SIZES: u32 = 0x200;
    const FROM_ITS_OWN_START: u32 = 0x02_0000;
    const USUAL_DURATION: u32 = 0x8;
    let begin = u64::from(number) * (PACKETS * FRAME) as u64;
    let count = u32::try_from(packets.len()).unwrap_or(u32::MAX);
    let header = full(b"tfhd", 0, FROM_ITS_OWN_START | USUAL_DURATION, &[&words([TRACK, FRAME as u32])]);
    let time = full(b"tfdt", 1, 0, &[&begin.to_be_bytes()]);
    let group = full(b"sbgp", 0, 0, &[b"roll", &words([1, count, 1])]);
    let lengths = packets.iter().enumerate().flat_map(|(place, packet)| {
        let size = u32::try_from(packet.len()).unwrap_or(0);
        let duration = last.map(|last| if place + 1 == packets.len() { last } else { FRAME as u32 });
        duration.into_iter().chain([size])
    });
    let lengths = words(lengths);
    let flags = DATA_OFFSET | SIZES | if last.is_some() { DURATIONS } else { 0 };
    let fragment = |offset: u32| {
        let run = full(b"trun", 0, flags, &[&words([count, offset]), &lengths]);
        let track = boxed(b"traf", &[&header, &time, &run, &group]);
        boxed(b"moof", &[&full(b"mfhd", 0, 0, &[&words([number + 1])]), &track])
    };
    // The data come right behind the fragment that says so, and its own header before them.
    let offset = u32::try_from(fragment(0).len() + 8).unwrap_or(0);
    let mut whole = fragment(offset);
    let packets: Vec<&[u8]> = packets.iter().map(Vec::as_slice).collect();
    whole.extend(boxed(b"mdat", &packets));
    whole
}

/// The index at the end, for players that look there: when each piece begins and where. `from` is where the first lies.
pub fn tail(from: u64, sizes: &[u32]) -> Vec<u8> {
    let (mut at, mut begin) = (from, 0_u64);
    let mut entries = Vec::with_capacity(sizes.len() * 19);
    for size in sizes {
        entries.extend(begin.to_be_bytes());
        entries.extend(at.to_be_bytes());
        entries.extend([1, 1, 1]);
        at += u64::from(*size);
        begin += (PACKETS * FRAME) as u64;
    }
    let count = u32::try_from(sizes.len()).unwrap_or(u32::MAX);
    let table = full(b"tfra", 1, 0, &[&words([TRACK, 0, count]), &entries]);
    let size = u32::try_from(table.len() + 24).unwrap_or(u32::MAX);
    boxed(b"mfra", &[&table, &full(b"mfro", 0, 0, &[&words([size])])])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The kinds and lengths of boxes one after the other.
    fn outline(mut bytes: &[u8]) -> Vec<(String, usize)> {
        let mut found = Vec::new();
        while bytes.len() >= 8 {
            let size = u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize;
            found.push((String::from_utf8_lossy(&bytes[4..8]).into_owned(), size));
            bytes = &bytes[size..];
        }
        assert!(bytes.is_empty(), "{} bytes behind the last box", bytes.len());
        found
    }

    const SOUND: Sound = Sound { channels: 1, samples: 48_000 * 12, delay: 312 };

    #[test]
    fn a_file_is_boxes_to_its_last_byte() {
        let head = head(&SOUND, &[100, 200, 300]);
        let kinds: Vec<String> = outline(&head).into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["ftyp", "moov", "sidx"]);
        let piece = piece(0, &[vec![1; 40], vec![2; 50]], None);
        let kinds = outline(&piece);
        assert_eq!(kinds[0].0, "moof");
        assert_eq!(kinds[1], ("mdat".to_owned(), 98));
        let tail = tail(head.len() as u64, &[100, 200, 300]);
        assert_eq!(tail[tail.len() - 4..], u32::try_from(tail.len()).unwrap().to_be_bytes());
    }

    #[test]
    fn the_packets_of_a_piece_lie_where_it_says() {
        let piece = piece(3, &[vec![7; 40]], Some(500));
        let run = piece.windows(4).position(|four| four == b"trun").unwrap() + 4;
        let word = |at: usize| u32::from_be_bytes(piece[at..at + 4].try_into().unwrap());
        let (count, offset) = (word(run + 4), word(run + 8) as usize);
        assert_eq!((count, word(run + 12), word(run + 16)), (1, 500, 40));
        assert_eq!(piece[offset..offset + 40], [7; 40]);
        assert_eq!(&piece[offset - 4..offset], b"mdat");
    }

    #[test]
    fn the_index_adds_up_to_the_whole_sound() {
        let head = head(&SOUND, &[100, 200, 300]);
        let at = head.windows(4).position(|four| four == b"sidx").unwrap() + 4;
        let references = &head[at + 32..];
        let words: Vec<u32> =
            references.chunks_exact(4).map(|four| u32::from_be_bytes(four.try_into().unwrap())).collect();
        let lasts: u32 = words.chunks_exact(3).map(|reference| reference[1]).sum();
        assert_eq!((words[0], words[3], words[6]), (100, 200, 300));
        assert_eq!(u64::from(lasts), SOUND.samples + 312);
    }
}
