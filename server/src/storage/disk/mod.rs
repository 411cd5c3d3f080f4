//! Storage in a folder.

mod list;
mod read;

use super::key::{check, staged_for, staging_key};
use super::{ByteStream, Digest, Error, LIST_PAGE, Listing, LocalCopy, Result, Storage, UploadState, UploadWriter};
use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use std::collections::HashSet;
use std::fs::TryLockError;
use std::io::{self, ErrorKind, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use tokio::fs;
use tokio::io::{AsyncSeekExt, AsyncWriteExt};
use uuid::Uuid;

/// A folder of files named by their keys.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
}

impl Disk {
    /// # Errors
    /// When the folder cannot be made.
    pub async fn open(root: &Path) -> Result<Self> {
        fs::create_dir_all(root.join("staging")).await?;
        Ok(Self { root: root.to_path_buf() })
    }

    fn path(&self, key: &str) -> Result<PathBuf> {
        Ok(self.root.join(check(key)?))
    }

    /// Moves a complete file to its key and makes the move safe against a crash.
    async fn put_in_place(&self, from: &Path, key: &str) -> Result<()> {
        let to = self.path(key)?;
        let folder = to.parent().unwrap_or(&self.root).to_path_buf();
        fs::create_dir_all(&folder).await?;
        fs::rename(from, &to).await?;
        sync_folders(&folder, &self.root).await
    }

    fn scratch(&self) -> PathBuf {
        self.root.join("staging").join(format!("{}.new", Uuid::now_v7()))
    }
}

/// A rename is only safe once the folder it is in is: and a new folder once its parent is.
async fn sync_folders(folder: &Path, root: &Path) -> Result<()> {
    let mut folder = folder;
    loop {
        fs::File::open(folder).await?.sync_all().await?;
        match folder.parent() {
            Some(parent) if folder != root => folder = parent,
            _ => return Ok(()),
        }
    }
}

fn missing(key: &str) -> impl FnOnce(io::Error) -> Error {
    move |error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::IsADirectory => Error::NotFound(key.to_owned()),
        _ => error.into(),
    }
}

async fn exists(path: &Path) -> Result<bool> {
    Ok(fs::try_exists(path).await?)
}

async fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

#[async_trait]
impl Storage for Disk {
    async fn write_upload(&self, state: &UploadState) -> Result<Box<dyn UploadWriter>> {
        let key = staging_key(state.id);
        let path = self.path(&key)?;
        let digest = state.digest()?;
        if !exists(&path).await? {
            if state.offset > 0 {
                return Err(Error::State("its bytes are gone from the folder".to_owned()));
            }
            fs::OpenOptions::new().create(true).append(true).open(&path).await?;
            sync_folders(path.parent().unwrap_or(&self.root), &self.root).await?;
        }
        let file = fs::OpenOptions::new().read(true).write(true).open(&path).await?.into_std().await;
        // Held by the process, so it goes when the process does.
        let file = match file.try_lock() {
            Ok(()) => file,
            Err(TryLockError::WouldBlock) => return Err(Error::Locked),
            Err(TryLockError::Error(error)) => return Err(error.into()),
        };
        let file = fs::File::from_std(file);
        if file.metadata().await?.len() < state.offset {
            return Err(Error::State("the file in the folder is shorter than what was acknowledged".to_owned()));
        }
        Ok(Box::new(DiskWriter { file, digest, begun: false, written: state.offset, state: state.clone() }))
    }

    #[tracing::instrument(name = "storage.seal", skip_all)]
    async fn seal_upload(&self, state: &UploadState) -> Result<String> {
        let key = staging_key(state.id);
        let length = self.size(&key).await?;
        if length != state.offset {
            return Err(Error::State(format!("{length} bytes are there of {} that were acknowledged", state.offset)));
        }
        Ok(key)
    }

    #[tracing::instrument(name = "storage.adopt", skip_all)]
    async fn adopt_upload(&self, id: Uuid, key: &str) -> Result<()> {
        let staged = self.path(&staging_key(id))?;
        if exists(&staged).await? {
            // Its time of modification becomes that of the move.
            fs::File::open(&staged).await?.into_std().await.set_modified(SystemTime::now())?;
            return self.put_in_place(&staged, key).await;
        }
        if exists(&self.path(key)?).await? { Ok(()) } else { Err(Error::NotFound(staging_key(id))) }
    }

