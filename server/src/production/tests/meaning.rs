//! What a description means is held against the book where a model is there that tells it. The demonstration model was made to
//! write: what it tells is of little worth, but it tells it.

use super::{Bench, bench_with, pool_settings, repository};
use crate::production::pool::{Pool, PoolSettings};
use crate::providers::tests::naughty::{HEARD, Manner, Naughty, WRITTEN, written};
use crate::providers::tests::{add, form};
use domain::production::{Step, StepView};
use domain::providers::Purpose;
use domain::settings::opening::opening;
use domain::settings::trials;
use engine_protocol::MOST_EMBEDDED;
use std::path::PathBuf;
use std::time::Duration;

fn demo(name: &str) -> PathBuf {
    repository().join("models/demo").join(name)
}

/// A shop that has this as the model that tells what texts mean.
async fn shop_with(embedding: &str) -> Bench {
    bench_with(|shop| {
        shop.models.demo = false;
        shop.models.speech = demo("demo-asr.bin").to_string_lossy().into_owned();
        shop.models.embedding = demo(embedding).to_string_lossy().into_owned();
    })
    .await
}

/// How a book is described there by a good writer.
async fn described(bench: &Bench) -> StepView {
    let cloud = Naughty::open(Manner::Says(written(WRITTEN, &["adventure"]))).await;
    add(&bench.shop.outside, &form(Purpose::Writing, "Cloud", &cloud.address)).await;
    let spoken = bench.speak("speech.wav", HEARD);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    bench.step(id, Step::Describe).await
}

#[tokio::test]
async fn what_texts_mean_is_told_while_another_engine_holds_the_only_slot() {
    let pool = Pool::new(PoolSettings { idle: Duration::ZERO, ..pool_settings() });
    let model = demo("demo-writer.gguf");
    let _lease = pool.lease(engine_protocol::EngineKind::Llama, &model).await.unwrap();
    // More than are asked about at once.
    let texts: Vec<String> = (0..=MOST_EMBEDDED).map(|number| format!("The captain saw {number} ships.")).collect();
    let vectors = pool.embed(&model, &texts).await.unwrap();
    assert_eq!(vectors.len(), texts.len());
    pool.stop_idle().await;
    assert_eq!(pool.embed(&model, &texts[..1]).await.unwrap().len(), 1, "it is started again");
}

#[tokio::test]
async fn a_description_is_weighed_by_what_it_means() {
    let step = described(&shop_with("demo-writer.gguf").await).await;
    let refused = step.passed_over.iter().any(|over| over.provider == "Cloud" && over.reason.contains("bears out"));
    assert!(refused || step.provider.as_deref() == Some("Cloud"), "{step:?}");
    assert!(!step.message.unwrap_or_default().contains("by its words only"));
}

#[tokio::test]
async fn where_nobody_can_tell_what_it_means_words_alone_count_and_the_page_says_so() {
    // One that hears and does nothing else, and one that is not there.
    for model in ["demo-asr.bin", "demo-meaning.gguf"] {
        let step = described(&shop_with(model).await).await;
        assert_eq!(step.provider.as_deref(), Some("Cloud"), "{step:?}");
        assert!(step.message.as_ref().is_some_and(|message| message.contains("by its words only")), "{step:?}");
    }
}

#[tokio::test]
async fn such_a_model_is_tried_out_as_well() {
    let bench = shop_with("demo-writer.gguf").await;
    trials::ask_for_models(&bench.shop.db).await.unwrap();
    bench.work().await;
    let trial = opening(&bench.shop.db).await.unwrap().models.unwrap();
    let last = trial.findings.last().unwrap();
    assert!(last.words.starts_with("Meaning: demo-writer.gguf"), "{trial:?}");
}
