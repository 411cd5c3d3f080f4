//! A book from the upload to its description, with real engines and the demonstration models.

use super::{Collector, Shop, SpanKind, named};
use crate::config;
use crate::jobs::{Runner, of_worker};
use crate::production::Worker;
use crate::telemetry::collector::Told;
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::catalog::drafts;
use domain::jobs::Queue;
use domain::{Currency, job_kinds};
use http::Request;
use std::path::Path;
use tokio_util::sync::CancellationToken;

/// Uploads a recording into a new title, as a browser does it.
async fn upload(shop: &Shop) {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recording = std::fs::read(here.join("tests/recordings/the-bell-at-north-rock.mp3")).unwrap();
    let cookie = shop.admin().await;
    let title = drafts::create(&shop.db, "The Bell", Currency::USD).await.unwrap();
    let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
    let metadata = [pair("filename", "bell.mp3"), pair("audiobook", &title.to_string())].join(",");
    let request = |method: &str, path: &str| {
        Request::builder().method(method).uri(path).header("tus-resumable", "1.0.0").header("cookie", &cookie)
    };
    let begun =
        request("POST", "/uploads").header("upload-length", recording.len()).header("upload-metadata", metadata);
    let begun = shop.send(begun.body(Body::empty()).unwrap()).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let bytes = request("PATCH", begun.header("location"))
        .header("upload-offset", 0)
        .header("content-type", "application/offset+octet-stream");
    let arrived = shop.send(bytes.body(Body::from(recording)).unwrap()).await;
    assert_eq!(arrived.status, 204, "{}", arrived.text());
}

/// The names of what lies around a span, from within.
fn around(spans: &[Told], span: &Told) -> Vec<String> {
    let parent = spans.iter().find(|other| other.id == span.parent);
    parent.map_or_else(Vec::new, |parent| [vec![parent.name.clone()], around(spans, parent)].concat())
}

#[tokio::test]
async fn a_books_upload_its_jobs_and_the_engines_work_are_one_trace() {
    let collector = Collector::open().await;
    let traced = collector.begin();
    let shop = Shop::open_whole(|config| {
        config.limits = config::Limits::off();
        config.models.demo_dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/demo");
        config.worker.threads = 1;
    })
    .await;
    upload(&shop).await;
    let worker = Worker::new(&shop.state);
    let handlers = of_worker(&worker.shop);
    let runner = Runner::new("worker".to_owned(), shop.db.clone(), job_kinds::all(), handlers, worker.rooms(), 60_000);
    let stop = CancellationToken::new();
    while runner.work_once(Queue::Sound, &stop).await.unwrap() || runner.work_once(Queue::Engines, &stop).await.unwrap()
    {
    }
    worker.close(&runner).await;

    let spans =
        collector.spans_with(&traced, &["PATCH /uploads/{id}", "job production.describe", "engine.generate"]).await;
    let upload = named(&spans, "PATCH /uploads/{id}");
    let own: Vec<Told> = spans.iter().filter(|span| span.trace == upload.trace).cloned().collect();
    for (step, before) in [("probe", ""), ("prepare", "probe"), ("transcribe", "prepare"), ("describe", "transcribe")] {
        let job = named(&own, &format!("job production.{step}"));
        assert!(job.kind == SpanKind::Consumer && !job.failed, "{job:?}");
        let earlier = if before.is_empty() { upload.name.clone() } else { format!("job production.{before}") };
        assert!(around(&own, job).contains(&earlier), "{step} follows from {:?}", around(&own, job));
    }
    let heard = spans.iter().find(|span| span.name == "engine.transcribe").unwrap();
    assert_eq!((heard.trace.as_str(), heard.says("lectern.engine.model")), (upload.trace.as_str(), "demo-asr.bin"));
    assert!(heard.says("lectern.engine.audio_seconds").parse::<f64>().unwrap() > 1.0, "{heard:?}");
    assert!(heard.says("lectern.engine.segments").parse::<u32>().unwrap() > 0, "{heard:?}");
    assert!(around(&own, heard).starts_with(&["job production.transcribe".to_owned()]), "{:?}", around(&own, heard));
    let written = own.iter().find(|span| span.name == "engine.generate").unwrap();
    assert!(written.says("lectern.engine.output_tokens").parse::<u32>().unwrap() > 0, "{written:?}");
    assert!(own.iter().any(|span| span.name == "storage.adopt"), "what arrived is put in its place");
}
