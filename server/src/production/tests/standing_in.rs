//! Those who hear and write stand in for each other, and the page says who did what.

use super::{Bench, bench, bench_with, pool_settings};
use crate::production::pool::{Pool, PoolSettings};
use crate::providers::tests::naughty::{HEARD, Manner, Naughty, WRITTEN, heard};
use crate::providers::tests::{add, form};
use domain::production::{Step, StepStatus, StepView, steps};
use domain::providers::{Provider, Purpose, keep, read};
use domain::transcript::segments;
use serde_json::json;
use std::sync::Arc;
use uuid::Uuid;

const ENGINE: &str = "The shop’s own speech engine";

/// A provider elsewhere, asked last; with `first`, before everybody else.
async fn cloud(bench: &Bench, purpose: Purpose, manner: Manner, first: bool) -> (Naughty, Provider) {
    let cloud = Naughty::open(manner).await;
    let provider = add(&bench.shop.outside, &form(purpose, "Cloud", &cloud.address)).await;
    if first {
        keep::shift(&bench.shop.db, provider.id, true).await.unwrap();
    }
    (cloud, provider)
}

/// A shop whose speech engine does not start.
async fn deaf() -> Bench {
    let missing = PoolSettings { whisper: "/nowhere/lectern-whisper".into(), ..pool_settings() };
    bench_with(|shop| shop.pool = Arc::new(Pool::new(missing))).await
}

/// A title that says what the provider hears in any case.
async fn title(bench: &Bench) -> Uuid {
    let spoken = bench.speak("speech.wav", HEARD);
    let id = bench.title("The Light", &[&spoken]).await;
    bench.work().await;
    id
}

async fn text(bench: &Bench, id: Uuid) -> String {
    let sentences = segments::sentences(bench.shop.db.read(), id).await.unwrap();
    sentences.into_iter().map(|sentence| sentence.text).collect::<Vec<_>>().join(" ")
}

/// Who did a step, and who was passed over for what.
fn told(step: &StepView) -> (String, Vec<(String, String)>) {
    let passed = step.passed_over.iter().map(|over| (over.provider.clone(), over.reason.clone()));
    (step.provider.clone().unwrap_or_default(), passed.collect())
}

#[tokio::test]
async fn where_the_engine_does_not_start_another_hears_and_the_page_says_why() {
    let bench = deaf().await;
    let (naughty, provider) = cloud(&bench, Purpose::Speech, Manner::Good, false).await;
    let id = title(&bench).await;
    let step = bench.step(id, Step::Transcribe).await;
    assert_eq!((step.status, step.model.as_deref()), (StepStatus::Done, Some("cloud-1")), "{step:?}");
    let (by, passed) = told(&step);
    assert_eq!((by.as_str(), passed.len(), passed[0].0.as_str()), ("Cloud", 1, ENGINE));
    assert!(passed[0].1.contains("/nowhere/lectern-whisper"), "{passed:?}");
    assert_eq!(text(&bench, id).await, HEARD);
    assert_eq!(bench.step(id, Step::Done).await.status, StepStatus::Done);
    assert!(!naughty.asked().is_empty());
    assert!(read::get(&bench.shop.db, provider.id).await.unwrap().month.spent.0 > 0);
}

#[tokio::test]
async fn where_the_first_is_away_the_engine_hears_and_the_page_says_why() {
    for manner in [Manner::Status(500), Manner::Cut, Manner::Broken, Manner::Busy(60), Manner::Status(401)] {
        let bench = bench().await;
        cloud(&bench, Purpose::Speech, manner.clone(), true).await;
        let id = title(&bench).await;
        let (by, passed) = told(&bench.step(id, Step::Transcribe).await);
        assert!(by.contains("whisper"), "{manner:?}: {by}");
        assert_eq!((passed.len(), passed[0].0.as_str()), (1, "Cloud"), "{manner:?}");
        assert!(text(&bench, id).await.to_lowercase().contains("lighthouse"), "{manner:?}");
    }
}

#[tokio::test]
async fn nobody_is_asked_who_is_not_switched_on() {
    let bench = bench().await;
    let (naughty, provider) = cloud(&bench, Purpose::Speech, Manner::Good, true).await;
    keep::switch(&bench.shop.db, provider.id, false).await.unwrap();
    let id = title(&bench).await;
    let (by, passed) = told(&bench.step(id, Step::Transcribe).await);
    assert!(by.contains("whisper") && passed.is_empty(), "{by} {passed:?}");
    assert_eq!(naughty.asked().len(), 0);
}

