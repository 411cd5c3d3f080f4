//! Why a request was not done.

use serde::{Deserialize, Serialize};

use crate::RequestId;

/// Tells the shop whether trying again can help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The request cannot be done as it stands: repeating it will fail again.
    BadInput,
    /// The model file is missing, damaged, or of the wrong kind, or none is loaded.
    BadModel,
    /// Memory ran out, the machine's or the GPU's.
    OutOfMemory,
    /// Anything else, such as an error of the native library.
    Internal,
}

/// The closing event of a request that was not done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The request, or `None` when its line could not be read.
    pub id: Option<RequestId>,
    /// What sort of failure.
    pub kind: FailureKind,
    /// A sentence for the person who looks after the shop.
    pub message: String,
}

impl Failed {
    /// Puts a failure together.
    pub fn new(id: Option<RequestId>, kind: FailureKind, message: impl Into<String>) -> Self {
        Self { id, kind, message: message.into() }
    }
}
