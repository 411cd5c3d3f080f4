//! Decoding what people upload, in a process of its own for each file: `lectern decode`, with bounded memory, watched and
//! stopped when it does not get on. The worst file costs its job, never the shop.

mod content;
pub mod pictures;
mod process;
#[cfg(test)]
mod tests;

pub use content::Content;

use crate::storage;
use process::Process;
use sound::apart::{Answer, Task};
use sound::facts::Facts;
use sound::pcm::Decoded;
use sound::sniff::{KINDS, Kind};
use sound::tags::Cover;
use sound::{AudioError, Limits};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long a decoder may do nothing that it could tell of.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long any task may take, whatever the file.
const SHORTEST: Duration = Duration::from_secs(300);
/// So many bytes of a file are looked through in a second on the slowest machine.
const BYTES_A_SECOND: u64 = 1 << 20;
/// So much faster than it is heard is sound decoded there.
const FASTER: u64 = 10;
/// And so much faster it is decoded and encoded.
const ENCODED_FASTER: u64 = 4;

#[derive(Debug, thiserror::Error)]
pub enum DecodingError {
    /// What is wrong with the file, or with the disk.
    #[error(transparent)]
    Audio(#[from] AudioError),
    /// The storage could not give the content: that says nothing of the file.
    #[error(transparent)]
    Storage(#[from] storage::Error),
    /// The file made the decoder end, hang or take more than it may: a sentence that says so.
    #[error("{0}")]
    Harmful(String),
    /// The decoder could not be started, or somebody else ended it: that says nothing of the file.
    #[error("the decoder {0}")]
    Broken(String),
}

/// Starts decoders.
#[derive(Clone, Debug)]
pub struct Decoder {
    /// None: this program, or the `lectern` beside it.
    program: Option<PathBuf>,
    patience: Duration,
    room: Arc<Semaphore>,
}

impl Decoder {
    /// One that works on so many files at once.
    pub fn new(at_once: usize) -> Self {
        Self { program: None, patience: PATIENCE, room: Arc::new(Semaphore::new(at_once.max(1))) }
    }

    /// With another program.
    #[must_use]
    pub fn with_program(self, program: PathBuf) -> Self {
        Self { program: Some(program), ..self }
    }

    /// With another patience.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Which kind of sound some content is; only its beginning is decoded.
    ///
    /// # Errors
    /// [`DecodingError`]; [`AudioError::Unusable`] for what is no sound.
    pub async fn kind(&self, content: &Content) -> Result<Kind, DecodingError> {
        let task = Task::Sniff { size: content.size() };
        match self.ask(&task, Some(content), SHORTEST).await? {
            (Answer::Kind(ending), _) => {
                let known = KINDS.into_iter().find(|kind| kind.extension == ending);
                known.ok_or_else(|| DecodingError::Broken(format!("knows a kind that the shop does not: {ending:?}")))
            }
            (other, _) => Err(unexpected(&other)),
        }
    }

    /// [`sound::facts::look_into`].
    ///
    /// # Errors
    /// [`DecodingError`].
    pub async fn look_into(&self, path: &Path, name: &str, limits: &Limits) -> Result<Facts, DecodingError> {
        let size = tokio::fs::metadata(path).await.map_err(AudioError::Io)?.len();
        let longest = SHORTEST + Duration::from_secs(size / BYTES_A_SECOND);
        let task = Task::LookInto { path: path.to_owned(), name: name.to_owned(), most_ms: limits.most_ms };
        match self.ask(&task, None, longest).await? {
            (Answer::Facts(mut facts), cover) => {
                facts.tags.cover = Cover::new(cover);
                Ok(*facts)
            }
            (other, _) => Err(unexpected(&other)),
        }
    }

    /// [`sound::pcm::to_pcm`]. Where it does not end by itself, what was written so far is removed.
    ///
    /// # Errors
    /// [`DecodingError`].
    pub async fn to_pcm(
        &self,
        from: &Path,
        name: &str,
        to: &Path,
        rate: u32,
        counted_ms: i64,
    ) -> Result<Decoded, DecodingError> {
        let heard = Duration::from_millis(u64::try_from(counted_ms).unwrap_or(0) / FASTER);
        let (path, name) = (from.to_owned(), name.to_owned());
        let task = Task::ToPcm { path, name, to: to.to_owned(), rate, counted_ms };
        let _partial = Partial::of(to);
        match self.ask(&task, None, SHORTEST + heard).await? {
            (Answer::Decoded { duration_ms, lost_ms, provider }, levels) => {
                Ok(Decoded { levels, duration_ms, lost_ms, provider })
            }
            (other, _) => Err(unexpected(&other)),
        }
    }

    /// [`sound::streaming::write`]; milliseconds that were written. Where it does not end by itself, what was written so far
    /// stays, and is gone on with.
    ///
    /// # Errors
    /// [`DecodingError`].
    pub async fn copy(&self, from: &Path, name: &str, to: &Path, counted_ms: i64) -> Result<i64, DecodingError> {
        let heard = Duration::from_millis(u64::try_from(counted_ms).unwrap_or(0) / ENCODED_FASTER);
        let task = Task::Copy { path: from.to_owned(), name: name.to_owned(), to: to.to_owned(), counted_ms };
        match self.ask(&task, None, SHORTEST + heard).await? {
            (Answer::Copied(length_ms), _) => Ok(length_ms),
            (other, _) => Err(unexpected(&other)),
        }
    }

    /// [`sound::excerpt::write`]; milliseconds that were written. Where it does not end by itself, what was written so far is
    /// removed.
    ///
    /// # Errors
    /// [`DecodingError`].
    pub async fn excerpt(&self, from: &Path, name: &str, range: Range<i64>, to: &Path) -> Result<i64, DecodingError> {
        // A file without an index is read from its beginning.
        let heard = Duration::from_millis(u64::try_from(range.end).unwrap_or(0) / FASTER);
        let (path, name) = (from.to_owned(), name.to_owned());
        let task = Task::Excerpt { path, name, start_ms: range.start, end_ms: range.end, to: to.to_owned() };
        let _partial = Partial::of(to);
        match self.ask(&task, None, SHORTEST + heard).await? {
            (Answer::Excerpt(length_ms), _) => Ok(length_ms),
            (other, _) => Err(unexpected(&other)),
        }
    }

    async fn ask(
        &self,
        task: &Task,
        content: Option<&Content>,
        longest: Duration,
    ) -> Result<(Answer, Vec<u8>), DecodingError> {
        let closed = |_| DecodingError::Broken("is not wanted any more".to_owned());
        let _place = self.room.acquire().await.map_err(closed)?;
        let program = self.program.clone().unwrap_or_else(process::own_program);
        let mut process = Process::start(&program, process::SOUND, self.patience)?;
        let answered = tokio::time::timeout(longest, process.ask(task, content)).await;
        match answered {
            Ok(Ok((Answer::Failed(failed), _))) => Err(AudioError::from(failed).into()),
            Ok(answered) => answered,
            Err(_) => Err(process::hung(task.name(), longest)),
        }
    }
}

fn unexpected(answer: &Answer) -> DecodingError {
    DecodingError::Broken(format!("answered something else: {answer:?}").chars().take(200).collect())
}

/// Removes what a process that was ended has written of a file.
struct Partial(PathBuf);

impl Partial {
    fn of(path: &Path) -> Self {
        Self(sound::wav::partial(path))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Mostly it is not there: the process has given it its name, or removed it.
        let _ = std::fs::remove_file(&self.0);
    }
}
