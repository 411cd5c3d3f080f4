//! What the tests of the writer share. Each test file uses a part of it.
#![allow(dead_code, reason = "every test file is a program of its own and uses what it needs")]

#[path = "../../../protocol/tests/support/engine.rs"]
pub mod engine;

use engine::{Engine, demo};
use engine_protocol::{Event, Generate, GenerateAll, Generated, Message, Request, Role};

/// JSON with a description and one to three of the categories that the demonstration model knows.
pub const GRAMMAR: &str = r#"
root ::= "{\"description\": \"" character{10,300} "\", \"categories\": [" category (", " category){0,2} "]}"
character ::= [a-zA-Z ,.;']
category ::= "\"" ("adventure" | "mystery" | "science-fiction" | "fantasy" | "nature" | "food" | "business" | "family-life") "\""
"#;

/// The engine with the demonstration model.
pub fn ready() -> Engine {
    let mut engine = Engine::start(env!("CARGO_BIN_EXE_lectern-llama"));
    engine.load(&demo("demo-writer.gguf")).expect("the demonstration model loads");
    engine
}

/// A greedy request held to the grammar.
pub fn describe(story: &str) -> Generate {
    let message = |role, content: &str| Message { role, content: content.trim().into() };
    Generate {
        id: 3,
        messages: vec![
            message(Role::System, "Describe the story in one sentence and choose its categories. Answer with JSON."),
            message(Role::User, story),
        ],
        grammar: Some(GRAMMAR.into()),
        max_tokens: 200,
        temperature: 0.0,
        seed: 0,
        penalties: None,
    }
}

/// Asks for an answer; its tokens and text.
pub fn write(engine: &mut Engine, request: Generate) -> Generated {
    match engine.ask(&Request::Generate(request)) {
        Event::Generated(generated) => generated,
        other => panic!("nothing written: {other:?}"),
    }
}

/// Asks for several answers at once.
pub fn write_all(engine: &mut Engine, requests: Vec<Generate>) -> Vec<Generated> {
    match engine.ask(&Request::GenerateAll(GenerateAll { id: 9, requests })) {
        Event::GeneratedAll(generated) => generated.answers,
        other => panic!("nothing written: {other:?}"),
    }
}
