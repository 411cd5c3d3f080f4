//! Stored content as a blocking reader that seeks, for decoders.

use super::Storage;
use bytes::{Buf, Bytes};
use futures::TryStreamExt;
use std::io::{Error, ErrorKind, Read, Result, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::runtime::Handle;

/// How much is fetched at once, in bytes.
const FETCHED: u64 = 256 * 1024;

/// The first time that the storage failed a reader. Decoders make of an error what they like, often the end of a file: so
/// what a failing storage gave says nothing of the content.
#[derive(Clone, Debug, Default)]
pub struct Trouble(Arc<Mutex<Option<Error>>>);

impl Trouble {
    /// # Errors
    /// What happened, once.
    pub fn none(&self) -> Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().map_or(Ok(()), Err)
    }

    /// Keeps it, and says it again.
    fn keep(&self, error: Error) -> Error {
        let again = Error::new(error.kind(), error.to_string());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        again
    }
}

/// Reads stored content where it is, a piece at a time. Use it on a thread that may block.
#[derive(Debug)]
pub struct Seekable {
    storage: Arc<dyn Storage>,
    runtime: Handle,
    key: String,
    size: u64,
    position: u64,
    /// What was fetched and begins at `position`.
    ahead: Bytes,
    trouble: Trouble,
}

impl Seekable {
    /// # Errors
    /// When nothing is stored under the key.
    pub async fn open(storage: Arc<dyn Storage>, key: &str) -> super::Result<Self> {
        let size = storage.size(key).await?;
        let (runtime, key) = (Handle::current(), key.to_owned());
        Ok(Self { storage, runtime, key, size, position: 0, ahead: Bytes::new(), trouble: Trouble::default() })
    }

    /// In bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether the storage has failed; asked once the reading is over.
    pub fn trouble(&self) -> Trouble {
        self.trouble.clone()
    }

    fn fetch(&self) -> Result<Bytes> {
        let range = self.position..self.size.min(self.position + FETCHED);
        let bytes = self.runtime.block_on(async {
            let pieces = self.storage.read(&self.key, range).await.map_err(Error::other)?;
            pieces
                .try_fold(Vec::new(), async |mut all, piece| {
                    all.extend_from_slice(&piece);
                    Ok(all)
                })
                .await
        })?;
        // What is stored has its size: less is a line that was cut, and no end of the content.
        if bytes.is_empty() { Err(ErrorKind::ConnectionAborted.into()) } else { Ok(Bytes::from(bytes)) }
    }
}

impl Read for Seekable {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.ahead.is_empty() && self.position < self.size {
            self.ahead = self.fetch().map_err(|error| self.trouble.keep(error))?;
        }
        let length = buffer.len().min(self.ahead.len());
        self.ahead.copy_to_slice(&mut buffer[..length]);
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for Seekable {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let target = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        let target = target.ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
        match target.checked_sub(self.position) {
            Some(forward) if forward <= self.ahead.len() as u64 => self.ahead.advance(forward as usize),
            _ => self.ahead = Bytes::new(),
        }
        self.position = target;
        Ok(target)
    }
}
