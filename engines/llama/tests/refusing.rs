//! What cannot be done is refused with a reason, and the engine lives on.

mod support;

use std::path::Path;

use engine_protocol::{
    CountTokens, Event, Failed, FailureKind, Generate, GenerateAll, Load, ModelFacts, Penalties, Request,
};
use support::engine::{Engine, cut_off, demo};
use support::{describe, ready, write};

fn refused(engine: &mut Engine, request: Generate) -> Failed {
    match engine.ask(&Request::Generate(request)) {
        Event::Failed(failed) => failed,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_story_that_is_too_long_is_refused_with_the_number_of_its_tokens() {
    let mut engine = ready();
    let failed = refused(&mut engine, describe(&"The sea was quiet. ".repeat(1000)));
    assert_eq!(failed.kind, FailureKind::BadInput);
    let tokens = failed.message.split_whitespace().find_map(|word| word.parse::<u32>().ok());
    assert!(tokens.is_some_and(|tokens| tokens > 2048), "{}", failed.message);
    let mut greedy = describe("The sea was quiet.");
    greedy.max_tokens = u32::MAX;
    assert_eq!(refused(&mut engine, greedy).kind, FailureKind::BadInput);
    write(&mut engine, describe("The sea was quiet."));
}

#[test]
fn of_several_one_that_cannot_be_done_is_told_of_and_the_engine_lives_on() {
    let mut engine = ready();
    let requests = vec![describe("The sea was quiet."), describe(&"The sea was quiet. ".repeat(1000))];
    let Event::Failed(failed) = engine.ask(&Request::GenerateAll(GenerateAll { id: 7, requests })) else {
        panic!("not refused")
    };
    assert_eq!((failed.id, failed.kind), (Some(7), FailureKind::BadInput));
    write(&mut engine, describe("The sea was quiet."));
}

#[test]
fn a_bad_grammar_is_refused_and_the_engine_lives_on() {
    let mut engine = ready();
    for grammar in ["", "root ::= (", "yes ::= \"yes\"", "root ::= root \"a\"", "root ::= missing", "root\0"] {
        let mut request = describe("The sea was quiet.");
        request.grammar = Some(grammar.into());
        let failed = refused(&mut engine, request);
        assert_eq!(failed.kind, FailureKind::BadInput, "{grammar:?}: {}", failed.message);
    }
    write(&mut engine, describe("The sea was quiet."));
}

#[test]
fn an_empty_conversation_and_an_impossible_temperature_are_refused() {
    let mut engine = ready();
    let mut silent = describe("");
    silent.messages.clear();
    assert_eq!(refused(&mut engine, silent).kind, FailureKind::BadInput);
    let mut cold = describe("The sea was quiet.");
    cold.temperature = -1.0;
    assert_eq!(refused(&mut engine, cold).kind, FailureKind::BadInput);
    let mut unheard = describe("The sea was quiet.");
    unheard.penalties = Some(Penalties { window: 64, repeat: 0.0, frequency: 0.0 });
    assert_eq!(refused(&mut engine, unheard).kind, FailureKind::BadInput);
    let mut torn = describe("The sea\0was quiet.");
    torn.messages.truncate(2);
    assert_eq!(refused(&mut engine, torn).kind, FailureKind::BadInput);
}

#[test]
fn a_broken_model_is_refused_and_the_engine_lives_on() {
    let folder = tempfile::tempdir().unwrap();
    let model = demo("demo-writer.gguf");
    let size = usize::try_from(std::fs::metadata(&model).unwrap().len()).unwrap();
    let mut engine = Engine::start(env!("CARGO_BIN_EXE_lectern-llama"));
    for bytes in [0, 4, 8, 24, 100, 5_000, 60_000, size / 2, size - 1] {
        let failed = engine.load(&cut_off(&model, bytes, folder.path())).unwrap_err();
        assert_eq!(failed.kind, FailureKind::BadModel, "{bytes} bytes: {}", failed.message);
    }
    for path in [&demo("demo-asr.bin"), folder.path(), Path::new("/no/such/model.gguf")] {
        assert_eq!(engine.load(path).unwrap_err().kind, FailureKind::BadModel);
    }
    let failed = refused(&mut engine, describe("The sea was quiet."));
    assert_eq!(failed.kind, FailureKind::BadModel, "none is loaded");
    engine.load(&model).expect("a whole model after broken ones");
    write(&mut engine, describe("The sea was quiet."));
}

#[test]
fn a_smaller_context_can_be_asked_for() {
    let mut engine = ready();
    let answer = engine.ask(&Request::Load(Load {
        id: 4,
        model_path: demo("demo-writer.gguf"),
        gpu: None,
        threads: 1,
        context_limit: Some(256),
    }));
    let Event::Loaded(loaded) = answer else { panic!("{answer:?}") };
    let ModelFacts::Writing(model) = loaded.model else { panic!("not a writing model") };
    assert_eq!(model.context_tokens, 256);
    assert_eq!(refused(&mut engine, describe(&"The sea was quiet. ".repeat(40))).kind, FailureKind::BadInput);
}

#[test]
fn nonsense_is_refused_and_the_next_line_is_read() {
    let mut engine = ready();
    let Event::Failed(failed) = engine.say("write me a story") else { panic!("not refused") };
    assert_eq!((failed.id, failed.kind), (None, FailureKind::BadInput));
    let counted = engine.ask(&Request::CountTokens(CountTokens { id: 5, text: "one".into() }));
    assert!(matches!(counted, Event::Counted(_)), "{counted:?}");
}
