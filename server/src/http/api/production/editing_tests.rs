//! The text and the chapters of a title, edited by a program.

use crate::http::api::tests::{admin, send};
use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use domain::testing;
use http::Request;
use serde_json::{Value, json};
use uuid::Uuid;

/// A title of three sentences, and the address of its text.
async fn book(shop: &Shop) -> String {
    let bell = testing::title(&shop.db, "The Bell").files(&["one.mp3"]).draft().await;
    for (position, text) in (0..).zip(["It was dark.", "The lamb was lit.", "Nobody came."]) {
        let at = i64::from(position) * 2_000;
        testing::say(&shop.db, bell.id, position, at, at + 1_800, text).await;
    }
    format!("audiobooks/{}", bell.id)
}

async fn get(shop: &Shop, token: &str, path: &str) -> Value {
    let answer = send(shop, token, "GET", path, &Value::Null).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.json()
}

async fn change(shop: &Shop, token: &str, path: &str, tag: &str, wish: &Value) -> Answer {
    let request = Request::patch(format!("/api/v1/{path}"))
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", "application/json")
        .header("if-match", tag);
    shop.send(request.body(Body::from(wish.to_string())).unwrap()).await
}

async fn texts(shop: &Shop, token: &str, base: &str) -> Vec<String> {
    let said = get(shop, token, &format!("{base}/transcript")).await;
    said["items"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_program_corrects_splits_joins_and_drops_sentences_and_undoes_it() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let base = book(&shop).await;
    let listed = get(&shop, &token, &format!("{base}/sentences?limit=2&from_ms=2000")).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    for nowhere in ["-1", "9223372036854775808"] {
        let refused = send(&shop, &token, "GET", &format!("{base}/sentences?from_ms={nowhere}"), &Value::Null).await;
        assert_eq!(refused.status, 422, "{}", refused.text());
    }
    let lamb = format!("{base}/sentences/{}", listed["items"][0]["id"].as_str().unwrap());
    let read = send(&shop, &token, "GET", &lamb, &Value::Null).await;
    let tag = read.header("etag").to_owned();
    assert!(tag.starts_with("\"v0-"), "{tag}");

    let wish = json!({ "text": "The lamp\nwas lit.", "speaker": "The keeper" });
    let done = change(&shop, &token, &lamb, &tag, &wish).await;
    assert_eq!((done.status.as_u16(), &done.json()["edit"]["kind"]), (200, &json!("split")), "{}", done.text());
    assert_eq!(texts(&shop, &token, &base).await, ["It was dark.", "The lamp", "was lit.", "Nobody came."]);

    let late = change(&shop, &token, &lamb, &tag, &json!({ "text": "The lambs were lit." })).await;
    assert_eq!((late.status.as_u16(), late.problem().as_str()), (412, "precondition-failed"));
    assert!(late.json()["detail"].as_str().unwrap().contains("The lamp"), "it says what is there: {}", late.text());

    let joined = send(&shop, &token, "POST", &format!("{lamb}/join"), &Value::Null).await;
    assert_eq!(joined.json()["edit"]["kind"], "joined", "{}", joined.text());
    let dropped = send(&shop, &token, "PATCH", &lamb, &json!({ "spoken": false })).await;
    assert_eq!(dropped.json()["edit"]["kind"], "dropped", "{}", dropped.text());
    let again = send(&shop, &token, "PATCH", &lamb, &json!({ "spoken": false })).await;
    assert_eq!((again.status.as_u16(), again.json()), (200, json!({})), "what changes nothing is no edit");
    assert_eq!(texts(&shop, &token, &base).await, ["It was dark.", "Nobody came."]);

    let edits = get(&shop, &token, &format!("{base}/edits")).await;
    let kinds: Vec<_> = edits["items"].as_array().unwrap().iter().map(|edit| edit["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["dropped", "joined", "split"]);
    let undo = async |edit: &Value| {
        send(&shop, &token, "POST", &format!("{base}/edits/undo"), &json!({ "edit": edit["id"] })).await
    };
    assert_eq!(undo(&edits["items"][1]).await.problem(), "conflict", "the last one comes first");
    for edit in edits["items"].as_array().unwrap() {
        let undone = undo(edit).await;
        assert_eq!((undone.status.as_u16(), &undone.json()["undone"]), (200, &json!(true)), "{}", undone.text());
    }
    assert_eq!(texts(&shop, &token, &base).await, ["It was dark.", "The lamb was lit.", "Nobody came."]);
}

#[tokio::test]
async fn a_change_that_does_not_fit_together_is_refused_by_name() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let base = book(&shop).await;
    let listed = get(&shop, &token, &format!("{base}/sentences")).await;
    let first = format!("{base}/sentences/{}", listed["items"][0]["id"].as_str().unwrap());
    for (wish, field) in [
        (json!({}), "text"),
        (json!({ "speaker_for": 3 }), "speaker_for"),
        (json!({ "spoken": true, "text": "It was dark." }), "spoken"),
        (json!({ "text": "   " }), "text"),
        (json!({ "text": "a".repeat(2_001) }), "text"),
        (json!({ "speaker": "a".repeat(101) }), "speaker"),
    ] {
        let refused = send(&shop, &token, "PATCH", &first, &wish).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["field"]), (422, &json!(field)), "{wish}");
    }
    let nowhere = format!("{base}/sentences/{}", Uuid::now_v7());
    assert_eq!(send(&shop, &token, "PATCH", &nowhere, &json!({ "spoken": true })).await.problem(), "not-found");
}

