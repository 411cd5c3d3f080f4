//! What cannot be done is refused with a reason, and the engine lives on.

mod support;

use std::path::Path;

use engine_protocol::{CountTokens, Event, Failed, FailureKind, Request};
use support::engine::{Engine, cut_off, demo};
use support::speech::save;
use support::{chunk, listening};

fn refused(engine: &mut Engine, request: &Request) -> Failed {
    match engine.ask(request) {
        Event::Failed(failed) => failed,
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn a_broken_model_is_refused_and_the_engine_lives_on() {
    let folder = tempfile::tempdir().unwrap();
    let model = demo("demo-asr.bin");
    let size = usize::try_from(std::fs::metadata(&model).unwrap().len()).unwrap();
    let mut engine = Engine::start(env!("CARGO_BIN_EXE_lectern-whisper"));
    for bytes in [0, 4, 8, 40, 60, 70_000, 500_000, size / 2, size - 1] {
        let failed = engine.load(&cut_off(&model, bytes, folder.path())).unwrap_err();
        assert_eq!(failed.kind, FailureKind::BadModel, "{bytes} bytes: {}", failed.message);
    }
    engine.load(&model).expect("a whole model after broken ones");
}

#[test]
fn what_is_no_model_is_refused_whatever_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let fake = folder.path().join("ggml-base.en.bin");
    let mut nonsense = std::fs::read(demo("demo-asr.bin")).unwrap()[..4096].to_vec();
    nonsense[4..48].fill(0x7f);
    let mut engine = Engine::start(env!("CARGO_BIN_EXE_lectern-whisper"));
    for content in [b"<!DOCTYPE html><title>Not found</title>".to_vec(), nonsense] {
        std::fs::write(&fake, content).unwrap();
        assert_eq!(engine.load(&fake).unwrap_err().kind, FailureKind::BadModel);
    }
    for path in [&demo("demo-writer.gguf"), folder.path(), Path::new("/no/such/model.bin")] {
        let failed = engine.load(path).unwrap_err();
        assert_eq!(failed.kind, FailureKind::BadModel, "{}: {}", path.display(), failed.message);
    }
}

#[test]
fn a_chunk_needs_a_model_samples_and_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("sound.pcm");
    save(&[100; 16_000 * 12], &pcm);
    let mut unready = Engine::start(env!("CARGO_BIN_EXE_lectern-whisper"));
    assert_eq!(refused(&mut unready, &chunk(&pcm, 0, 16_000)).kind, FailureKind::BadModel);

    let mut engine = listening();
    let cases = [
        (chunk(&pcm, 0, 0), "no samples"),
        (chunk(&pcm, 0, 16_000 * 11), "10000 ms"),
        (chunk(&pcm, 16_000 * 12 - 10, 100), "ends before"),
        (chunk(&pcm, u64::MAX - 200_000, 16_000), "ends before"),
        (chunk(&folder.path().join("none.pcm"), 0, 16_000), "cannot be read"),
    ];
    for (request, reason) in cases {
        let failed = refused(&mut engine, &request);
        assert_eq!(failed.kind, FailureKind::BadInput);
        assert!(failed.message.contains(reason), "{:?} does not say {reason:?}", failed.message);
    }
}

#[test]
fn samples_that_are_no_numbers_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("nan.pcm");
    let mut samples = vec![0.25_f32; 16_000];
    samples[9_000] = f32::NAN;
    std::fs::write(&pcm, samples.iter().flat_map(|sample| sample.to_le_bytes()).collect::<Vec<_>>()).unwrap();
    let Request::Transcribe(mut request) = chunk(&pcm, 0, 16_000) else { unreachable!() };
    request.pcm_format = engine_protocol::PcmFormat::F32le;
    let failed = refused(&mut listening(), &Request::Transcribe(request));
    assert_eq!(failed.kind, FailureKind::BadInput);
    assert!(failed.message.contains("sample 9000"), "{}", failed.message);
}

#[test]
fn a_language_that_the_model_does_not_know_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let pcm = folder.path().join("sound.pcm");
    save(&[5_000; 16_000], &pcm);
    let mut engine = listening();
    for language in ["de", "xx", "a\0b"] {
        let Request::Transcribe(mut request) = chunk(&pcm, 0, 16_000) else { unreachable!() };
        request.language = Some(language.into());
        assert_eq!(refused(&mut engine, &Request::Transcribe(request)).kind, FailureKind::BadInput, "{language:?}");
    }
}

#[test]
fn nonsense_and_work_for_the_other_engine_are_refused() {
    let mut engine = Engine::start(env!("CARGO_BIN_EXE_lectern-whisper"));
    let Event::Failed(failed) = engine.say("{\"type\":\"sing\"}") else { panic!("not refused") };
    assert_eq!((failed.id, failed.kind), (None, FailureKind::BadInput));
    let failed = refused(&mut engine, &Request::CountTokens(CountTokens { id: 5, text: "one".into() }));
    assert_eq!(failed.kind, FailureKind::BadInput);
}
