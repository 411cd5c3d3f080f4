//! Stored content, read where it is and passed on piece by piece.

use crate::storage::{Error, Result, Storage};
use futures::TryStreamExt;
use std::io::ErrorKind;
use std::sync::Arc;

/// What lies in the storage under a key.
#[derive(Clone, Debug)]
pub struct Content {
    storage: Arc<dyn Storage>,
    key: String,
    size: u64,
}

impl Content {
    /// # Errors
    /// When nothing is stored under the key.
    pub async fn open(storage: &Arc<dyn Storage>, key: &str) -> Result<Self> {
        Ok(Self { storage: storage.clone(), key: key.to_owned(), size: storage.size(key).await? })
    }

    /// In bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// So many bytes from one place, fewer only at the end.
    ///
    /// # Errors
    /// When the storage fails, or gives less than it has.
    pub async fn piece(&self, at: u64, most: u32) -> Result<Vec<u8>> {
        let end = at.saturating_add(u64::from(most)).min(self.size);
        let mut all = Vec::with_capacity(usize::try_from(end.saturating_sub(at)).unwrap_or(0));
        if at < end {
            let mut pieces = self.storage.read(&self.key, at..end).await?;
            while let Some(piece) = pieces.try_next().await.map_err(Error::from)? {
                all.extend_from_slice(&piece);
            }
        }
        // What is stored has its size: less is a line that was cut, and no end of the content.
        let whole = all.len() as u64 == end.saturating_sub(at);
        if whole { Ok(all) } else { Err(Error::Io(ErrorKind::ConnectionAborted.into())) }
    }
}
