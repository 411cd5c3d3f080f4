//! What the shop may ask.

use serde::{Deserialize, Serialize};

use crate::{CountTokens, Embed, Generate, GenerateAll, Identify, Load, RequestId, Transcribe};

/// One line of an engine's standard input. An engine answers what belongs to the other one with a bad-input failure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Load a model.
    Load(Load),
    /// Write down what is said (whisper).
    Transcribe(Transcribe),
    /// Find out which language is spoken (whisper).
    Identify(Identify),
    /// Write an answer (llama).
    Generate(Generate),
    /// Write several answers side by side (llama).
    GenerateAll(GenerateAll),
    /// Count the tokens of a text (llama).
    CountTokens(CountTokens),
    /// Tell what texts mean (llama).
    Embed(Embed),
    /// End, with code 0. Not answered.
    Shutdown,
}

impl Request {
    /// The id that the answer will carry.
    pub fn id(&self) -> Option<RequestId> {
        match self {
            Self::Load(load) => Some(load.id),
            Self::Transcribe(transcribe) => Some(transcribe.id),
            Self::Identify(identify) => Some(identify.id),
            Self::Generate(generate) => Some(generate.id),
            Self::GenerateAll(generate) => Some(generate.id),
            Self::CountTokens(count) => Some(count.id),
            Self::Embed(embed) => Some(embed.id),
            Self::Shutdown => None,
        }
    }
}
