//! Where audio, samples and covers are kept: a folder, or an S3 bucket.
//!
//! Stored things have keys such as `audio/3f/3f0c….mp3`. An upload grows under `staging/` until its checksum is known,
//! and then takes its key in one step, so that a key never names half a file and equal content is stored once.

mod disk;
mod key;
mod media_type;
mod s3;
mod state;
#[cfg(test)]
mod tests;

pub use disk::Disk;
pub use key::{NAMED, audio_key, check as checked, copy_key, cover_key, sample_key};
pub use media_type::media_type;
pub use s3::{S3, S3Settings};
pub use state::{Digest, UploadState};

use async_trait::async_trait;
use bytes::Bytes;
use domain::Timestamp;
use futures::stream::{self, BoxStream, Stream};
use std::collections::HashSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use uuid::Uuid;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Content as it is read: in pieces of some tens of kilobytes, never whole.
pub type ByteStream = BoxStream<'static, std::io::Result<Bytes>>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("nothing is stored under {0}")]
    NotFound(String),
    /// What arrived so far is kept.
    #[error("the storage is full")]
    Full,
    /// Another request, perhaps of another process, writes this upload.
    #[error("another request is writing this upload")]
    Locked,
    #[error("{0:?} cannot be a storage key")]
    Key(String),
    #[error("the state of an upload is damaged: {0}")]
    State(String),
    #[error("the storage failed: {0}")]
    Io(#[source] std::io::Error),
    #[error("the object storage failed: {0}")]
    Remote(String),
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind::{FileTooLarge, QuotaExceeded, StorageFull};
        match error.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => Self::Full,
            _ => Self::Io(error),
        }
    }
}

/// Which storage is used.
#[derive(Clone, Debug)]
pub enum Backend {
    Folder(PathBuf),
    S3(S3Settings),
}

/// Opens the storage. `temporary` is where local copies of remote files go.
///
/// # Errors
/// When the folder cannot be made or written, or the S3 server does not answer.
pub async fn open(backend: &Backend, temporary: &Path) -> Result<Arc<dyn Storage>> {
    tokio::fs::create_dir_all(temporary).await?;
    Ok(match backend {
        Backend::Folder(root) => Arc::new(Disk::open(root).await?),
        Backend::S3(settings) => {
            let bucket = S3::new(settings, temporary);
            bucket.make_bucket().await?;
            Arc::new(bucket)
        }
    })
}

/// The most that one page of a listing holds; S3 servers give no more at once.
pub const LIST_PAGE: usize = 1000;

/// One stored thing, as a listing has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub key: String,
    /// In bytes.
    pub size: u64,
    /// When it was put there, or put there again.
    pub modified_at: Timestamp,
}

/// A page of a listing.
#[derive(Clone, Debug)]
pub struct Listing {
    pub stored: Vec<Stored>,
    /// Where the next page begins, for [`Storage::list`]; none when this may be the last.
    pub next: Option<String>,
}

/// What an address into the storage is for.
#[derive(Clone, Debug)]
pub struct Link {
    pub good_for: Duration,
    /// What the storage calls the content when it sends it.
    pub media_type: String,
    /// `Content-Disposition`, where it is to be saved.
    pub disposition: Option<String>,
}

/// A storage. Everything may be tried again after a crash: doing a thing twice does no harm.
#[async_trait]
pub trait Storage: Send + Sync + std::fmt::Debug {
    /// Opens an upload for writing right after the bytes that `state` acknowledges; bytes that were written after it
    /// and never acknowledged are dropped.
    ///
    /// # Errors
    /// [`Error::Locked`] while another writer has it open; [`Error::State`] when acknowledged bytes are gone.
    async fn write_upload(&self, state: &UploadState) -> Result<Box<dyn UploadWriter>>;

    /// Makes what was received readable under the key it returns, before it has its final one.
    async fn seal_upload(&self, state: &UploadState) -> Result<String>;

    /// Gives a sealed upload its final key. What is there already is replaced by the same, since a key holds a checksum:
    /// so it counts as stored just now, and no clean-up takes it for old.
    async fn adopt_upload(&self, id: Uuid, key: &str) -> Result<()>;

    /// Drops an upload and all it left.
    async fn abort_upload(&self, state: &UploadState) -> Result<()>;

    /// Removes what is older than `age` and belongs to no upload of `open`: crashes leave such things. Returns how many
    /// went.
    async fn sweep(&self, age: Duration, open: &HashSet<Uuid>) -> Result<u64>;

    /// The size in bytes.
    ///
    /// # Errors
    /// [`Error::NotFound`] when nothing is stored under the key.
    async fn size(&self, key: &str) -> Result<u64>;

    /// Streams the bytes `range`, which must lie within the content.
    async fn read(&self, key: &str, range: Range<u64>) -> Result<ByteStream>;

    /// Stores a small thing, such as a cover; replaces what was there.
    async fn put_bytes(&self, key: &str, bytes: Bytes, media_type: &str) -> Result<()>;

    /// Stores a copy of a file; replaces what was there.
    async fn put_file(&self, key: &str, path: &Path, media_type: &str) -> Result<()>;

    /// Deletes; well when nothing is there.
    async fn delete(&self, key: &str) -> Result<()>;

    /// A page, of at most [`LIST_PAGE`], of what is stored under keys that begin with `prefix` and come after `after`, in
    /// the order of the bytes of their keys. See [`pages`].
    async fn list(&self, prefix: &str, after: Option<&str>) -> Result<Listing>;

    /// An address at which whoever has it gets the content from the storage itself, for a while; none where there is no such
    /// thing. Nothing is looked up: there need not be anything under the key.
    async fn link(&self, _key: &str, _link: &Link) -> Result<Option<String>> {
        Ok(None)
    }

    /// The content as a file that can be opened and sought in, for decoding.
    async fn local_copy(&self, key: &str) -> Result<LocalCopy>;
}

/// All that is stored under keys that begin with `prefix`, page after page. What is listed may be deleted on the way.
pub fn pages<'a>(storage: &'a dyn Storage, prefix: &'a str) -> impl Stream<Item = Result<Vec<Stored>>> + Send + 'a {
    stream::try_unfold(Some(None::<String>), move |after| async move {
        let Some(after) = after else { return Ok(None) };
        let page = storage.list(prefix, after.as_deref()).await?;
        Ok(Some((page.stored, page.next.map(Some))))
    })
}

/// An upload that is open for writing. Dropping it keeps what the last checkpoint acknowledged.
#[async_trait]
pub trait UploadWriter: Send {
    /// Takes the next bytes; they are not safe yet.
    async fn write(&mut self, bytes: Bytes) -> Result<()>;

    /// Makes all that was written safe against a crash. The state returned goes on right after it.
    async fn checkpoint(&mut self) -> Result<UploadState>;
}

/// A file on this machine with the content of a stored one; a temporary file goes when this is dropped.
#[derive(Debug)]
pub struct LocalCopy {
    path: PathBuf,
    _temporary: Option<tempfile::TempPath>,
}

impl LocalCopy {
    fn stored(path: PathBuf) -> Self {
        Self { path, _temporary: None }
    }

    fn temporary(path: tempfile::TempPath) -> Self {
        Self { path: path.to_path_buf(), _temporary: Some(path) }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }
}
