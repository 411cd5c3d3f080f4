//! Getting models from a hub that behaves badly.

use super::known::{KnownModel, Purpose};
use super::pull::{PullError, pull};
use super::record::Record;
use super::verify::{Verdict, verify};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::Response;
use futures::{StreamExt, stream};
use sha1::Digest as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// How the hub behaves.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    Good,
    /// The line is cut after a third of what was asked for.
    Cut,
    /// As before, and every answer starts from the beginning.
    CutAndDeaf,
    /// The same for ever.
    Stubborn,
    /// It states a size that is not the file's.
    Boastful,
    /// It states no size, and what it sends has no end.
    Endless,
    /// There is nothing.
    Empty,
}

pub(super) struct Hub {
    pub address: String,
    pub asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone)]
struct Shelf {
    content: Bytes,
    manner: Manner,
    asked: Arc<Mutex<Vec<String>>>,
}

pub(super) async fn hub(content: &'static [u8], manner: Manner) -> Hub {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let shelf = Shelf { content: Bytes::from_static(content), manner, asked: asked.clone() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(answer).with_state(shelf);
    tokio::spawn(async move { axum::serve(listener, app).await });
    Hub { address, asked }
}

async fn answer(State(shelf): State<Shelf>, method: Method, headers: HeaderMap) -> Response {
    let range = headers.get(header::RANGE).map(|range| range.to_str().unwrap().to_owned());
    shelf.asked.lock().unwrap().push(format!("{method} {}", range.clone().unwrap_or_default()));
    let size = shelf.content.len();
    if shelf.manner == Manner::Empty {
        return Response::builder().status(StatusCode::NOT_FOUND).body(Body::empty()).unwrap();
    }
    let stated = if shelf.manner == Manner::Boastful { size + 10 } else { size };
    let tag = hex::encode(sha2::Sha256::digest(&shelf.content));
    let builder = Response::builder()
        .header("x-linked-size", stated)
        .header("x-linked-etag", format!("\"{tag}\""))
        .header(header::ETAG, "\"one\"");
    if shelf.manner == Manner::Endless {
        let pieces = stream::repeat_with(move || Ok::<_, std::io::Error>(shelf.content.clone()));
        let body = if method == Method::HEAD { Body::empty() } else { Body::from_stream(pieces) };
        return Response::new(body);
    }
    if method == Method::HEAD {
        return builder.body(Body::empty()).unwrap();
    }
    let deaf = match shelf.manner {
        Manner::CutAndDeaf => shelf.asked.lock().unwrap().len() < 4,
        manner => manner == Manner::Stubborn,
    };
    let from = range
        .filter(|_| !deaf)
        .map_or(0, |range| range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap());
    let rest = shelf.content.slice(from..);
    let builder = if from > 0 {
        builder
            .status(StatusCode::PARTIAL_CONTENT)
            .header(header::CONTENT_RANGE, format!("bytes {from}-{}/{size}", size - 1))
    } else {
        builder
    };
    let builder = builder.header(header::CONTENT_LENGTH, rest.len());
    let cut = shelf.manner == Manner::Cut || deaf;
    if !cut || rest.len() < size / 3 {
        return builder.body(Body::from(rest)).unwrap();
    }
    let pieces = [Ok(rest.slice(..size / 3)), Err(std::io::Error::other("the line is cut"))];
    let pieces = stream::iter(pieces).then(|piece| async {
        if piece.is_err() {
            // What was sent before has to get through first.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        piece
    });
    builder.body(Body::from_stream(pieces)).unwrap()
}

const PIECES: &[[u8; 4]] = &[*b"GGUF"; 7_500];
pub(super) const CONTENT: &[u8] = PIECES.as_flattened();

fn model(sha1: Option<&'static str>) -> KnownModel {
    KnownModel {
        name: "small-model",
        purpose: Purpose::Writing,
        file: "small-model.gguf",
        repository: "someone/models",
        about_bytes: 30_000,
        licence: "MIT",
        sha1,
        about: "for a test",
    }
}

async fn get(hub: &Hub, dir: &Path, model: &KnownModel) -> Result<Vec<u8>, PullError> {
    let path = pull(model, &hub.address, dir, |_, _| {}).await?;
    Ok(std::fs::read(path).unwrap())
}

fn left_over(dir: &TempDir) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_model_is_pulled_checked_and_recorded() {
    let (hub, dir) = (hub(CONTENT, Manner::Good).await, TempDir::new().unwrap());
    assert_eq!(get(&hub, dir.path(), &model(None)).await.unwrap(), CONTENT);
    assert_eq!(left_over(&dir), ["small-model.gguf", "small-model.gguf.sum"]);
    let record = Record::read(&dir.path().join("small-model.gguf")).unwrap().unwrap();
    assert_eq!(record.source, "the hub's X-Linked-ETag");
    assert!(record.url.ends_with("/someone/models/resolve/main/small-model.gguf"));
}

#[tokio::test]
async fn a_line_that_is_cut_is_taken_up_where_it_was() {
    let (hub, dir) = (hub(CONTENT, Manner::Cut).await, TempDir::new().unwrap());
    assert_eq!(get(&hub, dir.path(), &model(None)).await.unwrap(), CONTENT);
    let asked = hub.asked.lock().unwrap().clone();
    assert!(asked.iter().any(|request| request == "GET bytes=10000-"), "{asked:?}");
}

#[tokio::test]
async fn a_hub_that_ignores_ranges_does_not_spoil_the_file() {
    let (hub, dir) = (hub(CONTENT, Manner::CutAndDeaf).await, TempDir::new().unwrap());
    assert_eq!(get(&hub, dir.path(), &model(None)).await.unwrap(), CONTENT);
}

#[tokio::test]
async fn a_pull_that_was_killed_goes_on() {
    let (hub, dir) = (hub(CONTENT, Manner::Good).await, TempDir::new().unwrap());
    std::fs::write(dir.path().join("small-model.gguf.partial"), &CONTENT[..12_345]).unwrap();
    assert_eq!(get(&hub, dir.path(), &model(None)).await.unwrap(), CONTENT);
    assert_eq!(hub.asked.lock().unwrap().last().unwrap(), "GET bytes=12345-");
}

#[tokio::test]
async fn a_wrong_file_is_removed_and_said_to_be_wrong() {
    let (hub, dir) = (hub(CONTENT, Manner::Good).await, TempDir::new().unwrap());
    let stated = model(Some("137c40403d78fd54d454da0f9bd998f78703390c"));
    let error = get(&hub, dir.path(), &stated).await.unwrap_err();
    assert!(matches!(error, PullError::WrongFile { .. }), "{error}");
    assert!(left_over(&dir).is_empty());
}

#[tokio::test]
async fn what_was_half_there_of_another_file_is_found_out() {
    let (hub, dir) = (hub(CONTENT, Manner::Good).await, TempDir::new().unwrap());
    std::fs::write(dir.path().join("small-model.gguf.partial"), [9; 500]).unwrap();
    assert!(matches!(get(&hub, dir.path(), &model(None)).await, Err(PullError::WrongFile { .. })));
    assert_eq!(get(&hub, dir.path(), &model(None)).await.unwrap(), CONTENT, "the next try is from the start");
}

#[tokio::test]
async fn a_size_that_is_not_the_stated_one_is_refused() {
    let (hub, dir) = (hub(CONTENT, Manner::Boastful).await, TempDir::new().unwrap());
    assert!(get(&hub, dir.path(), &model(None)).await.is_err());
    assert!(!dir.path().join("small-model.gguf").exists());
}

#[tokio::test]
async fn what_has_no_end_does_not_fill_the_disk() {
    let (hub, dir) = (hub(CONTENT, Manner::Endless).await, TempDir::new().unwrap());
    let error = get(&hub, dir.path(), &model(None)).await.unwrap_err();
    assert!(
        matches!(&error, PullError::WrongFile { reason, .. } if reason.contains("more than 60000 bytes")),
        "{error}"
    );
    assert!(left_over(&dir).is_empty());
}

#[tokio::test]
async fn a_hub_without_the_file_and_one_that_is_not_there_are_told_apart() {
    let (empty, dir) = (hub(CONTENT, Manner::Empty).await, TempDir::new().unwrap());
    assert!(matches!(get(&empty, dir.path(), &model(None)).await, Err(PullError::Refused { .. })));
    let nowhere = Hub { address: "http://127.0.0.1:9".into(), asked: Arc::default() };
    let error = get(&nowhere, dir.path(), &model(None)).await.unwrap_err();
    assert!(error.to_string().contains("connected to the internet"), "{error}");
}

#[tokio::test]
async fn a_model_that_changed_on_the_disk_is_noticed() {
    let (hub, dir) = (hub(CONTENT, Manner::Good).await, TempDir::new().unwrap());
    get(&hub, dir.path(), &model(None)).await.unwrap();
    let path = dir.path().join("small-model.gguf");
    assert!(matches!(verify(&path, Some(&model(None))).unwrap(), Verdict::Good(_)));
    std::fs::write(&path, b"something else").unwrap();
    assert!(matches!(verify(&path, Some(&model(None))).unwrap(), Verdict::Wrong(_)));
}
