//! From a recording to a title, by a program.

mod parts;

use crate::http::api::tests::{admin, send, shopper};
use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::testing;
use domain::transcript::Standing;
use http::Request;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::path::Path;
use uuid::Uuid;

const BOUNDARY: &str = "a-boundary";

fn story() -> Vec<u8> {
    let name = "the-bell-at-north-rock.mp3";
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings").join(name)).unwrap()
}

/// A form with these texts and, behind them, the file.
fn form(texts: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, text) in texts {
        let part = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        form.extend_from_slice(part.as_bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"");
        form.extend_from_slice(format!("--{BOUNDARY}\r\n{head}\r\nContent-Type: audio/mpeg\r\n\r\n").as_bytes());
        form.extend_from_slice(bytes);
        form.extend_from_slice(b"\r\n");
    }
    form.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    form
}

async fn upload(shop: &Shop, token: &str, form: Vec<u8>) -> Answer {
    let request = Request::post("/api/v1/audiobooks/upload")
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .header("content-length", form.len());
    shop.send(request.body(Body::from(form)).unwrap()).await
}

async fn get(shop: &Shop, token: &str, path: &str) -> Value {
    let answer = send(shop, token, "GET", path, &Value::Null).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

async fn titles(shop: &Shop) -> usize {
    let filter = domain::insight::TitleFilter::default();
    let page = domain::PageRequest::new(1, 10);
    domain::insight::titles::list(&shop.db, &filter, Default::default(), page).await.unwrap().rows.len()
}

#[tokio::test]
async fn a_recording_in_a_form_becomes_a_title_in_the_making() {
    let shop = Shop::open().await;
    let (token, bytes) = (admin(&shop).await, story());
    let sum = hex::encode(Sha256::digest(&bytes));
    let sent = form(&[("title", "The Bell"), ("sha256", &sum)], Some(("bell.mp3", &bytes)));
    let taken = upload(&shop, &token, sent).await;
    assert_eq!(taken.status, 202, "{}", taken.text());
    let production = taken.header("location").strip_prefix("/api/v1/").unwrap().to_owned();
    let state = get(&shop, &token, &production).await;
    assert_eq!((&state["title"], &state["state"]), (&json!("The Bell"), &json!("running")));
    assert_eq!((&state["steps"][0]["status"], &state["steps"][1]["status"]), (&json!("done"), &json!("queued")));
    let file = &state["uploads"][0];
    assert_eq!(
        (&file["status"], &file["size"], &file["file_name"]),
        (&json!("done"), &json!(bytes.len()), &json!("bell.mp3"))
    );

    let again = taken.json()["audiobook_id"].as_str().unwrap().to_owned();
    let more = upload(&shop, &token, form(&[("audiobook_id", &again)], Some(("bell-2.mp3", &bytes)))).await;
    assert_eq!(more.status, 202, "{}", more.text());
    assert_eq!(get(&shop, &token, &production).await["uploads"].as_array().unwrap().len(), 2);

    let stop = send(&shop, &token, "POST", &format!("{production}/cancel"), &Value::Null).await;
    assert_eq!((stop.status.as_u16(), stop.json()["state"].as_str().unwrap()), (202, "cancelled"));
    let on = send(&shop, &token, "POST", &format!("{production}/resume"), &Value::Null).await;
    assert_eq!((on.status.as_u16(), on.json()["state"].as_str().unwrap()), (202, "running"));
    let step = async |step: &str| {
        send(&shop, &token, "POST", &format!("{production}/steps/{step}/redo"), &Value::Null).await.problem()
    };
    assert_eq!(step("describe").await, "conflict", "an earlier step comes first");
    assert_eq!(step("dream").await, "not-found");
}

#[tokio::test]
async fn what_cannot_be_taken_leaves_nothing_behind() {
    let shop = Shop::open().await;
    let (token, bytes) = (admin(&shop).await, story());
    let wrong = "0".repeat(64);
    let refused = async |sent: Vec<u8>, status: u16, field: &str| {
        let answer = upload(&shop, &token, sent).await;
        assert_eq!(answer.status, status, "{field}: {}", answer.text());
        let named = answer.json()["errors"][0]["field"].as_str().unwrap_or_default().to_owned();
        assert_eq!(named, field, "{}", answer.text());
        assert_eq!(titles(&shop).await, 0, "{field}");
        assert!(domain::production::uploads::open(&shop.db).await.unwrap().is_empty(), "{field}");
    };
    let file = Some(("bell.mp3", bytes.as_slice()));
    refused(form(&[("title", "The Bell"), ("sha256", &wrong)], file), 422, "sha256").await;
    refused(form(&[("title", "The Bell")], Some(("bell.mp3", b"no sound at all"))), 422, "file").await;
    refused(form(&[("title", "The Bell")], Some(("bell.mp3", b""))), 422, "file").await;
    refused(form(&[("title", "The Bell")], None), 422, "file").await;
    refused(form(&[("title", "The Bell"), ("colour", "red")], file), 422, "colour").await;
    refused(form(&[], file), 422, "title").await;
    let mut cut = form(&[("title", "The Bell")], file);
    cut.truncate(cut.len() - 100);
    refused(cut, 400, "").await;
    let nothing = form(&[("audiobook_id", &Uuid::now_v7().to_string())], file);
    assert_eq!(upload(&shop, &token, nothing).await.problem(), "not-found");
    let json = send(&shop, &token, "POST", "audiobooks/upload", &json!({})).await;
    assert_eq!((json.status.as_u16(), json.problem().as_str()), (415, "not-multipart"));
    let stranger = upload(&shop, &shopper(&shop).await, form(&[("title", "The Bell")], file)).await;
    assert_eq!(stranger.problem(), "forbidden");
}

#[tokio::test]
async fn a_file_too_large_for_a_form_is_led_to_where_it_can_go_on() {
    let mut shop = Shop::open().await;
    let bytes = story();
    shop.restart_with(|config| config.uploads.form_max_bytes = 1000).await;
    let token = admin(&shop).await;
    for with_length in [true, false] {
        let sent = form(&[("title", "The Bell")], Some(("bell.mp3", &bytes)));
        let request = Request::post("/api/v1/audiobooks/upload")
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        let request = if with_length { request.header("content-length", sent.len()) } else { request };
        let answer = shop.send(request.body(Body::from(sent)).unwrap()).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (413, "too-large"));
        assert!(answer.header("link").starts_with("</uploads>; rel="), "{}", answer.header("link"));
        assert_eq!(titles(&shop).await, 0);
    }
}