#[tokio::test]
async fn where_all_have_to_be_waited_for_the_step_waits_and_goes_on_without_a_restart() {
    let bench = deaf().await;
    let (naughty, provider) = cloud(&bench, Purpose::Speech, Manner::Status(500), false).await;
    let id = title(&bench).await;
    let waits = bench.step(id, Step::Transcribe).await;
    assert_eq!(waits.status, StepStatus::Blocked, "{waits:?}");
    let message = waits.message.unwrap();
    assert!(message.contains("engines.whisper") && message.contains("Cloud"), "{message}");
    assert_eq!(bench.view(id).await.chunks_done, 0, "and no stretch is left out");
    naughty.set([Manner::Good]);
    keep::switch(&bench.shop.db, provider.id, false).await.unwrap();
    keep::switch(&bench.shop.db, provider.id, true).await.unwrap();
    steps::wake_blocked(&bench.shop.db).await.unwrap();
    bench.work().await;
    assert_eq!(bench.step(id, Step::Transcribe).await.status, StepStatus::Done);
    assert_eq!(text(&bench, id).await, HEARD);
}

#[tokio::test]
async fn what_another_hears_is_judged_as_what_the_engine_hears() {
    let mut doubtful = heard("Thank you for watching this video.");
    doubtful["segments"][0]["no_speech_prob"] = json!(0.93);
    let bench = deaf().await;
    let (naughty, _) = cloud(&bench, Purpose::Speech, Manner::Says(doubtful), false).await;
    let id = title(&bench).await;
    assert_eq!(text(&bench, id).await, "", "no reader gets it");
    assert!(bench.view(id).await.doubtful > 0);
    assert!(naughty.asked().len() >= 2, "it was heard once more in another way");
}

#[tokio::test]
async fn a_description_is_written_by_the_first_who_can() {
    let bench = bench().await;
    let (naughty, _) = cloud(&bench, Purpose::Writing, Manner::Good, true).await;
    let id = title(&bench).await;
    let step = bench.step(id, Step::Describe).await;
    assert_eq!((told(&step), step.model.as_deref()), (("Cloud".to_owned(), Vec::new()), Some("cloud-1")));
    let proposal = bench.view(id).await.proposal.unwrap();
    assert_eq!((proposal.description.as_str(), proposal.categories), (WRITTEN, vec!["adventure".to_owned()]));
    assert_eq!(naughty.asked().len(), 1);
}

#[tokio::test]
async fn a_description_that_makes_no_sense_is_written_by_the_next_and_the_page_says_why() {
    let odd = json!({ "choices": [{ "message": { "content": "{\"summary\": \"A captain.\"}" } }] });
    for manner in [Manner::Broken, Manner::Says(odd), Manner::Status(429)] {
        let bench = bench().await;
        cloud(&bench, Purpose::Writing, manner.clone(), true).await;
        let id = title(&bench).await;
        let step = bench.step(id, Step::Describe).await;
        assert_eq!(step.status, StepStatus::Done);
        let (by, passed) = told(&step);
        // What the demonstration model writes may be refused in its turn.
        assert!(by.contains("llama") || by == "extractive", "{manner:?}: {by}");
        assert_eq!(passed[0].0, "Cloud", "{manner:?}: {passed:?}");
    }
}

#[tokio::test]
async fn the_writer_without_a_model_says_who_was_meant_to_write() {
    let bench = bench_with(|shop| {
        shop.models.demo = false;
        shop.models.speech = shop.models.demo_dir.join("demo-asr.bin").to_string_lossy().into_owned();
    })
    .await;
    cloud(&bench, Purpose::Writing, Manner::Status(403), false).await;
    let id = title(&bench).await;
    let step = bench.step(id, Step::Describe).await;
    let (by, passed) = told(&step);
    assert_eq!((by.as_str(), passed.len()), ("extractive", 2), "{passed:?}");
    assert!(step.message.unwrap().contains("Cloud could not be used"));
    assert!(passed.iter().any(|(_, reason)| reason.contains("No writing model")), "{passed:?}");
}
