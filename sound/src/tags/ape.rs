//! APE tags, version 2: at the end of a file, rarely at its beginning.

use super::{Cover, LARGEST_COVER, LONGEST_TEXT, Tags, id3};
use crate::source::Window;
use std::io;

const FOOTER: u64 = 32;
const MOST_ITEMS: u32 = 1000;

/// Where the tag begins that ends at `end`, its header included.
pub fn start(file: &Window, end: u64) -> io::Result<Option<u64>> {
    let Some(at) = end.checked_sub(FOOTER) else { return Ok(None) };
    let Some(footer) = file.exactly(at, 32)? else { return Ok(None) };
    if !footer.starts_with(b"APETAGEX") {
        return Ok(None);
    }
    let header = if number(&footer, 20) & 0x8000_0000 != 0 { FOOTER } else { 0 };
    Ok(end.checked_sub(u64::from(number(&footer, 12)) + header))
}

pub fn read(file: &Window, tags: &mut Tags) -> io::Result<()> {
    let mut end = file.len();
    if id3::has_v1(file)? {
        end -= id3::V1_BYTES;
    }
    let Some(footer) = end.checked_sub(FOOTER) else { return Ok(()) };
    if start(file, end)?.is_none() {
        return Ok(());
    }
    let Some(tail) = file.exactly(footer, 32)? else { return Ok(()) };
    let Some(mut at) = end.checked_sub(u64::from(number(&tail, 12))) else { return Ok(()) };
    for _ in 0..number(&tail, 16).min(MOST_ITEMS) {
        let head = file.peek(at, 8 + 256)?;
        if head.len() < 11 || at >= footer {
            break;
        }
        let (size, flags) = (u64::from(number(&head, 0)), number(&head, 4));
        let Some(length) = head[8..].iter().position(|byte| *byte == 0) else { break };
        let name = String::from_utf8_lossy(&head[8..8 + length]).into_owned();
        let content = at + 9 + length as u64;
        if size > footer.saturating_sub(content) {
            break;
        }
        match flags >> 1 & 3 {
            0 => {
                let most = usize::try_from(size).unwrap_or(LONGEST_TEXT).min(LONGEST_TEXT);
                let text = file.peek(content, most)?;
                tags.take(&name, &String::from_utf8_lossy(&text).replace('\0', "; "));
            }
            1 if tags.cover.is_none() && size <= LARGEST_COVER && name.to_lowercase().starts_with("cover art") => {
                // A name for the picture, a zero, the picture.
                let bytes = file.peek(content, usize::try_from(size).unwrap_or(0))?;
                let picture = bytes.iter().position(|byte| *byte == 0).and_then(|zero| bytes.get(zero + 1..));
                tags.cover = picture.and_then(|picture| Cover::new(picture.to_vec()));
            }
            _ => {}
        }
        at = content + size;
    }
    Ok(())
}

fn number(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes)
}