#[tokio::test]
async fn a_program_uploads_by_tus_with_its_token_as_a_browser_does_with_its_cookie() {
    let shop = Shop::open().await;
    let (token, bytes) = (admin(&shop).await, story());
    let bell = testing::title(&shop.db, "The Bell").draft_of_list().await;
    let pair = |key: &str, value: &str| format!("{key} {}", STANDARD.encode(value));
    let metadata = [pair("filename", "bell.mp3"), pair("audiobook", &bell.id.to_string())].join(",");
    let begin = |authorization: &str| {
        let request = Request::post("/uploads").header("tus-resumable", "1.0.0").header("upload-length", bytes.len());
        let request = request.header("upload-metadata", &metadata).header("authorization", authorization);
        shop.send(request.body(Body::empty()).unwrap())
    };
    assert_eq!(begin("Bearer abc").await.problem(), "invalid-token");
    assert_eq!(begin(&format!("Bearer {}", shopper(&shop).await)).await.problem(), "forbidden");
    assert_eq!(begin("Basic YWRhOmFkYQ==").await.status, 401);
    let begun = begin(&format!("Bearer {token}")).await;
    assert_eq!(begun.status, 201, "{}", begun.text());
    let open = get(&shop, &token, "uploads").await;
    let upload = &open["items"][0];
    assert_eq!((&upload["address"], &upload["received"]), (&json!(begun.header("location")), &json!(0)));
    assert_eq!((&upload["audiobook_id"], &upload["size"]), (&json!(bell.id), &json!(bytes.len())));
    let request = Request::patch(begun.header("location")).header("tus-resumable", "1.0.0").header("upload-offset", 0);
    let request = request.header("content-type", "application/offset+octet-stream");
    let request = request.header("authorization", format!("Bearer {token}"));
    let sent = shop.send(request.body(Body::from(bytes.clone())).unwrap()).await;
    assert_eq!(sent.status, 204, "{}", sent.text());
    let state = get(&shop, &token, &format!("audiobooks/{}/production", bell.id)).await;
    assert_eq!(state["uploads"][0]["status"], "done");
    assert_eq!(get(&shop, &token, "uploads").await["items"], json!([]), "what has arrived is not open");
}

