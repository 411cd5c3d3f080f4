//! ID3 tags: version 1 in the last 128 bytes, versions 2.2 to 2.4 in front, in chunks of WAV and AIFF, or behind
//! (<https://id3.org>), with chapters (the addendum "ID3v2 Chapter Frame").

use super::{Cover, LARGEST_COVER, LONGEST_TEXT, Tags, tidy};
use crate::decode::Mark;
use crate::source::Window;
use std::io;

pub const V1_BYTES: u64 = 128;
const HEADER: u64 = 10;
/// Frames in one tag; more is not a tag.
const MOST_FRAMES: usize = 20_000;
const MOST_CHAPTERS: usize = 10_000;

/// Where the tag that begins at `at` ends; none when there is none.
pub fn end(file: &Window, at: u64) -> io::Result<Option<u64>> {
    let Some(header) = file.exactly(at, 10)? else { return Ok(None) };
    let [b'I', b'D', b'3', major, minor, flags, size @ ..] = header.as_slice() else { return Ok(None) };
    // Text may begin with these three letters as well.
    if !(2..=4).contains(major) || *minor == 0xFF || flags & 0x0F != 0 || size.iter().any(|byte| *byte >= 0x80) {
        return Ok(None);
    }
    let footer = if *major == 4 && flags & 0x10 != 0 { HEADER } else { 0 };
    Ok(Some((at + HEADER + u64::from(synchsafe(size)) + footer).min(file.len())))
}

/// Where the tag begins that ends at `end` with a footer.
pub fn footer(file: &Window, end: u64) -> io::Result<Option<u64>> {
    let Some(at) = end.checked_sub(HEADER) else { return Ok(None) };
    let Some(footer) = file.exactly(at, 10)? else { return Ok(None) };
    let [b'3', b'D', b'I', _, _, _, size @ ..] = footer.as_slice() else { return Ok(None) };
    Ok(at.checked_sub(u64::from(synchsafe(size)) + HEADER))
}

pub fn has_v1(file: &Window) -> io::Result<bool> {
    Ok(match file.len().checked_sub(V1_BYTES) {
        Some(at) => file.peek(at, 3)? == b"TAG",
        None => false,
    })
}

/// The last 128 bytes: thirty signs for each text.
pub fn read_v1(file: &Window, tags: &mut Tags) -> io::Result<()> {
    if !has_v1(file)? {
        return Ok(());
    }
    let tag = file.peek(file.len() - V1_BYTES, 128)?;
    let text = |from: usize, length: usize| latin1(tag.get(from..from + length).unwrap_or_default());
    tags.take("title", &text(3, 30));
    tags.take("artist", &text(33, 30));
    tags.take("album", &text(63, 30));
    tags.take("year", &text(93, 4));
    if let (Some(0), Some(track)) = (tag.get(125), tag.get(126)) {
        tags.take("track", &track.to_string());
    }
    Ok(())
}

/// Tags in a chunk of WAV or AIFF: `id3 ` or `ID3 `.
pub fn in_chunks(file: &Window, tags: &mut Tags) -> io::Result<()> {
    let big = file.peek(0, 4)? == b"FORM";
    let mut at = 12;
    for _ in 0..1000 {
        let Some(header) = file.exactly(at, 8)? else { break };
        let [a, b, c, d, size @ ..] = header.as_slice() else { break };
        let Ok(size) = <[u8; 4]>::try_from(size) else { break };
        let size = u64::from(if big { u32::from_be_bytes(size) } else { u32::from_le_bytes(size) });
        if matches!([*a, *b, *c, *d], [b'i' | b'I', b'd' | b'D', b'3', b' ']) {
            read(file, at + 8, tags)?;
        }
        at += 8 + size + size % 2;
    }
    Ok(())
}

