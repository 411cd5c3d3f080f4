//! What a file says of itself: title, people, series, cover, chapters.
//!
//! Read from the tags of every common kind, whatever their size: text is kept up to a bound, a cover up to
//! [`LARGEST_COVER`], and all else is passed over without being read.

mod ape;
mod id3;
mod mp4;
mod names;
mod vorbis;

use crate::decode::Mark;
use crate::source::Window;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

pub(crate) use id3::end as id3_end;

/// A cover of more bytes is left where it is.
pub const LARGEST_COVER: u64 = 16 << 20;
/// A text of more bytes is cut off: a description, at most.
const LONGEST_TEXT: usize = 32 << 10;

/// What the tags of a file say. Where several kinds say different things, the first one wins: what stands at the beginning
/// before what stands at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// Of this file; the book's name is mostly in `album`.
    pub title: Option<String>,
    pub subtitle: Option<String>,
    /// Who wrote it, each by name.
    pub authors: Vec<String>,
    /// Who reads it, each by name.
    pub narrators: Vec<String>,
    /// The name of the book, where the file is a part of one.
    pub album: Option<String>,
    /// Which number this file has on its disc, and of how many.
    pub track: Option<u32>,
    pub tracks: Option<u32>,
    pub disc: Option<u32>,
    pub discs: Option<u32>,
    pub series: Option<String>,
    /// The place in the series, as it is written: `2` or `2.5`.
    pub series_position: Option<String>,
    pub year: Option<i32>,
    pub publisher: Option<String>,
    /// As it is written: `eng`, `en`, `English`.
    pub language: Option<String>,
    /// Digits and a last X, without hyphens.
    pub isbn: Option<String>,
    pub description: Option<String>,
    #[serde(skip)]
    pub cover: Option<Cover>,
    /// Chapters that the tags list, in order.
    pub marks: Vec<Mark>,
}

/// An embedded picture.
#[derive(Clone, PartialEq, Eq)]
pub struct Cover {
    /// `image/jpeg`, `image/png`, as its first bytes say.
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Cover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cover({}, {} bytes)", self.media_type, self.bytes.len())
    }
}

impl Cover {
    /// A picture of a kind that browsers show; none for anything else.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        let media_type = match bytes.as_slice() {
            [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
            [0x89, b'P', b'N', b'G', ..] => "image/png",
            [b'G', b'I', b'F', b'8', ..] => "image/gif",
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
            _ => return None,
        };
        Some(Self { media_type, bytes })
    }
}

/// Reads the tags of a file of any kind. Damaged tags say nothing; they are no error.
///
/// # Errors
/// When the file cannot be read.
pub fn read(path: &Path) -> io::Result<Tags> {
    read_from(&Window::open(path)?)
}

/// As [`read`], of anything that can be read.
///
/// # Errors
/// When it cannot be read.
pub fn read_from(file: &Window) -> io::Result<Tags> {
    let mut tags = Tags::default();
    let body = audio(file)?;
    let mut at = 0;
    while let Some(end) = id3::end(file, at)? {
        id3::read(file, at, &mut tags)?;
        at = end;
    }
    match body.peek(0, 12)?.as_slice() {
        [b'f', b'L', b'a', b'C', ..] => vorbis::flac(&body, &mut tags)?,
        [b'O', b'g', b'g', b'S', ..] => vorbis::ogg(&body, &mut tags)?,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => {
            mp4::read(&body, &mut tags)?;
            tags.marks = crate::chapters::mp4::marks(&body)?;
        }
        [b'R' | b'F', _, _, _, ..] => id3::in_chunks(&body, &mut tags)?,
        _ => {}
    }
    ape::read(file, &mut tags)?;
    id3::read_v1(file, &mut tags)?;
    tags.marks.sort_by_key(|mark| mark.start_ms);
    Ok(tags)
}

/// The audio of a file: what lies between the tags in front of it and those behind it.
///
/// # Errors
/// When it cannot be read.
pub fn audio(file: &Window) -> io::Result<Window> {
    let mut start = 0;
    while let Some(end) = id3::end(file, start)? {
        start = end;
    }
    // Some write rows of zeros between the tag and the sound, and say so nowhere.
    if start > 0 {
        start += zeros(file, start)?;
    }
    let mut end = file.len();
    if id3::has_v1(file)? {
        end -= id3::V1_BYTES;
    }
    end = ape::start(file, end)?.unwrap_or(end);
    if let Some(before) = id3::footer(file, end)? {
        end = before;
    }
    Ok(file.part(start, end.max(start)))
}

fn zeros(file: &Window, at: u64) -> io::Result<u64> {
    let mut passed = 0;
    loop {
        let bytes = file.peek(at + passed, 1 << 16)?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        passed += zeros as u64;
        if bytes.is_empty() {
            return Ok(0);
        }
        if zeros < bytes.len() {
            return Ok(passed);
        }
    }
}

/// A text of any tag as it is kept: trimmed, without zeros, not endless; none when it is empty.
fn tidy(text: &str) -> Option<String> {
    let text = text.trim_matches(|sign: char| sign.is_whitespace() || sign == '\0' || sign == '\u{feff}');
    let text: String = text.chars().filter(|sign| *sign != '\0').collect();
    let end = (0..=text.len().min(LONGEST_TEXT)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    (end > 0).then(|| text[..end].to_owned())
}

#[cfg(test)]
mod tests;
