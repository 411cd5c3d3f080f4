//! A published instruct model writes one by one and side by side. It lies where `LECTERN_REAL_MODELS` says
//! (`SmolLM2-135M-Instruct.Q4_1.gguf`); run by `scripts/test`, which sets it, and by `scripts/bench-writing` for the figures.

mod support;

use std::path::PathBuf;
use std::time::Instant;

use engine_protocol::{Event, Generate, Generated, Load, Message, ModelFacts, Request, Role, StopReason};
use support::engine::Engine;
use support::{write, write_all};

const STORIES: [&str; 3] = [
    include_str!("../../whisper/tests/stories/held-out-1.txt"),
    include_str!("../../whisper/tests/stories/held-out-2.txt"),
    include_str!("../../whisper/tests/stories/held-out-3.txt"),
];

const GRAMMAR: &str = r#"
root ::= "{\"description\": \"" letter{1,300} "\", \"categories\": [" category ("," " " category){0,2} "]}"
letter ::= [^"\\\x00-\x1F]
category ::= "\"adventure\"" | "\"mystery\"" | "\"science-fiction\"" | "\"food\""
"#;

/// As many parts of a book as are written at a time.
const PARTS: usize = 8;

fn published() -> Engine {
    let folder =
        std::env::var("LECTERN_REAL_MODELS").expect("LECTERN_REAL_MODELS names the folder of published models");
    let model_path = PathBuf::from(folder).join("SmolLM2-135M-Instruct.Q4_1.gguf");
    let mut engine = Engine::start(env!("CARGO_BIN_EXE_lectern-llama"));
    let load = Load { id: 1, model_path, gpu: None, threads: 0, context_limit: None };
    let event = engine.ask(&Request::Load(load));
    let Event::Loaded(loaded) = event else { panic!("{event:?}") };
    assert!(matches!(loaded.model, ModelFacts::Writing(model) if model.has_chat_template), "its own template is used");
    engine
}

fn parts() -> Vec<Generate> {
    let system = "Summarise this part of the audiobook in two sentences and choose up to three categories from the list. Use \
        only what is said in the text. Do not give the ending away. Categories: adventure, mystery, science-fiction, food. \
        Answer with JSON only.";
    let message = |role, content: &str| Message { role, content: content.trim().into() };
    let part = |id: usize| Generate {
        id: id as u64,
        messages: vec![message(Role::System, system), message(Role::User, STORIES[id % STORIES.len()])],
        grammar: Some(GRAMMAR.into()),
        max_tokens: 160,
        temperature: 0.0,
        seed: 0,
        penalties: None,
    };
    (0..PARTS).map(part).collect()
}

fn tokens(answers: &[Generated]) -> u32 {
    answers.iter().map(|answer| answer.output_tokens).sum()
}

#[test]
fn parts_of_a_book_are_written_side_by_side() {
    let mut engine = published();
    // What is read for the first time comes from the disk.
    write(&mut engine, parts().remove(0));
    let begun = Instant::now();
    let alone: Vec<Generated> = parts().into_iter().map(|part| write(&mut engine, part)).collect();
    let (one_by_one, begun) = (begun.elapsed().as_secs_f64(), Instant::now());
    let together = write_all(&mut engine, parts());
    let side_by_side = begun.elapsed().as_secs_f64();
    assert_eq!(together.len(), PARTS);
    for (answer, same) in together.iter().zip(&alone) {
        assert_eq!(answer.prompt_tokens, same.prompt_tokens);
        let is_json = serde_json::from_str::<serde_json::Value>(&answer.text).is_ok();
        assert!(is_json || answer.stop == StopReason::Length, "{}", answer.text);
    }
    let (alone, together) = (f64::from(tokens(&alone)) / one_by_one, f64::from(tokens(&together)) / side_by_side);
    println!(
        "tokens a second: {alone:.1} one by one, {together:.1} side by side ({:.2} times as many)",
        together / alone
    );
}
