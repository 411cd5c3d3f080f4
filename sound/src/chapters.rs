//! The chapter list of MP4 audiobooks: the `chpl` box that Nero introduced and most M4B files carry.
//!
//! symphonia does not read it. The box is found by walking the box headers, so that only a few kilobytes are read.

use crate::decode::Mark;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// A chapter list longer than this is no chapter list.
const LARGEST_LIST: u64 = 1 << 20;
/// Boxes looked at before a file is taken for damaged.
const MOST_BOXES: usize = 10_000;
/// The box counts in units of 100 ns.
const UNITS_A_MS: u64 = 10_000;

/// The chapters of an MP4 file; none for any other file.
///
/// # Errors
/// When the file cannot be read.
pub fn marks(path: &Path) -> io::Result<Vec<Mark>> {
    let mut file = File::open(path)?;
    let mut range = (0, file.metadata()?.len());
    for kind in [b"moov", b"udta", b"chpl"] {
        match find(&mut file, range, kind)? {
            Some(inner) => range = inner,
            None => return Ok(Vec::new()),
        }
    }
    let size = range.1 - range.0;
    if size > LARGEST_LIST {
        return Ok(Vec::new());
    }
    file.seek(SeekFrom::Start(range.0))?;
    let mut list = Vec::new();
    file.take(size).read_to_end(&mut list)?;
    Ok(parse(&list).unwrap_or_default())
}

/// Where the content of the first box of a kind lies, within a range of the file.
fn find(file: &mut File, range: (u64, u64), kind: &[u8; 4]) -> io::Result<Option<(u64, u64)>> {
    let (mut at, end) = range;
    for _ in 0..MOST_BOXES {
        if at + 8 > end {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(at))?;
        let mut header = [0; 8];
        file.read_exact(&mut header)?;
        let [s0, s1, s2, s3, name @ ..] = header;
        let (mut size, mut content) = (u64::from(u32::from_be_bytes([s0, s1, s2, s3])), at + 8);
        if size == 1 {
            let mut long = [0; 8];
            if at + 16 > end {
                return Ok(None);
            }
            file.read_exact(&mut long)?;
            (size, content) = (u64::from_be_bytes(long), at + 16);
        } else if size == 0 {
            size = end - at;
        }
        let Some(next) = at.checked_add(size).filter(|next| *next <= end && *next >= content) else { return Ok(None) };
        if &name == kind {
            return Ok(Some((content, next)));
        }
        at = next;
    }
    Ok(None)
}

/// Version, flags, from version 1 on four reserved bytes, a count, then start and title of each chapter.
fn parse(list: &[u8]) -> Option<Vec<Mark>> {
    let (version, rest) = list.split_first()?;
    let mut rest = rest.get(if *version == 0 { 3 } else { 7 }..)?;
    let count;
    (count, rest) = rest.split_first()?;
    let mut marks = Vec::new();
    for _ in 0..*count {
        let (start, after) = rest.split_first_chunk::<8>()?;
        let (length, after) = after.split_first()?;
        let (title, after) = after.split_at_checked(usize::from(*length))?;
        rest = after;
        let title = String::from_utf8_lossy(title).trim().to_owned();
        marks.push(Mark {
            title: (!title.is_empty()).then_some(title),
            start_ms: i64::try_from(u64::from_be_bytes(*start) / UNITS_A_MS).ok()?,
        });
    }
    Some(marks)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let size = u32::try_from(content.len() + 8).unwrap();
        [size.to_be_bytes().as_slice(), kind, content].concat()
    }

    fn chapter(start_ms: u64, title: &str) -> Vec<u8> {
        let length = u8::try_from(title.len()).unwrap();
        [(start_ms * UNITS_A_MS).to_be_bytes().as_slice(), &[length], title.as_bytes()].concat()
    }

    #[test]
    fn the_chapters_of_an_audiobook_are_found_behind_other_boxes() {
        let list = [&[1, 0, 0, 0, 0, 0, 0, 0, 2][..], &chapter(0, "Dawn"), &chapter(90_500, "Dusk")].concat();
        let moov = boxed(b"moov", &[boxed(b"mvhd", &[0; 20]), boxed(b"udta", &boxed(b"chpl", &list))].concat());
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&[boxed(b"ftyp", b"M4B "), boxed(b"mdat", &[7; 99]), moov].concat()).unwrap();
        let marks = marks(file.path()).unwrap();
        assert_eq!(marks.iter().map(|mark| mark.start_ms).collect::<Vec<_>>(), [0, 90_500]);
        assert_eq!(marks[1].title.as_deref(), Some("Dusk"));
    }

    #[test]
    fn a_file_of_noise_has_no_chapters() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(&[0xA5; 5_000]).unwrap();
        assert_eq!(marks(file.path()).unwrap(), []);
    }
}
