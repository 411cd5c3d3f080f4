//! Models that are tried out.

use super::super::pool::{Pool, PoolSettings};
use super::{bench, bench_with, pool_settings};
use crate::providers::tests::naughty::{HEARD, Manner, Naughty};
use crate::providers::tests::{add, form};
use domain::providers::{Purpose, keep, read};
use domain::settings::opening::opening;
use domain::settings::{Trial, trials};
use std::sync::Arc;

async fn tried(bench: &super::Bench) -> Trial {
    trials::ask_for_models(&bench.shop.db).await.unwrap();
    bench.work().await;
    opening(&bench.shop.db).await.unwrap().models.unwrap()
}

#[tokio::test]
async fn both_models_are_loaded_and_show_what_they_can() {
    let bench = bench().await;
    let trial = tried(&bench).await;
    assert!(trial.went_well(), "{trial:?}");
    let [speech, writing] = trial.findings.as_slice() else { panic!("{trial:?}") };
    assert!(speech.words.contains("demo-asr.bin was loaded in") && speech.words.contains("lighthouse"), "{speech:?}");
    assert!(speech.words.contains("lectern models pull base.en"), "a demonstration says that it is one: {speech:?}");
    assert!(writing.words.contains("demo-writer.gguf was loaded in"), "{writing:?}");
    let left = std::fs::read_dir(&bench.shop.work_dir).unwrap().count();
    assert_eq!(left, 0, "the sample is gone again");
}

#[tokio::test]
async fn a_shop_without_models_is_told_how_to_get_them() {
    let bench = bench_with(|shop| shop.models.demo = false).await;
    let trial = tried(&bench).await;
    assert!(!trial.went_well(), "without a speech model nothing is heard");
    assert!(trial.findings[0].words.contains("`lectern models pull base.en`"), "{trial:?}");
    assert!(
        trial.findings[1].good && trial.findings[1].words.contains("`lectern models pull qwen2.5-1.5b`"),
        "{trial:?}"
    );
}

#[tokio::test]
async fn an_engine_that_does_not_start_is_named() {
    let missing = PoolSettings { whisper: "/nowhere/lectern-whisper".into(), ..pool_settings() };
    let bench = bench_with(|shop| shop.pool = Arc::new(Pool::new(missing))).await;
    let trial = tried(&bench).await;
    assert!(!trial.findings[0].good && trial.findings[0].words.contains("/nowhere/lectern-whisper"), "{trial:?}");
    assert!(trial.findings[1].good, "the other one is tried all the same: {trial:?}");
}

#[tokio::test]
async fn a_file_that_is_no_model_is_refused_with_what_to_do() {
    let bench = bench().await;
    let (dir, demo) = (&bench.shop.models.dir, bench.shop.models.demo_dir.join("vocabulary.txt"));
    std::fs::create_dir_all(dir).unwrap();
    std::fs::copy(demo, dir.join("ggml-base.en.bin")).unwrap();
    let trial = tried(&bench).await;
    let speech = &trial.findings[0];
    assert!(!speech.good && speech.words.contains("base.en") && speech.words.contains("Pull it again"), "{speech:?}");
}

#[tokio::test]
async fn a_machine_elsewhere_is_tried_as_well_and_says_what_it_heard() {
    let bench = bench_with(|shop| shop.models.demo = false).await;
    let cloud = Naughty::open(Manner::Good).await;
    add(&bench.shop.outside, &form(Purpose::Speech, "Cloud", &cloud.address)).await;
    let pen = Naughty::open(Manner::Status(401)).await;
    add(&bench.shop.outside, &form(Purpose::Writing, "Pen", &pen.address)).await;
    let trial = tried(&bench).await;
    let [engine, cloud, _, pen] = trial.findings.as_slice() else { panic!("{trial:?}") };
    assert!(engine.good && engine.words.contains("Others hear until then"), "{engine:?}");
    assert!(cloud.good && cloud.words.starts_with("Cloud answered in") && cloud.words.contains(HEARD), "{cloud:?}");
    assert!(!pen.good && pen.words.contains("does not take the key"), "{pen:?}");
    for provider in read::list(&bench.shop.db).await.unwrap() {
        keep::switch(&bench.shop.db, provider.id, false).await.unwrap();
    }
    let trial = tried(&bench).await;
    assert!(trial.findings.iter().all(|finding| !finding.good && finding.words.contains("/admin/models")), "{trial:?}");
}
