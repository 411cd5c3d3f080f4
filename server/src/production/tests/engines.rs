//! Engines that are missing, mute, dying, or lying.

use super::super::engine::{Engine, EngineError};
use super::{bench, bench_with, pool_settings};
use crate::production::pool::{Pool, PoolSettings};
use domain::production::{Step, StepStatus};
use domain::transcript::segments;
use engine_protocol::EngineKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub(super) const HELLO: &str = r#"{"type":"hello","protocol":1,"engine":"whisper","engine_version":"0","library":"a script","accelerators":{"cuda":false,"vulkan":false,"metal":false}}"#;

/// An engine that is a shell script.
pub(super) fn script(folder: &Path, body: &str) -> PathBuf {
    let path = folder.join("engine.sh");
    std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    path
}

async fn load(program: &Path, patience: Duration) -> EngineError {
    let mut engine = match Engine::start(program, patience).await {
        Ok(engine) => engine,
        Err(error) => return error,
    };
    engine.load(Path::new("model.bin"), None, 1, None).await.unwrap_err()
}

#[tokio::test]
async fn an_engine_that_is_not_there_is_named() {
    let error = load(Path::new("/nowhere/lectern-whisper"), Duration::from_secs(1)).await;
    assert!(error.to_string().contains("/nowhere/lectern-whisper"), "{error}");
}

#[tokio::test]
async fn an_engine_that_hangs_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let program = script(folder.path(), &format!("echo '{HELLO}'\nexec sleep 600"));
    let error = load(&program, Duration::from_millis(300)).await;
    assert!(matches!(error, EngineError::Hung(_)), "{error}");
}

#[tokio::test]
async fn the_last_words_of_a_dying_engine_are_passed_on() {
    let folder = tempfile::tempdir().unwrap();
    let program =
        script(folder.path(), &format!("echo '{HELLO}'\nread line\necho 'out of luck' >&2\nsleep 0.2\nexit 3"));
    let error = load(&program, Duration::from_secs(5)).await.to_string();
    assert!(error.contains("out of luck") && error.contains('3'), "{error}");
}

#[tokio::test]
async fn an_engine_knows_none_of_the_shops_secrets() {
    let folder = tempfile::tempdir().unwrap();
    let told = folder.path().join("environment");
    let program = script(folder.path(), &format!("env > '{}'\necho '{HELLO}'\nread line\nexit 0", told.display()));
    // Cargo gives every test variables of its own, as an operator gives the shop `LECTERN_…`.
    assert!(std::env::var("CARGO_MANIFEST_DIR").is_ok());
    load(&program, Duration::from_secs(5)).await;
    let told = std::fs::read_to_string(told).unwrap();
    assert!(told.contains("PATH=") && !told.contains("CARGO_MANIFEST_DIR"), "{told}");
}

#[tokio::test]
async fn an_engine_that_reads_nothing_is_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let program = script(folder.path(), &format!("echo '{HELLO}'\nexec sleep 600"));
    let mut engine = Engine::start(&program, Duration::from_millis(300)).await.unwrap();
    // More than a pipe holds.
    let text = "word ".repeat(200_000);
    let asked = engine.count_tokens(&text);
    let error = tokio::time::timeout(Duration::from_secs(60), asked).await.expect("it is waited for").unwrap_err();
    assert!(matches!(error, EngineError::Hung(_)), "{error}");
}

#[tokio::test]
async fn an_engine_of_another_version_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let program = script(
        folder.path(),
        &format!("echo '{}'\nexec sleep 600", HELLO.replace("\"protocol\":1", "\"protocol\":99")),
    );
    let error = load(&program, Duration::from_secs(5)).await;
    assert!(matches!(error, EngineError::Protocol(_)), "{error}");
}

#[tokio::test]
async fn an_engine_of_old_that_does_not_know_what_it_is_asked_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let failed = r#"{"type":"failed","id":null,"kind":"bad_input","message":"unknown variant"}"#;
    let program = script(folder.path(), &format!("echo '{HELLO}'\nread line\necho '{failed}'\nexec sleep 600"));
    let error = load(&program, Duration::from_secs(5)).await.to_string();
    assert!(error.contains("cannot read what it is asked (unknown variant)"), "{error}");
}

#[tokio::test]
async fn a_warm_engine_is_used_again_and_an_idle_one_goes() {
    let pool = Pool::new(PoolSettings { idle: Duration::ZERO, ..pool_settings() });
    let model = super::repository().join("models/demo/demo-asr.bin");
    let first = pool.lease(EngineKind::Whisper, &model).await.unwrap().engine().unwrap().process_id();
    let second = pool.lease(EngineKind::Whisper, &model).await.unwrap().engine().unwrap().process_id();
    assert_eq!(first, second);
    pool.stop_idle().await;
    let third = pool.lease(EngineKind::Whisper, &model).await.unwrap().engine().unwrap().process_id();
    assert_ne!(first, third);
}

#[tokio::test]
async fn without_the_engines_the_step_waits_and_says_where_to_look() {
    let missing = PoolSettings { whisper: "/nowhere/lectern-whisper".into(), ..pool_settings() };
    let bench = bench_with(|shop| shop.pool = Arc::new(Pool::new(missing))).await;
    let spoken = bench.speak("speech.wav", "The captain of the ship.");
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    let waits = bench.step(id, Step::Prepare).await;
    assert_eq!(waits.status, StepStatus::Blocked);
    assert!(waits.message.unwrap().contains("engines.whisper"));
}

