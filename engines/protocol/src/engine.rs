//! Starting an engine and giving it a model.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::RequestId;

/// Which of the two engines is speaking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    /// `lectern-whisper`: speech to text.
    Whisper,
    /// `lectern-llama`: text generation.
    Llama,
}

/// The kinds of accelerator that were compiled in. All false means processor only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accelerators {
    /// NVIDIA GPUs.
    pub cuda: bool,
    /// Any GPU with a Vulkan driver.
    pub vulkan: bool,
    /// Apple GPUs.
    pub metal: bool,
}

/// The first line of an engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// The engine's [`crate::PROTOCOL_VERSION`].
    pub protocol: u32,
    /// Which engine this is.
    pub engine: EngineKind,
    /// The engine program's own version.
    pub engine_version: String,
    /// What is inside: the native library and what it says of itself, for the record of a run.
    pub library: String,
    /// What it was compiled with.
    pub accelerators: Accelerators,
}

/// Loads a model, replacing the one that was loaded before. Answered by [`Loaded`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// Echoed in the answer.
    pub id: RequestId,
    /// The model file.
    pub model_path: PathBuf,
    /// The GPU to use, counted from 0; `None` keeps to the processor.
    #[serde(default)]
    pub gpu: Option<u32>,
    /// Processor threads; 0 leaves the choice to the engine.
    #[serde(default)]
    pub threads: u32,
    /// Most tokens that a writing model may hold at once, prompt and answer together. `None` takes what
    /// the model was trained on, 8,192 at most.
    #[serde(default)]
    pub context_limit: Option<u32>,
}

/// A model is ready.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// The [`Load`] that this answers.
    pub id: RequestId,
    /// What the file turned out to be.
    pub model: ModelFacts,
}

/// What a loaded model can do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ModelFacts {
    /// A whisper.cpp model.
    Speech(SpeechModel),
    /// A GGUF model that writes.
    Writing(WritingModel),
    /// A GGUF model that tells what texts mean.
    Embedding(EmbeddingModel),
}

/// A speech-to-text model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpeechModel {
    /// The name of its size, such as `base`; `custom` when it has none of the published sizes.
    pub size: String,
    /// Bytes of the model file.
    pub file_bytes: u64,
    /// Positions that its encoder hears at once, 20 ms each.
    pub audio_context: u32,
    /// The same in milliseconds: a chunk may not be longer.
    pub window_ms: u32,
    /// Whether it knows more languages than English.
    pub multilingual: bool,
    /// ISO 639-1 codes of the languages that it knows.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Chunks that it hears at the same time: so many requests may be under way, and are answered as they end.
    #[serde(default = "one")]
    pub at_once: u32,
}

fn one() -> u32 {
    1
}

/// A text generation model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WritingModel {
    /// Its name as the file states it, or else the file's own name.
    pub name: String,
    /// Bytes of the model file.
    pub file_bytes: u64,
    /// Number of weights.
    pub parameters: u64,
    /// Tokens that prompt and answer may fill together, after the limit asked for.
    pub context_tokens: u32,
    /// Tokens that it was trained on.
    pub trained_context_tokens: u32,
    /// Whether the file brings its own chat template; without one ChatML is used.
    pub has_chat_template: bool,
}

/// A model that tells what texts mean, and writes nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmbeddingModel {
    /// Its name as the file states it, or else the file's own name.
    pub name: String,
    /// Bytes of the model file.
    pub file_bytes: u64,
    /// Number of weights.
    pub parameters: u64,
    /// Tokens of a text that it reads.
    pub context_tokens: u32,
    /// Numbers of a vector.
    pub dimensions: u32,
}
