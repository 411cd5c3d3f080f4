//! What the shop and its inference engines say to each other.
//!
//! An engine is a small program that wraps one native library. The shop starts it, writes one [`Request`] a line to its
//! standard input and reads one [`Event`] a line from its standard output, both as JSON. Standard error is free text for
//! the log. An engine works on one request at a time, in the order they came; one that hears says with its model how
//! many chunks it takes at once ([`SpeechModel::at_once`]), and answers those as they end. It ends with code 0 when its
//! input closes. Whatever goes wrong in native code ends that process only.
//!
//! The first line an engine writes is [`Event::Hello`]. Each request with an `id` is answered by exactly one closing event
//! with the same `id` ([`Event::is_final`]), after any number of [`Event::Progress`].

mod engine;
mod event;
mod failure;
mod meaning;
mod request;
mod speech;
mod wire;
mod writing;

pub use engine::{
    Accelerators, EmbeddingModel, EngineKind, Hello, Load, Loaded, ModelFacts, SpeechModel, WritingModel,
};
pub use event::{Event, Progress};
pub use failure::{Failed, FailureKind};
pub use meaning::{Embed, Embedded, MOST_EMBEDDED};
pub use request::Request;
pub use speech::{Evidence, Identified, Identify, PcmFormat, SAMPLE_RATE, Segment, Transcribe, Transcribed, Word};
pub use wire::{MAX_LINE_BYTES, WireError, decode, encode, read_line, write_line};
pub use writing::{
    CountTokens, Counted, Generate, GenerateAll, Generated, GeneratedAll, Message, Penalties, Role, StopReason,
};

/// The version that both sides must share. It grows whenever a message changes in a way that an older side would misread.
pub const PROTOCOL_VERSION: u32 = 1;

/// Pairs a request with its answers. Chosen by the shop, unique within one engine process.
pub type RequestId = u64;
