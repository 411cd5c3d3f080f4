//! A stretch of a file, read as though it were a file of its own.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use symphonia::core::io::{MediaSource, MediaSourceStream};

/// Anything that can be read from any place: a file, or an object in storage.
pub trait Bytes: Read + Seek + Send + Sync {}

impl<T: Read + Seek + Send + Sync> Bytes for T {}

/// A stretch of something that can be read. Clones share what they read from, each with a place of its own.
#[derive(Clone)]
pub struct Window {
    of: Arc<Mutex<dyn Bytes>>,
    start: u64,
    end: u64,
    at: u64,
}

impl std::fmt::Debug for Window {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Window({}..{} at {})", self.start, self.end, self.at)
    }
}

impl Window {
    /// All of a file.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::new(File::open(path)?)
    }

    /// All of what can be read.
    ///
    /// # Errors
    /// When its length cannot be found out.
    pub fn new(mut of: impl Bytes + 'static) -> io::Result<Self> {
        let end = of.seek(SeekFrom::End(0))?;
        Ok(Self { of: Arc::new(Mutex::new(of)), start: 0, end, at: 0 })
    }

    /// Bytes in it.
    pub fn len(&self) -> u64 {
        self.end - self.start
    }

    pub fn is_empty(&self) -> bool {
        self.end == self.start
    }

    /// A stretch of this one, from one byte up to another; never more than there is.
    #[must_use]
    pub fn part(&self, from: u64, to: u64) -> Self {
        let end = self.start.saturating_add(to).min(self.end);
        let start = self.start.saturating_add(from).min(end);
        Self { of: self.of.clone(), start, end, at: start }
    }

    /// At most so many bytes from one place; fewer at the end.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn peek(&self, at: u64, most: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.part(at, at.saturating_add(most as u64)).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Exactly so many bytes from one place; none when there are fewer.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn exactly(&self, at: u64, length: usize) -> io::Result<Option<Vec<u8>>> {
        let bytes = self.peek(at, length)?;
        Ok((bytes.len() == length).then_some(bytes))
    }

    /// As the decoders want it.
    pub fn stream(&self) -> MediaSourceStream<'static> {
        MediaSourceStream::new(Box::new(self.part(0, u64::MAX)), Default::default())
    }
}

impl Read for Window {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(into.len());
        if left == 0 {
            return Ok(0);
        }
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        of.seek(SeekFrom::Start(self.at))?;
        let read = of.read(&mut into[..left])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Window {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => self.start.checked_add(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        let at = at.filter(|at| *at >= self.start);
        self.at = at.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a place before the beginning"))?;
        Ok(self.at - self.start)
    }
}

impl MediaSource for Window {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn a_stretch_of_a_stretch_is_read_like_a_file() {
        let all = Window::new(Cursor::new((0..100).collect::<Vec<u8>>())).unwrap();
        let mut part = all.part(10, 60).part(5, 500);
        assert_eq!(part.len(), 45);
        assert_eq!(part.peek(0, 3).unwrap(), [15, 16, 17]);
        part.seek(SeekFrom::End(-2)).unwrap();
        let mut rest = Vec::new();
        part.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, [58, 59]);
        assert_eq!(part.exactly(44, 2).unwrap(), None);
    }
}
