//! Speech to text.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::RequestId;

/// Samples a second of all audio given to an engine. One channel.
pub const SAMPLE_RATE: u32 = 16_000;

/// How the samples lie in the file, without any header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PcmFormat {
    /// Signed 16-bit integers, little-endian.
    #[default]
    S16le,
    /// 32-bit floats between -1 and 1, little-endian.
    F32le,
}

impl PcmFormat {
    /// Bytes of one sample.
    pub fn sample_bytes(self) -> u64 {
        match self {
            Self::S16le => 2,
            Self::F32le => 4,
        }
    }
}

/// Asks for what is said in one chunk, no longer than the model's window. Answered by [`Transcribed`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transcribe {
    /// Echoed in the answer.
    pub id: RequestId,
    /// Raw samples, mono, at [`SAMPLE_RATE`].
    pub pcm_path: PathBuf,
    /// How they are written.
    #[serde(default)]
    pub pcm_format: PcmFormat,
    /// First sample of the chunk, counted from the start of the file.
    pub offset_samples: u64,
    /// Samples in the chunk.
    pub sample_count: u64,
    /// ISO 639-1 code; `None` lets a multilingual model find out.
    #[serde(default)]
    pub language: Option<String>,
    /// Text to be read as what was said before, to keep names and style.
    #[serde(default)]
    pub prompt: Option<String>,
    /// How often the chunk was heard before with an answer that was doubted: from 1 on the engine listens in another way
    /// (without the prompt, several readings weighed against each other, some chance).
    #[serde(default)]
    pub retry: u8,
}

/// Asks which language is spoken in one chunk, no longer than the model's window. Answered by [`Identified`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identify {
    /// Echoed in the answer.
    pub id: RequestId,
    /// Raw samples, mono, at [`SAMPLE_RATE`].
    pub pcm_path: PathBuf,
    /// How they are written.
    #[serde(default)]
    pub pcm_format: PcmFormat,
    /// First sample of the chunk, counted from the start of the file.
    pub offset_samples: u64,
    /// Samples in the chunk.
    pub sample_count: u64,
}

/// The language of a chunk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identified {
    /// The [`Identify`] that this answers.
    pub id: RequestId,
    /// ISO 639-1 code; `None` for silence.
    pub language: Option<String>,
    /// How likely it is, 0 to 1.
    pub probability: f32,
}

/// What is said in a chunk. All times are milliseconds from the chunk's first sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transcribed {
    /// The [`Transcribe`] that this answers.
    pub id: RequestId,
    /// ISO 639-1 code of the language, found or given; `None` when nothing was said and none was given.
    pub language: Option<String>,
    /// In the order of time; none for silence.
    pub segments: Vec<Segment>,
}

/// A stretch of speech, about a sentence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    /// Milliseconds from the chunk's start.
    pub start_ms: u32,
    /// Milliseconds from the chunk's start, after `start_ms`.
    pub end_ms: u32,
    /// Without surrounding space.
    pub text: String,
    /// Mean probability of the words, 0 to 1.
    pub confidence: f32,
    /// How likely the model thinks that nothing was said, 0 to 1.
    pub no_speech_prob: f32,
    /// Never overlapping, in order, inside the segment.
    pub words: Vec<Word>,
    /// What the model's own measures say of the text; `None` from an engine that has none.
    #[serde(default)]
    pub evidence: Option<Evidence>,
}

/// What speaks for a text, or against it. The measures and their usual limits are those of the Whisper paper
/// (Radford et al., 2022, section 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Mean natural logarithm of the probability of the segment's tokens: 0 is certainty, less than -1 is doubtful.
    pub average_log_probability: f32,
    /// How likely the model thinks that nothing was said in the chunk, 0 to 1; more than 0.6 is doubtful.
    pub no_speech_probability: f32,
    /// Bytes of all the chunk's text for each byte of it compressed (zlib): more than 2.4 is a loop.
    pub compression_ratio: f32,
    /// Chance allowed in the choice of words; 0 is none. More than 0 means that the first reading was thrown away.
    pub temperature: f32,
    /// The [`Transcribe::retry`] that it was heard with.
    #[serde(default)]
    pub retry: u8,
}

/// A word with its punctuation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Word {
    /// Milliseconds from the chunk's start.
    pub start_ms: u32,
    /// Milliseconds from the chunk's start, not before `start_ms`.
    pub end_ms: u32,
    /// Without surrounding space.
    pub text: String,
    /// Probability of its least certain token, 0 to 1.
    pub confidence: f32,
}
