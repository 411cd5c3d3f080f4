//! The pages of Ogg files (RFC 3533): where one stream of a chain ends and the next begins.

use crate::source::Window;
use std::io;

const HEADER: usize = 27;
/// Bytes in which the next page must begin, before what follows is taken for something else.
const FARTHEST: usize = 1 << 20;
/// Streams in one chain.
const MOST_LINKS: usize = 10_000;

struct Page {
    at: u64,
    first: bool,
    serial: u32,
    /// Lengths of its segments.
    lacing: Vec<u8>,
    content: u64,
    end: u64,
}

fn page(file: &Window, at: u64) -> io::Result<Option<Page>> {
    let head = file.peek(at, HEADER + 255)?;
    if head.len() < HEADER || !head.starts_with(b"OggS") || head[4] != 0 {
        return Ok(None);
    }
    let segments = usize::from(head[26]);
    let Some(lacing) = head.get(HEADER..HEADER + segments) else { return Ok(None) };
    let content = at + (HEADER + segments) as u64;
    let size: u64 = lacing.iter().map(|length| u64::from(*length)).sum();
    let serial = u32::from_le_bytes([head[14], head[15], head[16], head[17]]);
    Ok(Some(Page { at, first: head[5] & 2 != 0, serial, lacing: lacing.to_vec(), content, end: content + size }))
}

/// The page at a place, or the next one after it.
fn page_from(file: &Window, at: u64) -> io::Result<Option<Page>> {
    if let Some(page) = page(file, at)? {
        return Ok(Some(page));
    }
    let bytes = file.peek(at, FARTHEST)?;
    for found in bytes.windows(4).enumerate().filter(|(_, four)| *four == b"OggS").map(|(found, _)| found) {
        if let Some(page) = page(file, at + found as u64)? {
            return Ok(Some(page));
        }
    }
    Ok(None)
}

/// The streams of a chain, each as a stretch of the file. Streams side by side are one.
///
/// # Errors
/// When the file cannot be read.
pub fn links(file: &Window) -> io::Result<Vec<Window>> {
    let mut starts = vec![0];
    let (mut at, mut in_head) = (0, true);
    while let Some(page) = page_from(file, at)? {
        if page.first && !in_head && starts.len() < MOST_LINKS {
            starts.push(page.at);
        }
        in_head = page.first;
        at = page.end;
    }
    let ends = starts.iter().skip(1).copied().chain([file.len()]);
    Ok(starts.iter().zip(ends).map(|(start, end)| file.part(*start, end)).collect())
}

/// The first packets of the first stream, each of at most so many bytes.
///
/// # Errors
/// When the file cannot be read.
pub fn first_packets(file: &Window, count: usize, most: usize) -> io::Result<Vec<Vec<u8>>> {
    let (mut packets, mut packet) = (Vec::new(), Vec::new());
    let (mut at, mut of) = (0, None);
    while let Some(page) = page_from(file, at)? {
        at = page.end;
        if *of.get_or_insert(page.serial) != page.serial {
            continue;
        }
        let mut from = page.content;
        for length in page.lacing {
            packet.extend(file.peek(from, usize::from(length))?);
            from += u64::from(length);
            if packet.len() > most {
                return Ok(packets);
            }
            if length < 255 {
                packets.push(std::mem::take(&mut packet));
                if packets.len() == count {
                    return Ok(packets);
                }
            }
        }
    }
    Ok(packets)
}
