//! The boxes of MP4 files (ISO/IEC 14496-12): headers are walked, contents are not read.

use crate::source::Window;
use std::io;

/// Boxes looked at in one place before a file is taken for damaged.
const MOST_BOXES: usize = 10_000;

/// Where the content of a box lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub kind: [u8; 4],
    pub start: u64,
    pub end: u64,
}

/// The first box at the end of a way of kinds, from the top of the file.
pub fn find(file: &Window, way: &[&[u8; 4]]) -> io::Result<Option<Found>> {
    find_in(file, &Found { kind: *b"file", start: 0, end: file.len() }, way)
}

/// The first box of a kind within another.
pub fn child(file: &Window, of: &Found, kind: &[u8; 4]) -> io::Result<Option<Found>> {
    Ok(children(file, of)?.into_iter().find(|found| &found.kind == kind))
}

/// The boxes within another, up to the first that makes no sense.
pub fn children(file: &Window, of: &Found) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    let mut at = of.start;
    while found.len() < MOST_BOXES && at + 8 <= of.end {
        let header = file.peek(at, 16)?;
        let [s0, s1, s2, s3, k0, k1, k2, k3, long @ ..] = header.as_slice() else { break };
        let (mut size, mut start) = (u64::from(u32::from_be_bytes([*s0, *s1, *s2, *s3])), at + 8);
        if size == 1 {
            let Ok(long) = <[u8; 8]>::try_from(long) else { break };
            (size, start) = (u64::from_be_bytes(long), at + 16);
        } else if size == 0 {
            size = of.end - at;
        }
        // What was cut off is shown as far as it goes.
        let Some(end) = at.checked_add(size).map(|end| end.min(of.end)).filter(|end| *end >= start) else { break };
        found.push(Found { kind: [*k0, *k1, *k2, *k3], start, end });
        at = end;
    }
    Ok(found)
}

/// A whole number of a box, big-endian, four bytes.
pub fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The same, eight bytes.
pub fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// The first box at the end of a way of kinds, from within another.
pub fn find_in(file: &Window, of: &Found, way: &[&[u8; 4]]) -> io::Result<Option<Found>> {
    let mut at = *of;
    for kind in way {
        match child(file, &at, kind)? {
            Some(found) => at = found,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}
