//! The frames of MPEG audio, one after the other, over whatever stands between them.

use super::header::Header;
use crate::source::Window;
use std::io::{self, Read as _};

/// Bytes held: more than two frames of the largest kind, so that a frame can be judged by the ones after it.
const HELD: usize = 1 << 16;
/// Frames in a row that make a beginning.
const IN_A_ROW: usize = 3;
/// Bytes without a frame after which there is no sound of this kind. A picture that no tag announces may be as large.
const FARTHEST: u64 = 4 << 20;

/// Finds frame after frame. What is between them, such as the tags of files that were joined, is passed over.
#[derive(Debug)]
pub struct Frames {
    file: Window,
    held: Vec<u8>,
    /// Where in `held` the next frame is looked for.
    at: usize,
    ended: bool,
    before: Option<Header>,
    /// Bytes passed over since the last frame.
    passed: u64,
    found: bool,
    /// Bytes passed over between the first frame and the last.
    between: u64,
}

impl Frames {
    pub fn new(file: &Window) -> Self {
        let file = file.part(0, u64::MAX);
        Self { file, held: Vec::new(), at: 0, ended: false, before: None, passed: 0, found: false, between: 0 }
    }

    /// Bytes that are no frames, between the first frame and the last one that was found.
    pub fn passed_over(&self) -> u64 {
        self.between
    }

    /// The next frame and its bytes; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn next(&mut self) -> io::Result<Option<(Header, &[u8])>> {
        loop {
            self.fill()?;
            let Some(header) = self.look()? else {
                if self.at >= self.held.len() && self.ended || !self.found && self.passed > FARTHEST {
                    return Ok(None);
                }
                continue;
            };
            self.between += if self.found { self.passed } else { 0 };
            let from = self.at;
            self.at += header.size;
            (self.before, self.passed, self.found) = (Some(header), 0, true);
            return Ok(Some((header, &self.held[from..self.at])));
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.ended || self.held.len() - self.at >= HELD / 2 {
            return Ok(());
        }
        self.held.drain(..self.at);
        self.at = 0;
        let more = (HELD - self.held.len()) as u64;
        let read = self.file.by_ref().take(more).read_to_end(&mut self.held)?;
        self.ended = (read as u64) < more;
        Ok(())
    }

    /// The header at the place, when it is a frame's; otherwise moves on.
    fn look(&mut self) -> io::Result<Option<Header>> {
        if self.held[self.at..].starts_with(b"ID3") && self.pass_tag()? {
            return Ok(None);
        }
        let here = &self.held[self.at..];
        if let Some(header) = Header::read(here).filter(|header| self.is_frame(header)) {
            return Ok(Some(header));
        }
        let step = here.iter().skip(1).position(|byte| matches!(byte, 0xFF | b'I')).map_or(here.len(), |at| at + 1);
        self.at += step;
        self.passed += step as u64;
        self.before = None;
        Ok(None)
    }

    fn is_frame(&self, header: &Header) -> bool {
        let here = &self.held[self.at..];
        if here.len() < header.size {
            return false;
        }
        // Right after another frame of its kind nothing else is expected.
        if self.before.is_some_and(|before| before.goes_with(header)) {
            return true;
        }
        let mut at = header.size;
        for _ in 1..IN_A_ROW {
            match here.get(at..).and_then(Header::read) {
                Some(next) if next.goes_with(header) => at += next.size,
                // The last frames of a file have none after them.
                _ => return self.ended && (at == here.len() || self.found && at <= here.len()),
            }
            if at > here.len() {
                break;
            }
        }
        true
    }

    /// Passes over a tag, however large it is.
    fn pass_tag(&mut self) -> io::Result<bool> {
        let rest = self.held.len() - self.at;
        let here = io::Seek::stream_position(&mut self.file)? - rest as u64;
        let Some(end) = crate::tags::id3_end(&self.file, here)? else { return Ok(false) };
        let size = end - here;
        self.between += if self.found { size } else { 0 };
        if size <= rest as u64 {
            self.at += usize::try_from(size).unwrap_or(rest);
        } else {
            io::Seek::seek(&mut self.file, io::SeekFrom::Start(end))?;
            self.held.clear();
            (self.at, self.ended) = (0, false);
        }
        self.before = None;
        Ok(true)
    }
}