#[tokio::test]
async fn a_program_sees_what_replacing_would_change_and_changes_that_alone() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let base = book(&shop).await;
    let found = get(&shop, &token, &format!("{base}/sentences-found?find=lamb&put=lamp&whole_words=true")).await;
    assert_eq!(found["places"][0]["after"], "The lamp was lit.");
    let wish = |seen: &Value| json!({ "find": "lamb", "put": "lamp", "whole_words": true, "seen": seen });
    let replace = format!("{base}/sentences-found/replace");
    let blind = send(&shop, &token, "POST", &replace, &wish(&json!("nothing"))).await;
    assert_eq!((blind.status.as_u16(), blind.problem().as_str()), (409, "conflict"));
    let done = send(&shop, &token, "POST", &replace, &wish(&found["seen"])).await;
    assert_eq!(done.json()["edit"]["places"], 1, "{}", done.text());
    assert_eq!(texts(&shop, &token, &base).await[1], "The lamp was lit.");
}

#[tokio::test]
async fn a_program_reads_a_sample_before_it_is_cut() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let base = book(&shop).await;
    let none = send(&shop, &token, "GET", &format!("{base}/sample-preview"), &Value::Null).await;
    assert_eq!(none.problem(), "not-found", "nobody has chosen one yet");
    let seen = get(&shop, &token, &format!("{base}/sample-preview?start_ms=2000&end_ms=3900")).await;
    assert_eq!((&seen["segments"][0]["text"], &seen["longest_ms"]), (&json!("The lamb was lit."), &json!(120_000)));
    let long = send(&shop, &token, "GET", &format!("{base}/sample-preview?end_ms=120001"), &Value::Null).await;
    assert_eq!((long.status.as_u16(), &long.json()["errors"][0]["code"]), (422, &json!("sample.too-much")));
}

#[tokio::test]
async fn a_program_changes_the_chapters_that_it_saw() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let base = book(&shop).await;
    let kept = format!("{base}/kept-chapters");
    let before = get(&shop, &token, &kept).await;
    assert_eq!(before["chapters"], json!([]));
    let wish = |seen: &Value, titles: &[(&str, i64)]| {
        let marks: Vec<_> = titles.iter().map(|(title, at)| json!({ "title": title, "start_ms": at })).collect();
        json!({ "chapters": marks, "seen": seen })
    };
    let done = send(&shop, &token, "PUT", &kept, &wish(&before["seen"], &[("Dusk", 500), ("Dawn", 0)])).await;
    assert_eq!(done.json()["edit"]["kind"], "chapters", "{}", done.text());
    let now = get(&shop, &token, &kept).await;
    assert_eq!((&now["chapters"][0]["title"], &now["chapters"][0]["end_ms"]), (&json!("Dawn"), &json!(500)));
    let late = send(&shop, &token, "PUT", &kept, &wish(&before["seen"], &[("Dawn", 0)])).await;
    assert_eq!((late.status.as_u16(), late.json()["code"].as_str()), (409, Some("chapters.changed")));
    let none = send(&shop, &token, "PUT", &kept, &wish(&now["seen"], &[])).await;
    assert_eq!(none.json()["errors"][0]["code"], "chapters.last");
    assert_eq!(get(&shop, &token, &format!("{base}/headings")).await["chapters"], json!([]));
}
