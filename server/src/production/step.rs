//! What every step of a job has at hand, and how it can end.

use super::engine::EngineError;
use super::pool::Pool;
use crate::models::Models;
use crate::storage::{self, Storage};
use domain::Db;
use domain::production::jobs::Claim;
use engine_protocol::FailureKind;
use sha2::Digest as _;
use sound::{AudioError, Stop, StopOnDrop};
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// What the steps work with.
#[derive(Clone, Debug)]
pub struct Workshop {
    pub db: Db,
    pub storage: Arc<dyn Storage>,
    pub pool: Arc<Pool>,
    pub models: Models,
    /// Folder for files that can be made again.
    pub work_dir: PathBuf,
}

/// One step of one title, claimed.
#[derive(Clone, Debug)]
pub struct Job {
    pub shop: Workshop,
    pub claim: Claim,
    pub audiobook_id: Uuid,
}

/// Why a step did not end well.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// It waits for something that the operator must provide.
    #[error("{0}")]
    Blocked(String),
    /// It may go well another time.
    #[error("{0}")]
    Again(String),
    /// Trying again cannot help.
    #[error("{0}")]
    Fatal(String),
    /// The job is cancelled, or another worker has it.
    #[error("the job was taken away")]
    Lost,
}

impl From<domain::Error> for StepError {
    fn from(error: domain::Error) -> Self {
        match error {
            domain::Error::LeaseLost => Self::Lost,
            domain::Error::NotFound(what) => Self::Fatal(format!("There is no such {what} any more.")),
            error => {
                tracing::warn!(%error, "a step could not use the database");
                Self::Again("The database could not be used.".into())
            }
        }
    }
}

impl From<storage::Error> for StepError {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::NotFound(key) => Self::Fatal(format!("A file is missing from the storage ({key}).")),
            storage::Error::Full => Self::Again("The storage is full.".into()),
            error => {
                tracing::warn!(%error, "a step could not use the storage");
                Self::Again("The storage could not be used.".into())
            }
        }
    }
}

impl From<AudioError> for StepError {
    fn from(error: AudioError) -> Self {
        match error {
            AudioError::Unusable(sentence) => Self::Fatal(sentence),
            AudioError::Stopped => Self::Lost,
            AudioError::Io(error) => Self::from(error),
        }
    }
}

impl From<std::io::Error> for StepError {
    fn from(error: std::io::Error) -> Self {
        tracing::warn!(%error, "a step could not use the disk");
        Self::Again(format!("The worker's disk could not be used: {error}."))
    }
}

impl From<EngineError> for StepError {
    fn from(error: EngineError) -> Self {
        let sentence = sentence(&error.to_string());
        match error {
            EngineError::NotStarted { .. } => {
                Self::Blocked(format!("{sentence} Check engines.whisper and engines.llama; the run then goes on."))
            }
            EngineError::Refused { kind: FailureKind::BadModel, .. } => {
                Self::Blocked(format!("The model cannot be used: {sentence} Pull it again or choose another one."))
            }
            EngineError::Protocol(_) | EngineError::Crashed(_) | EngineError::Hung(_) => Self::Again(sentence),
            EngineError::Refused { .. } => Self::Again(sentence),
        }
    }
}

/// With a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let full_stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{full_stop}", letters.as_str())
}

impl Job {
    /// Runs blocking work on another thread; it stops when this is dropped.
    ///
    /// # Errors
    /// What the work says, or when it panics.
    pub async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(Stop) -> Result<T, AudioError> + Send + 'static,
    ) -> Result<T, StepError> {
        let stop = Stop::default();
        let _stop_on_drop = StopOnDrop(stop.clone());
        let done = tokio::task::spawn_blocking(move || work(stop)).await;
        Ok(done.map_err(|error| StepError::Again(format!("A step broke off: {error}.")))??)
    }

    /// The folder of this title's work files.
    ///
    /// # Errors
    /// When it cannot be made.
    pub async fn folder(&self) -> Result<PathBuf, StepError> {
        let folder = self.shop.work_dir.join(self.audiobook_id.to_string());
        tokio::fs::create_dir_all(&folder).await?;
        Ok(folder)
    }

    /// Says how far the step is, in thousandths.
    ///
    /// # Errors
    /// [`StepError::Lost`].
    pub async fn progress(&self, done: usize, of: usize) -> Result<(), StepError> {
        let permille = i32::try_from(done * 1000 / of.max(1)).unwrap_or(1000);
        Ok(domain::production::steps::progress(&self.shop.db, &self.claim, permille, None).await?)
    }
}

/// SHA-256 of several texts, in hexadecimal: what a step was made from.
pub fn hash_of<'a>(texts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hash = sha2::Sha256::new();
    for text in texts {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    }
    hex::encode(hash.finalize())
}
