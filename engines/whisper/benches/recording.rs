//! One recording heard with a real model, and what it cost, as one line of JSON:
//! `cargo bench --bench recording -- RECORDING MODEL [THREADS]`. Used by `scripts/bench-pipeline`.

#[path = "../tests/support/mod.rs"]
mod support;

use std::path::PathBuf;

use support::book::{Hearing, hear_book};

fn main() {
    // Cargo adds a flag of its own.
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let (Some(recording), Some(model)) = (arguments.next(), arguments.next()) else {
        // `cargo test --benches` gives none.
        eprintln!("usage: recording RECORDING MODEL [THREADS]");
        return;
    };
    let threads = arguments.next().and_then(|threads| threads.parse().ok()).unwrap_or(0);
    let program = std::env::var("LECTERN_ENGINE").unwrap_or_else(|_| env!("CARGO_BIN_EXE_lectern-whisper").into());
    let language = std::env::var("LECTERN_BENCH_LANGUAGE").ok();
    let prompt = std::env::var("LECTERN_BENCH_PROMPT").ok();
    let hearing = Hearing { model: PathBuf::from(model), threads, language, prompt };
    let heard = hear_book(&program, &PathBuf::from(recording), &hearing);
    let report = serde_json::json!({
        "sound_s": heard.sound.as_secs_f64(),
        "chunks": heard.chunks,
        "prepared_s": heard.prepared.as_secs_f64(),
        "loaded_s": heard.loaded.as_secs_f64(),
        "heard_s": heard.heard.as_secs_f64(),
        "processor_s": heard.processor.as_secs_f64(),
        "memory_mib": heard.memory_mib,
        "languages": heard.languages,
        "text": heard.text(),
        "segments": heard.segments,
    });
    println!("{report}");
}