#[tokio::test]
async fn the_text_of_a_title_is_read_part_by_part_or_as_a_file_and_reviewed() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let bell = testing::title(&shop.db, "The Bell").files(&["one.mp3", "two.mp3"]).draft().await;
    for n in 0..30_i32 {
        let start = i64::from(n) * 60_000;
        testing::say(&shop.db, bell.id, n, start, start + 4000, &format!("Sentence number {n}.")).await;
    }
    let doubtful =
        testing::say_as(&shop.db, bell.id, (30, 1_800_000, 1_804_000), "Thank you.", Standing::Doubtful).await;
    let base = format!("audiobooks/{}", bell.id);
    let (mut said, mut path) = (Vec::new(), format!("{base}/transcript?limit=7"));
    loop {
        let part = get(&shop, &token, &path).await;
        said.extend(part["items"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()));
        let Some(next) = part["next"].as_str() else { break };
        path = format!("{base}/transcript?limit=7&cursor={next}");
    }
    assert_eq!(said, (0..30).map(|n| format!("Sentence number {n}.")).collect::<Vec<_>>());
    for (format, media_type, begins) in
        [("vtt", "text/vtt", "WEBVTT"), ("srt", "application/x-subrip", "1\n"), ("txt", "text/plain", "")]
    {
        let file = send(&shop, &token, "GET", &format!("{base}/transcript?format={format}"), &Value::Null).await;
        assert!(file.status == 200 && file.header("content-type").starts_with(media_type), "{format}: {}", file.text());
        assert!(file.text().starts_with(begins) && !file.text().contains("Thank you"), "{}", file.text());
    }
    let part = send(&shop, &token, "GET", &format!("{base}/transcript?format=vtt&limit=3"), &Value::Null).await;
    assert_eq!(part.problem(), "invalid");

    let places = get(&shop, &token, &format!("{base}/review-places")).await;
    assert_eq!((&places["items"][0]["id"], places["items"].as_array().unwrap().len()), (&json!(doubtful), 1));
    let decide = format!("{base}/review-places/{doubtful}");
    let empty = send(&shop, &token, "POST", &decide, &json!({ "verdict": "accept" })).await;
    assert_eq!(empty.json()["errors"][0]["field"], "text");
    let decided = send(&shop, &token, "POST", &decide, &json!({ "verdict": "accept", "text": "Thank them." })).await;
    assert_eq!(decided.json()["standing"], "corrected", "{}", decided.text());

    let parts = get(&shop, &token, &format!("{base}/parts?limit=1")).await;
    assert_eq!((&parts["items"][0]["position"], parts["next"].is_string()), (&json!(0), true));
    assert_eq!(get(&shop, &token, "admin/workers").await["items"], json!([]));
    let nothing = Uuid::now_v7();
    for path in ["production", "parts", "transcript", "transcript?format=txt", "review-places"] {
        let answer = send(&shop, &token, "GET", &format!("audiobooks/{nothing}/{path}"), &Value::Null).await;
        assert_eq!(answer.problem(), "not-found", "{path}");
        let shopper = send(&shop, &shopper(&shop).await, "GET", &format!("{base}/{path}"), &Value::Null).await;
        assert_eq!(shopper.problem(), "forbidden", "{path}");
    }
}
