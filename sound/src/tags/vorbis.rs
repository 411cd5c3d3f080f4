//! Vorbis comments, in FLAC and in Ogg (<https://xiph.org/vorbis/doc/v-comment.html>), with pictures and chapters
//! (`CHAPTER001=00:01:02.000`, `CHAPTER001NAME=…`).

use super::{Cover, LARGEST_COVER, LONGEST_TEXT, Tags, tidy};
use crate::decode::Mark;
use crate::source::Window;
use std::collections::BTreeMap;
use std::io;

const MOST_COMMENTS: u32 = 20_000;
/// A cover in base64 and some text around it.
const LARGEST_PACKET: usize = (LARGEST_COVER as usize) * 3 / 2;

/// The blocks of metadata in front of the sound of a FLAC file.
pub fn flac(file: &Window, tags: &mut Tags) -> io::Result<()> {
    let mut at = 4;
    loop {
        let Some(header) = file.exactly(at, 4)? else { return Ok(()) };
        let [kind, a, b, c] = header.as_slice() else { return Ok(()) };
        let size = u32::from_be_bytes([0, *a, *b, *c]);
        let read = |most: usize| file.peek(at + 4, usize::try_from(size).unwrap_or(most).min(most));
        match kind & 0x7F {
            4 => comment(&read(LARGEST_PACKET)?, tags),
            6 if tags.cover.is_none() => tags.cover = picture(&read(LARGEST_PACKET)?),
            _ => {}
        }
        if kind & 0x80 != 0 {
            return Ok(());
        }
        at += 4 + u64::from(size);
    }
}

/// The second packet of the first stream that has comments.
pub fn ogg(file: &Window, tags: &mut Tags) -> io::Result<()> {
    for packet in crate::ogg::first_packets(file, 4, LARGEST_PACKET)? {
        let comments =
            [&b"\x03vorbis"[..], b"OpusTags", b"\x81kate"].into_iter().find_map(|name| packet.strip_prefix(name));
        // FLAC in Ogg has the block as it is.
        let flac = (packet.first() == Some(&4) || packet.first() == Some(&0x84)).then(|| packet.get(4..)).flatten();
        if let Some(comments) = comments.or(flac) {
            comment(comments, tags);
            return Ok(());
        }
    }
    Ok(())
}

/// A list of comments: the maker's name, a count, then texts with their lengths.
pub fn comment(bytes: &[u8], tags: &mut Tags) {
    let mut rest = bytes;
    let mut chapters: BTreeMap<u32, Mark> = BTreeMap::new();
    let Some(vendor) = number(&mut rest) else { return };
    let Some(after) = rest.get(vendor as usize..) else { return };
    rest = after;
    let Some(count) = number(&mut rest) else { return };
    for _ in 0..count.min(MOST_COMMENTS) {
        let Some(length) = number(&mut rest) else { break };
        let Some((field, after)) = rest.split_at_checked(length as usize) else { break };
        rest = after;
        let Some(equals) = field.iter().position(|byte| *byte == b'=') else { continue };
        let name = String::from_utf8_lossy(&field[..equals]).to_ascii_uppercase();
        let value = &field[equals + 1..];
        if name == "METADATA_BLOCK_PICTURE" {
            if tags.cover.is_none() {
                tags.cover = base64(value).and_then(|block| picture(&block));
            }
            continue;
        }
        let value = String::from_utf8_lossy(&value[..value.len().min(LONGEST_TEXT)]);
        match name.strip_prefix("CHAPTER") {
            Some(number) if number.starts_with(|sign: char| sign.is_ascii_digit()) => {
                chapter(number, &value, &mut chapters);
            }
            _ => tags.take(&name, &value),
        }
    }
    if tags.marks.is_empty() {
        tags.marks = chapters.into_values().filter(|mark| mark.start_ms >= 0).collect();
    }
}

/// `001` with a time, `001NAME` with a title.
fn chapter(number: &str, value: &str, chapters: &mut BTreeMap<u32, Mark>) {
    let digits = number.trim_end_matches(|sign: char| !sign.is_ascii_digit());
    let Ok(index) = digits.parse() else { return };
    let mark = chapters.entry(index).or_insert(Mark { title: None, start_ms: -1 });
    match &number[digits.len()..] {
        "" => mark.start_ms = crate::chapters::clock(value).unwrap_or(-1),
        "NAME" => mark.title = tidy(value),
        _ => {}
    }
}

/// Kind, media type, description, four numbers, the picture (<https://xiph.org/flac/format.html#metadata_block_picture>).
fn picture(block: &[u8]) -> Option<Cover> {
    let be = |at: usize| Some(u32::from_be_bytes(block.get(at..at + 4)?.try_into().ok()?) as usize);
    let described = 8_usize.checked_add(be(4)?)?;
    let numbers = described.checked_add(4)?.checked_add(be(described)?)?;
    let start = numbers.checked_add(20)?;
    let end = start.checked_add(be(numbers.checked_add(16)?)?)?.min(block.len());
    Cover::new(block.get(start..end)?.to_vec())
}

fn number(rest: &mut &[u8]) -> Option<u32> {
    let (four, after) = rest.split_first_chunk::<4>()?;
    *rest = after;
    Some(u32::from_le_bytes(*four))
}

/// RFC 4648, section 4; what is no sign of it is passed over.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for sign in text {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xFF).ok()?);
        }
    }
    Some(out)
}