/// Reads the tag that begins at `at`.
pub fn read(file: &Window, at: u64, tags: &mut Tags) -> io::Result<()> {
    let Some(end) = end(file, at)? else { return Ok(()) };
    let Some(header) = file.exactly(at, 10)? else { return Ok(()) };
    let (major, flags) = (header[3], header[5]);
    let mut from = at + HEADER;
    if major > 2 && flags & 0x40 != 0 {
        let Some(size) = file.exactly(from, 4)? else { return Ok(()) };
        from += if major == 4 { u64::from(synchsafe(&size)) } else { u64::from(plain(&size)) + 4 };
    }
    // Before 2.4 the whole tag is written so that no two bytes look like the start of a frame of sound.
    let unsynced = major < 4 && flags & 0x80 != 0;
    let mut found = Found::default();
    let mut frames = Frames { of: file, at: from, end, major, unsynced };
    for _ in 0..MOST_FRAMES {
        let Some(frame) = frames.next()? else { break };
        take(&frames, &frame, tags, &mut found)?;
    }
    if tags.marks.is_empty() {
        tags.marks = found.marks();
    }
    Ok(())
}

/// The chapters of one tag, and the list that orders them.
#[derive(Default)]
struct Found {
    chapters: Vec<(Vec<u8>, Mark)>,
    /// Identifiers of the chapters in the table of contents at the top.
    listed: Vec<Vec<u8>>,
}

impl Found {
    fn marks(self) -> Vec<Mark> {
        // Where a table of contents names some, the others are not meant to be shown.
        let chosen = self.chapters.iter().filter(|(id, _)| self.listed.is_empty() || self.listed.contains(id));
        let mut marks: Vec<Mark> = chosen.map(|(_, mark)| mark.clone()).collect();
        if marks.len() < 2 {
            marks = self.chapters.into_iter().map(|(_, mark)| mark).collect();
        }
        marks.sort_by_key(|mark| mark.start_ms);
        marks
    }
}

struct Frames<'a> {
    of: &'a Window,
    at: u64,
    end: u64,
    major: u8,
    unsynced: bool,
}

struct Frame {
    name: [u8; 4],
    at: u64,
    size: u64,
    unsynced: bool,
    compressed: bool,
}

impl Frames<'_> {
    fn next(&mut self) -> io::Result<Option<Frame>> {
        let short = self.major == 2;
        let head = if short { 6 } else { 10 };
        if self.at + head > self.end {
            return Ok(None);
        }
        let Some(header) = self.of.exactly(self.at, usize::try_from(head).unwrap_or(10))? else { return Ok(None) };
        let (name, size, flags) = if short {
            let [a, b, c, size @ ..] = header.as_slice() else { return Ok(None) };
            (long_name([*a, *b, *c]), u64::from(plain(size)), 0)
        } else {
            let [a, b, c, d, s0, s1, s2, s3, _, flags] = header.as_slice() else { return Ok(None) };
            let size = [*s0, *s1, *s2, *s3];
            let size = if self.major == 4 { self.size_of_2_4(size)? } else { u64::from(plain(&size)) };
            ([*a, *b, *c, *d], size, *flags)
        };
        let at = self.at + head;
        if !name.iter().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit()) || size > self.end - at {
            return Ok(None);
        }
        self.at = at + size;
        let mut frame = Frame { name, at, size, unsynced: self.unsynced, compressed: false };
        let skip = match self.major {
            4 => {
                frame.unsynced = flags & 0x02 != 0;
                frame.compressed = flags & 0x0C != 0;
                u64::from(flags & 0x40 != 0) + if flags & 0x01 != 0 { 4 } else { 0 }
            }
            3 => {
                frame.compressed = flags & 0xC0 != 0;
                u64::from(flags & 0x20 != 0)
            }
            _ => 0,
        };
        let skip = skip.min(size);
        (frame.at, frame.size) = (at + skip, size - skip);
        Ok(Some(frame))
    }

    /// Sizes of 2.4 have seven bits a byte; programs of great renown wrote eight. What leads to another frame is right.
    fn size_of_2_4(&self, size: [u8; 4]) -> io::Result<u64> {
        let (seven, eight) = (u64::from(synchsafe(&size)), u64::from(plain(&size)));
        if seven == eight || size.iter().any(|byte| *byte >= 0x80) {
            return Ok(eight);
        }
        let leads = |size: u64| -> io::Result<bool> {
            let next = self.at + 10 + size;
            let name = self.of.peek(next, 4)?;
            Ok(next == self.end
                || (next < self.end
                    && name.iter().all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit() || *sign == 0)))
        };
        Ok(if !leads(seven)? && leads(eight)? { eight } else { seven })
    }

    fn content(&self, frame: &Frame, most: usize) -> io::Result<Vec<u8>> {
        let bytes = self.of.peek(frame.at, usize::try_from(frame.size).unwrap_or(most).min(most))?;
        Ok(if frame.unsynced { resynced(&bytes) } else { bytes })
    }
}