    async fn abort_upload(&self, state: &UploadState) -> Result<()> {
        remove(&self.path(&staging_key(state.id))?).await
    }

    async fn sweep(&self, age: Duration, open: &HashSet<Uuid>) -> Result<u64> {
        let mut entries = fs::read_dir(self.root.join("staging")).await?;
        let mut gone = 0;
        while let Some(entry) = entries.next_entry().await? {
            let Ok(facts) = entry.metadata().await else { continue };
            let old =
                facts.modified().is_ok_and(|then| SystemTime::now().duration_since(then).is_ok_and(|is| is > age));
            let owner = entry.file_name().to_str().and_then(staged_for);
            if facts.is_file() && old && owner.is_none_or(|id| !open.contains(&id)) {
                remove(&entry.path()).await?;
                gone += 1;
            }
        }
        Ok(gone)
    }

    async fn size(&self, key: &str) -> Result<u64> {
        let facts = fs::metadata(self.path(key)?).await.map_err(missing(key))?;
        if facts.is_file() { Ok(facts.len()) } else { Err(Error::NotFound(key.to_owned())) }
    }

    #[tracing::instrument(name = "storage.get", skip_all, fields(size = range.end.saturating_sub(range.start)))]
    async fn read(&self, key: &str, range: Range<u64>) -> Result<ByteStream> {
        let path = self.path(key)?;
        // Opened and read in one go of a thread that may wait for the disk: mostly a player asks for no more than a piece.
        let begun = read::blocking(move || read::begin(&path, range)).await.map_err(missing(key))?;
        Ok(read::pieces(begun).boxed())
    }

    #[tracing::instrument(name = "storage.put", skip_all, fields(size = bytes.len()))]
    async fn put_bytes(&self, key: &str, bytes: Bytes, _media_type: &str) -> Result<()> {
        let scratch = self.scratch();
        let mut file = fs::File::create_new(&scratch).await?;
        file.write_all(&bytes).await?;
        file.flush().await?;
        file.sync_all().await?;
        self.put_in_place(&scratch, key).await
    }

    #[tracing::instrument(name = "storage.put", skip_all)]
    async fn put_file(&self, key: &str, path: &Path, _media_type: &str) -> Result<()> {
        let scratch = self.scratch();
        fs::copy(path, &scratch).await.map_err(missing(key))?;
        fs::File::open(&scratch).await?.sync_all().await?;
        self.put_in_place(&scratch, key).await
    }

    #[tracing::instrument(name = "storage.delete", skip_all)]
    async fn delete(&self, key: &str) -> Result<()> {
        remove(&self.path(key)?).await
    }

    async fn list(&self, prefix: &str, after: Option<&str>) -> Result<Listing> {
        let (root, prefix, after) = (self.root.clone(), prefix.to_owned(), after.unwrap_or_default().to_owned());
        let list = tokio::task::spawn_blocking(move || list::page(&root, &prefix, &after, LIST_PAGE));
        Ok(list.await.map_err(io::Error::other)??)
    }

    #[tracing::instrument(name = "storage.copy", skip_all)]
    async fn local_copy(&self, key: &str) -> Result<LocalCopy> {
        self.size(key).await?;
        Ok(LocalCopy::stored(self.path(key)?))
    }
}

struct DiskWriter {
    file: fs::File,
    digest: Digest,
    /// What was not acknowledged is cut off.
    begun: bool,
    written: u64,
    state: UploadState,
}

#[async_trait]
impl UploadWriter for DiskWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<()> {
        // Not before: whoever holds the file looks first whether the state they were given is still the last one.
        if !self.begun {
            self.file.set_len(self.written).await?;
            self.file.seek(SeekFrom::Start(self.written)).await?;
            self.begun = true;
        }
        self.file.write_all(&bytes).await?;
        self.digest.update(&bytes);
        self.written += bytes.len() as u64;
        Ok(())
    }

    async fn checkpoint(&mut self) -> Result<UploadState> {
        self.file.flush().await?;
        self.file.sync_data().await?;
        self.state = self.state.moved_to(self.written, &self.digest, None);
        Ok(self.state.clone())
    }
}
