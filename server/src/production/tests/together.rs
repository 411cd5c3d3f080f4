//! Several chunks of a book heard side by side.

use super::engines::{HELLO, script};
use super::{PoolSettings, bench, bench_with, pool_settings, word_error_rate};
use crate::production::pool::Pool;
use domain::production::{Step, StepStatus, chunks};
use domain::transcript::segments;
use std::sync::Arc;

const STORY: &str = "The captain of the ship saw a lighthouse in the fog. The crew came with bread and tea, and the old ship was \
    safe. The keeper of the light smiled and went home. Far away, a bell began to ring. There was a ship in the dark, and it \
    was too near the rocks.";

#[tokio::test]
async fn an_engine_that_hears_several_chunks_at_once_leaves_none_out_and_mixes_none_up() {
    let settings = PoolSettings { threads: 2, ..pool_settings() };
    let bench = bench_with(|shop| shop.pool = Arc::new(Pool::new(settings))).await;
    let spoken = bench.speak("speech.wav", STORY);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    let step = bench.step(id, Step::Transcribe).await;
    assert_eq!((step.status, step.coverage_permille), (StepStatus::Done, Some(1000)), "{step:?}");
    assert!(step.provider.unwrap().contains("whisper"), "the step names who heard");
    assert!(chunks::counts(bench.shop.db.read(), id).await.unwrap().total > 1);
    let sentences = segments::sentences(bench.shop.db.read(), id).await.unwrap();
    assert!(sentences.is_sorted_by_key(|sentence| sentence.start_ms), "{sentences:?}");
    let text: Vec<String> = sentences.into_iter().map(|sentence| sentence.text).collect();
    let errors = word_error_rate(STORY, &text.join(" "));
    assert!(errors <= 0.2, "{errors}: {text:?}");
}

#[tokio::test]
async fn what_an_engine_refuses_among_several_chunks_is_heard_alone_and_then_left_out() {
    let bench = bench().await;
    let facts = r#"{"kind":"speech","size":"custom","file_bytes":1,"audio_context":500,"window_ms":10000,"multilingual":false,"at_once":2}"#;
    let body = format!(
        r#"echo '{HELLO}'
while read line; do
  id=$(echo "$line" | sed 's/.*"id":\([0-9]*\).*/\1/')
  case "$line" in
    *'"type":"load"'*) echo '{{"type":"loaded","id":'$id',"model":{facts}}}';;
    *'"offset_samples":0,'*) echo '{{"type":"transcribed","id":'$id',"language":"en","segments":[]}}';;
    *'"type":"transcribe"'*) echo '{{"type":"failed","id":'$id',"kind":"bad_input","message":"it is noise"}}';;
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
    let step = bench.step(id, Step::Transcribe).await;
    assert_eq!(step.status, StepStatus::Done, "{step:?}");
    assert!(step.coverage_permille.unwrap() < 1000);
    assert!(step.message.unwrap().contains("could not be heard"));
    assert!(chunks::counts(bench.shop.db.read(), id).await.unwrap().done >= 1, "the others are heard");
}