/// Takes away the zero that was put after each 0xFF.
fn resynced(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut before = 0;
    for byte in bytes {
        if !(before == 0xFF && *byte == 0) {
            out.push(*byte);
        }
        before = *byte;
    }
    out
}

fn take(frames: &Frames<'_>, frame: &Frame, tags: &mut Tags, found: &mut Found) -> io::Result<()> {
    if frame.compressed {
        return Ok(());
    }
    match &frame.name {
        b"APIC" if tags.cover.is_none() && frame.size <= LARGEST_COVER => {
            let content = frames.content(frame, usize::try_from(LARGEST_COVER).unwrap_or(usize::MAX))?;
            tags.cover = picture(&content);
        }
        b"CHAP" if found.chapters.len() < MOST_CHAPTERS => {
            found.chapters.extend(chapter(&frames.content(frame, LONGEST_TEXT)?, frames.major));
        }
        b"CTOC" => {
            let content = frames.content(frame, LONGEST_TEXT * 8)?;
            if let Some((top, listed)) = contents(&content)
                && (top || found.listed.is_empty())
            {
                found.listed = listed;
            }
        }
        b"TXXX" => {
            let texts = texts(&frames.content(frame, LONGEST_TEXT)?);
            if let [name, values @ ..] = texts.as_slice() {
                tags.take(name, &values.join("; "));
            }
        }
        b"COMM" | b"USLT" => {
            let content = frames.content(frame, LONGEST_TEXT)?;
            let text = content.split_first().and_then(|(coding, rest)| Some([&[*coding], rest.get(3..)?].concat()));
            let texts = texts(&text.unwrap_or_default());
            // Programs keep numbers of their own in comments that have such a name.
            if frame.name == *b"COMM" && !texts.first().is_some_and(|name| name.starts_with("iTun")) {
                tags.take("comment", texts.get(1).map_or("", String::as_str));
            }
        }
        name => {
            if let Some(field) = field(name) {
                tags.take(field, &texts(&frames.content(frame, LONGEST_TEXT)?).join("; "));
            }
        }
    }
    Ok(())
}

fn field(name: &[u8; 4]) -> Option<&'static str> {
    Some(match name {
        b"TIT2" => "title",
        b"TIT3" => "subtitle",
        b"TALB" => "album",
        b"TPE1" | b"TPE2" => "artist",
        b"TCOM" => "composer",
        b"TRCK" => "track",
        b"TPOS" => "disc",
        b"MVNM" | b"GRP1" | b"TIT1" => "series",
        b"MVIN" => "seriespart",
        b"TYER" | b"TDRC" | b"TDRL" | b"TDOR" => "year",
        b"TPUB" => "publisher",
        b"TLAN" => "language",
        b"TDES" => "description",
        _ => return None,
    })
}

/// The names of 2.2 as later versions spell them.
fn long_name(short: [u8; 3]) -> [u8; 4] {
    match &short {
        b"TT2" => *b"TIT2",
        b"TT3" => *b"TIT3",
        b"TAL" => *b"TALB",
        b"TP1" => *b"TPE1",
        b"TP2" => *b"TPE2",
        b"TCM" => *b"TCOM",
        b"TRK" => *b"TRCK",
        b"TPA" => *b"TPOS",
        b"TYE" => *b"TYER",
        b"TPB" => *b"TPUB",
        b"TLA" => *b"TLAN",
        b"COM" => *b"COMM",
        b"TXX" => *b"TXXX",
        b"PIC" => *b"APIC",
        [a, b, c] => [*a, *b, *c, b'0'],
    }
}