#[tokio::test]
async fn a_stretch_that_kills_the_engine_every_time_is_left_out() {
    let bench = bench().await;
    // Loads, and then dies of the second stretch, whoever asks: the first and third are heard.
    let facts = r#"{"kind":"speech","size":"custom","file_bytes":1,"audio_context":500,"window_ms":10000,"multilingual":false}"#;
    let body = format!(
        r#"echo '{HELLO}'
while read line; do
  id=$(echo "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
  case "$line" in
    *'"type":"load"'*) echo '{{"type":"loaded","id":'$id',"model":{facts}}}';;
    *'"offset_samples":0,'*) echo '{{"type":"transcribed","id":'$id',"language":"en","segments":[]}}';;
    *'"type":"transcribe"'*) exit 9;;
    *) exit 0;;
  esac
done"#
    );
    let program = script(bench.folder.path(), &body);
    let pool = Arc::new(Pool::new(PoolSettings { whisper: program, ..pool_settings() }));
    let shop = super::Workshop { pool, ..bench.shop.clone() };
    let worker = super::runner(&shop);
    let spoken = bench.speak(
        "speech.wav",
        "The captain of the ship saw a lighthouse in the fog. The crew came with bread and tea, and the old ship was safe. \
         The keeper of the light smiled and went home.",
    );
    let id = bench.title("The Light", &[&spoken]).await;
    let stop = tokio_util::sync::CancellationToken::new();
    while super::work_once(&worker, &stop).await {}
    let transcribed = bench.step(id, Step::Transcribe).await;
    assert_eq!(transcribed.status, StepStatus::Done, "{transcribed:?}");
    assert!(transcribed.coverage_permille.unwrap() < 1000);
    assert!(transcribed.message.unwrap().contains("could not be heard"));
}

/// A title that was worked on with an engine that answers every chunk with these segments, and with the other ones when it
/// is asked again; both are JSON.
async fn told(first: &str, again: &str) -> (super::Bench, uuid::Uuid) {
    let bench = bench().await;
    let facts = r#"{"kind":"speech","size":"custom","file_bytes":1,"audio_context":500,"window_ms":10000,"multilingual":false}"#;
    let body = format!(
        r#"echo '{HELLO}'
while read line; do
  id=$(echo "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
  case "$line" in
    *'"type":"load"'*) echo '{{"type":"loaded","id":'$id',"model":{facts}}}';;
    *'"retry":0'*) echo '{{"type":"transcribed","id":'$id',"language":"en","segments":[{first}]}}';;
    *'"type":"transcribe"'*) echo '{{"type":"transcribed","id":'$id',"language":"en","segments":[{again}]}}';;
    *) exit 0;;
  esac
done"#
    );
    let program = script(bench.folder.path(), &body);
    let pool = Arc::new(Pool::new(PoolSettings { whisper: program, ..pool_settings() }));
    let shop = super::Workshop { pool, ..bench.shop.clone() };
    let worker = super::runner(&shop);
    let spoken = bench.speak("speech.wav", "The captain of the ship.");
    let id = bench.title("The Light", &[&spoken]).await;
    let stop = tokio_util::sync::CancellationToken::new();
    while super::work_once(&worker, &stop).await {}
    (bench, id)
}

/// A segment as an engine tells it, from a tenth of a second on; with the two probabilities, and the ratio.
fn segment(number: u32, text: &str, log: f32, no_speech: f32, ratio: f32) -> String {
    let (from, to) = (number * 10, number * 10 + 9);
    format!(
        r#"{{"start_ms":{from},"end_ms":{to},"text":"{text}","confidence":0.9,"no_speech_prob":{no_speech},"words":[{{"start_ms":{from},"end_ms":{to},"text":"{text}","confidence":0.9}}],"evidence":{{"average_log_probability":{log},"no_speech_probability":{no_speech},"compression_ratio":{ratio},"temperature":0.0}}}}"#
    )
}

async fn readers_get(bench: &super::Bench, id: uuid::Uuid) -> Vec<String> {
    let sentences = segments::sentences(bench.shop.db.read(), id).await.unwrap();
    sentences.into_iter().map(|sentence| sentence.text).collect()
}

#[tokio::test]
async fn what_a_model_makes_up_is_marked_and_reaches_nobody() {
    let hundred: Vec<_> = (0..100).map(|n| segment(n, "Thank you for watching.", -0.1, 0.1, 1.0)).collect();
    for (made_up, places) in [
        (hundred.join(","), 100),
        (segment(0, "You.", -0.8, 0.93, 0.3), 1),
        (segment(0, "I will be right back.", -1.9, 0.2, 0.9), 1),
        (segment(0, "Up and down and up.", -0.2, 0.1, 3.1), 1),
    ] {
        let (bench, id) = told(&made_up, &made_up).await;
        assert_eq!(readers_get(&bench, id).await, [] as [String; 0]);
        let view = bench.view(id).await;
        assert_eq!(view.doubtful, places, "{made_up}");
        let described = view.steps.iter().find(|step| step.step == Step::Describe).unwrap();
        assert!(described.message.as_ref().unwrap().contains("nothing to describe"), "{described:?}");
    }
}

#[tokio::test]
async fn what_is_doubtful_is_heard_once_more_in_another_way() {
    let (unsure, sure) =
        (segment(0, "The lamb of the sheep.", -1.6, 0.1, 0.9), segment(0, "The captain of the ship.", -0.2, 0.1, 0.9));
    let (bench, id) = told(&unsure, &sure).await;
    assert_eq!(readers_get(&bench, id).await, ["The captain of the ship."]);
    assert_eq!(bench.view(id).await.doubtful, 0);
    let (bench, id) = told(&sure, &unsure).await;
    assert_eq!(readers_get(&bench, id).await, ["The captain of the ship."], "and only then");
    let (bench, id) = told(&segment(0, "You.", -0.8, 0.93, 0.3), "").await;
    assert_eq!(
        (readers_get(&bench, id).await.len(), bench.view(id).await.doubtful),
        (0, 0),
        "a phantom that went away"
    );
}
