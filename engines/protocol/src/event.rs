//! What an engine may say.

use serde::{Deserialize, Serialize};

use crate::{Counted, Embedded, Failed, Generated, GeneratedAll, Hello, Identified, Loaded, RequestId, Transcribed};

/// How far a request is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The request.
    pub id: RequestId,
    /// Thousandths done, 0 to 1000, never falling within one request.
    pub permille: u16,
}

/// One line of an engine's standard output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The engine has started.
    Hello(Hello),
    /// A model is ready.
    Loaded(Loaded),
    /// A request goes on.
    Progress(Progress),
    /// Answers [`crate::Transcribe`].
    Transcribed(Transcribed),
    /// Answers [`crate::Identify`].
    Identified(Identified),
    /// Answers [`crate::Generate`].
    Generated(Generated),
    /// Answers [`crate::GenerateAll`].
    GeneratedAll(GeneratedAll),
    /// Answers [`crate::CountTokens`].
    Counted(Counted),
    /// Answers [`crate::Embed`].
    Embedded(Embedded),
    /// A request was not done.
    Failed(Failed),
}

impl Event {
    /// The request that this belongs to.
    pub fn id(&self) -> Option<RequestId> {
        match self {
            Self::Hello(_) => None,
            Self::Loaded(loaded) => Some(loaded.id),
            Self::Progress(progress) => Some(progress.id),
            Self::Transcribed(transcribed) => Some(transcribed.id),
            Self::Identified(identified) => Some(identified.id),
            Self::Generated(generated) => Some(generated.id),
            Self::GeneratedAll(generated) => Some(generated.id),
            Self::Counted(counted) => Some(counted.id),
            Self::Embedded(embedded) => Some(embedded.id),
            Self::Failed(failed) => failed.id,
        }
    }

    /// Whether nothing more will be said about the request.
    pub fn is_final(&self) -> bool {
        !matches!(self, Self::Hello(_) | Self::Progress(_))
    }
}