/// Coding, media type, kind of picture and description stand in front, differently in each version and in many programs:
/// the picture's own first bytes say where it begins.
fn picture(content: &[u8]) -> Option<Cover> {
    let starts = |magic: &[u8]| content.windows(magic.len()).take(600).position(|bytes| bytes == magic);
    let magics: [&[u8]; 4] = [&[0xFF, 0xD8, 0xFF], &[0x89, b'P', b'N', b'G'], b"GIF8", b"RIFF"];
    let at = magics.iter().filter_map(|magic| starts(magic)).min()?;
    Cover::new(content.get(at..)?.to_vec())
}

/// Identifier, start and end in milliseconds, places in the file, then frames: the title among them.
fn chapter(content: &[u8], major: u8) -> Option<(Vec<u8>, Mark)> {
    let zero = content.iter().position(|byte| *byte == 0)?;
    let id = content[..zero].to_vec();
    let rest = content.get(zero + 1..)?;
    let start_ms = i64::from(plain(rest.get(..4)?));
    let mut frames = rest.get(16..)?;
    let mut title = None;
    while let Some((header, after)) = frames.split_at_checked(10) {
        let size = if major == 4 { synchsafe(&header[4..8]) } else { plain(&header[4..8]) };
        let Some((content, next)) = after.split_at_checked(usize::try_from(size).ok()?) else { break };
        if header.starts_with(b"TIT2") {
            title = texts(content).first().and_then(|text| tidy(text));
        }
        frames = next;
    }
    Some((id, Mark { title, start_ms }))
}

/// Identifier, flags (2: at the top), a count, then identifiers.
fn contents(content: &[u8]) -> Option<(bool, Vec<Vec<u8>>)> {
    let zero = content.iter().position(|byte| *byte == 0)?;
    let [flags, count, rest @ ..] = content.get(zero + 1..)? else { return None };
    let listed = rest.split(|byte| *byte == 0).take(usize::from(*count)).map(<[u8]>::to_vec);
    Some((flags & 2 != 0, listed.filter(|id| !id.is_empty()).collect()))
}

/// The texts of a frame: a byte for their coding, then texts with zeros between them.
fn texts(content: &[u8]) -> Vec<String> {
    let Some((coding, bytes)) = content.split_first() else { return Vec::new() };
    let text = match coding {
        1 => utf16(bytes, None),
        2 => utf16(bytes, Some(true)),
        3 => String::from_utf8_lossy(bytes).into_owned(),
        // Many wrote UTF-8 and said Latin-1.
        _ => std::str::from_utf8(bytes).map_or_else(|_| latin1(bytes), str::to_owned),
    };
    let text = text.trim_end_matches('\0');
    text.split('\0').map(|text| text.trim_start_matches('\u{feff}').to_owned()).collect()
}

fn utf16(bytes: &[u8], big: Option<bool>) -> String {
    let mut big = big.unwrap_or(false);
    let units = bytes.chunks_exact(2).filter_map(|pair| {
        let [a, b] = *pair else { return None };
        let unit = if big { u16::from_be_bytes([a, b]) } else { u16::from_le_bytes([a, b]) };
        // A mark of the other order turns what follows.
        if unit == 0xFFFE {
            big = !big;
            return Some(0xFEFF);
        }
        Some(unit)
    });
    char::decode_utf16(units).map(|sign| sign.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn latin1(bytes: &[u8]) -> String {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return text.to_owned();
    }
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Seven bits a byte.
fn synchsafe(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |size, byte| size << 7 | u32::from(byte & 0x7F))
}

fn plain(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |size, byte| size << 8 | u32::from(*byte))
}
