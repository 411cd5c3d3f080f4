//! What the tests of the ear share. Each test file uses a part of it.
#![allow(dead_code, reason = "every test file is a program of its own and uses what it needs")]

pub mod book;
#[path = "../../../protocol/tests/support/engine.rs"]
pub mod engine;
pub mod errors;
pub mod speech;

use std::path::Path;

use engine::{Engine, demo};
use engine_protocol::{Event, PcmFormat, Request, Segment, Transcribe};

/// The engine with the demonstration model.
pub fn listening() -> Engine {
    let mut engine = Engine::start(env!("CARGO_BIN_EXE_lectern-whisper"));
    engine.load(&demo("demo-asr.bin")).expect("the demonstration model loads");
    engine
}

/// A request for one chunk of 16-bit samples.
pub fn chunk(pcm: &Path, offset: u64, count: u64) -> Request {
    Request::Transcribe(Transcribe {
        id: offset + 2,
        pcm_path: pcm.into(),
        pcm_format: PcmFormat::S16le,
        offset_samples: offset,
        sample_count: count,
        language: None,
        prompt: None,
        retry: 0,
    })
}

/// The segments of one chunk.
pub fn hear(engine: &mut Engine, request: &Request) -> Vec<Segment> {
    match engine.ask(request) {
        Event::Transcribed(transcribed) => transcribed.segments,
        other => panic!("not heard: {other:?}"),
    }
}
