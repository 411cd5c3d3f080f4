//! How a job can end other than well.

use crate::decoding::DecodingError;
use crate::production::engine::EngineError;
use crate::storage;
use engine_protocol::FailureKind;
use sound::AudioError;

/// Why a job did not end well; each with a sentence for the people who look after the shop.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// It waits for something that the operator must provide.
    #[error("{0}")]
    Waiting(String),
    /// It may go well another time.
    #[error("{0}")]
    Again(String),
    /// The shop's own database, storage or disk could not be used: it may go well another time, and nobody who stands in would
    /// fare better.
    #[error("{0}")]
    Hindered(String),
    /// Trying again cannot help.
    #[error("{0}")]
    Fatal(String),
    /// It is cancelled, or another worker has it.
    #[error("the job was taken away")]
    Lost,
}

impl From<domain::Error> for JobError {
    fn from(error: domain::Error) -> Self {
        match error {
            domain::Error::LeaseLost => Self::Lost,
            domain::Error::NotFound(what) => Self::Fatal(format!("There is no such {what} any more.")),
            error if error.kind().is_passing() => {
                tracing::warn!(%error, "a job could not use the database");
                Self::Hindered("The database could not be used.".into())
            }
            error => Self::Fatal(error.to_string()),
        }
    }
}

impl From<storage::Error> for JobError {
    fn from(error: storage::Error) -> Self {
        match error {
            storage::Error::NotFound(key) => Self::Fatal(format!("A file is missing from the storage ({key}).")),
            storage::Error::Full => Self::Hindered("The storage is full.".into()),
            error => {
                tracing::warn!(%error, "a job could not use the storage");
                Self::Hindered("The storage could not be used.".into())
            }
        }
    }
}

impl From<AudioError> for JobError {
    fn from(error: AudioError) -> Self {
        match error {
            AudioError::Unusable(sentence) => Self::Fatal(sentence),
            AudioError::Full { .. } => {
                Self::Waiting(format!("The worker’s {error}. Make room in worker.work_dir; the run then goes on."))
            }
            AudioError::Io(error) => Self::from(error),
        }
    }
}

impl From<DecodingError> for JobError {
    fn from(error: DecodingError) -> Self {
        match error {
            DecodingError::Audio(error) => error.into(),
            DecodingError::Storage(error) => error.into(),
            // The same file does the same again.
            DecodingError::Harmful(sentence) => Self::Fatal(sentence),
            DecodingError::Broken(_) => Self::Again(sentence(&error.to_string())),
        }
    }
}

impl From<std::io::Error> for JobError {
    fn from(error: std::io::Error) -> Self {
        tracing::warn!(%error, "a job could not use the disk");
        Self::Hindered(format!("The worker's disk could not be used: {error}."))
    }
}

impl From<EngineError> for JobError {
    fn from(error: EngineError) -> Self {
        let sentence = sentence(&error.to_string());
        match error {
            EngineError::NotStarted { .. } => {
                Self::Waiting(format!("{sentence} Check engines.whisper and engines.llama; the run then goes on."))
            }
            EngineError::Refused { kind: FailureKind::BadModel, .. } => {
                Self::Waiting(format!("The model cannot be used: {sentence} Pull it again or choose another one."))
            }
            EngineError::Protocol(_) | EngineError::Crashed(_) | EngineError::Hung(_) => Self::Again(sentence),
            EngineError::Refused { .. } => Self::Again(sentence),
        }
    }
}

/// With a capital and a full stop.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    let full_stop = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{full_stop}", letters.as_str())
}
