//! Engines that are missing, mute, dying, or lying.

use super::super::engine::{Engine, EngineError};
use super::{bench, bench_with, pool_settings};
use crate::production::pool::{Pool, PoolSettings};
use domain::production::{Step, StepStatus};
use engine_protocol::EngineKind;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const HELLO: &str = r#"{"type":"hello","protocol":1,"engine":"whisper","engine_version":"0","library":"a script","accelerators":{"cuda":false,"vulkan":false,"metal":false}}"#;

/// An engine that is a shell script.
fn script(folder: &Path, body: &str) -> PathBuf {
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
