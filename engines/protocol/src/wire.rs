//! Messages as lines of JSON.

use std::io::{self, BufRead, Write};

use serde::{Serialize, de::DeserializeOwned};

/// Longest line either side accepts, line end included: far above any real message, and a bound on memory.
pub const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// Why a line could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The pipe broke.
    #[error("the line could not be passed on: {0}")]
    Io(#[from] io::Error),
    /// The line is longer than [`MAX_LINE_BYTES`]. Where it ends is not known, so the reader cannot go on.
    #[error("a line is longer than {MAX_LINE_BYTES} bytes")]
    TooLong,
    /// The stream ended in the middle of a line: the other side died while writing.
    #[error("the stream ended in the middle of a line")]
    CutOff,
    /// Not a message of this protocol. The next line may be.
    #[error("the line is no message of this protocol: {0}")]
    Malformed(#[from] serde_json::Error),
}

impl WireError {
    /// Whether the lines after this one can still be read.
    pub fn is_recoverable(&self) -> bool {
        matches!(self, Self::Malformed(_))
    }
}

/// A message as one line, line end included.
///
/// # Errors
/// [`WireError::TooLong`]; [`WireError::Malformed`] if it cannot be put as JSON.
pub fn encode<T: Serialize>(message: &T) -> Result<Vec<u8>, WireError> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    if line.len() > MAX_LINE_BYTES {
        return Err(WireError::TooLong);
    }
    Ok(line)
}

/// The message of one line, with or without its line end.
///
/// # Errors
/// [`WireError::Malformed`], [`WireError::TooLong`].
pub fn decode<T: DeserializeOwned>(line: &[u8]) -> Result<T, WireError> {
    if line.len() > MAX_LINE_BYTES {
        return Err(WireError::TooLong);
    }
    Ok(serde_json::from_slice(line)?)
}

/// Writes a message and flushes, so that the other side sees it at once.
///
/// # Errors
/// As [`encode`]; [`WireError::Io`] when the pipe is closed.
pub fn write_line<T: Serialize>(mut to: impl Write, message: &T) -> Result<(), WireError> {
    to.write_all(&encode(message)?)?;
    to.flush()?;
    Ok(())
}

/// Reads the next message, passing over empty lines; `None` at the end of the stream.
///
/// # Errors
/// After [`WireError::Malformed`] the next call reads the next line; any other error is the end.
pub fn read_line<T: DeserializeOwned>(mut from: impl BufRead) -> Result<Option<T>, WireError> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let limit = MAX_LINE_BYTES as u64 + 1;
        io::Read::take(&mut from, limit).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        if line.len() > MAX_LINE_BYTES {
            return Err(WireError::TooLong);
        }
        if line.last() != Some(&b'\n') {
            return Err(WireError::CutOff);
        }
        if !line.iter().all(u8::is_ascii_whitespace) {
            return decode(&line).map(Some);
        }
    }
}
