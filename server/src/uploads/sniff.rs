//! Whether a file is audio that the shop can play, told from its content and never from its name.

use crate::decoding::{Content, Decoder, DecodingError};
use crate::storage::{self, Storage};
use sound::AudioError;
use std::sync::Arc;

pub use sound::sniff::{KINDS, Kind};

/// Decodes the beginning of what is stored under a key. The inner error is why it is not taken, in a sentence for the person
/// who sent it.
///
/// # Errors
/// When the storage or this machine fails: that says nothing about the file.
pub async fn sniff(decoder: &Decoder, storage: &Arc<dyn Storage>, key: &str) -> storage::Result<Result<Kind, String>> {
    let content = Content::open(storage, key).await?;
    match decoder.kind(&content).await {
        Ok(kind) => Ok(Ok(kind)),
        Err(DecodingError::Audio(AudioError::Unusable(sentence)) | DecodingError::Harmful(sentence)) => {
            Ok(Err(sentence))
        }
        Err(DecodingError::Storage(error)) => Err(error),
        Err(DecodingError::Audio(AudioError::Io(error))) => Err(error.into()),
        Err(error) => Err(storage::Error::Io(std::io::Error::other(error))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{Backend, ByteStream, Listing, LocalCopy, Result, UploadState, UploadWriter, open};
    use async_trait::async_trait;
    use bytes::Bytes;
    use futures::StreamExt;
    use std::collections::HashSet;
    use std::ops::Range;
    use std::path::Path;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;
    use tempfile::TempDir;
    use uuid::Uuid;

    /// A storage whose line is cut after so many bytes: with an error, or without a word.
    #[derive(Debug)]
    struct Cut {
        whole: Arc<dyn Storage>,
        left: AtomicU64,
        silent: bool,
    }

    #[async_trait]
    impl Storage for Cut {
        async fn read(&self, key: &str, range: Range<u64>) -> Result<ByteStream> {
            let asked = range.end - range.start;
            let given = asked.min(self.left.load(Ordering::SeqCst));
            self.left.fetch_sub(given, Ordering::SeqCst);
            let pieces = self.whole.read(key, range.start..range.start + given).await?;
            let error = (given < asked && !self.silent).then(|| Err(std::io::Error::other("the line was cut")));
            Ok(pieces.chain(futures::stream::iter(error)).boxed())
        }
        async fn size(&self, key: &str) -> Result<u64> {
            self.whole.size(key).await
        }
        async fn write_upload(&self, state: &UploadState) -> Result<Box<dyn UploadWriter>> {
            self.whole.write_upload(state).await
        }
        async fn seal_upload(&self, state: &UploadState) -> Result<String> {
            self.whole.seal_upload(state).await
        }
        async fn adopt_upload(&self, id: Uuid, key: &str) -> Result<()> {
            self.whole.adopt_upload(id, key).await
        }
        async fn abort_upload(&self, state: &UploadState) -> Result<()> {
            self.whole.abort_upload(state).await
        }
        async fn sweep(&self, age: Duration, open: &HashSet<Uuid>) -> Result<u64> {
            self.whole.sweep(age, open).await
        }
        async fn put_bytes(&self, key: &str, bytes: Bytes, media_type: &str) -> Result<()> {
            self.whole.put_bytes(key, bytes, media_type).await
        }
        async fn put_file(&self, key: &str, path: &Path, media_type: &str) -> Result<()> {
            self.whole.put_file(key, path, media_type).await
        }
        async fn delete(&self, key: &str) -> Result<()> {
            self.whole.delete(key).await
        }
        async fn list(&self, prefix: &str, after: Option<&str>) -> Result<Listing> {
            self.whole.list(prefix, after).await
        }
        async fn local_copy(&self, key: &str) -> Result<LocalCopy> {
            self.whole.local_copy(key).await
        }
    }

    #[tokio::test]
    async fn a_storage_that_stumbles_says_nothing_of_the_file() {
        const KEY: &str = "audio/aa/aa.mp3";
        let folder = TempDir::new().unwrap();
        let whole = open(&Backend::Folder(folder.path().join("storage")), folder.path()).await.unwrap();
        // A recording behind a large picture: there is much to read before the first sound.
        let mut bytes = b"ID3\x03\x00\x00\x00\x30\x00\x00".to_vec();
        bytes.resize(10 + (0x30 << 14), 0);
        bytes.extend(include_bytes!("../../../sound/tests/fixtures/a.mp3"));
        whole.put_bytes(KEY, bytes.into(), "audio/mpeg").await.unwrap();
        let decoder = Decoder::new(1);
        assert_eq!(sniff(&decoder, &whole, KEY).await.unwrap().unwrap().extension, "mp3");
        for silent in [false, true] {
            for left in [0, 10, 5_000, 262_144, 263_000] {
                let cut: Arc<dyn Storage> = Arc::new(Cut { whole: whole.clone(), left: AtomicU64::new(left), silent });
                let outcome = sniff(&decoder, &cut, KEY).await;
                assert!(outcome.is_err(), "cut after {left} bytes it was taken for {outcome:?}");
            }
        }
    }
}
