//! Changes on the condition that nobody else was quicker.

use super::described::{addressed, description};
use super::*;
use crate::http::api::browse::operations;
use futures::future::join_all;

/// What can be changed or removed on that condition.
const CONDITIONAL: [(&str, &str); 8] = [
    ("patch", "/audiobooks/{which}"),
    ("delete", "/audiobooks/{which}"),
    ("patch", "/admin/webhooks/{id}"),
    ("post", "/audiobooks/{which}/proposal/use"),
    ("patch", "/audiobooks/{which}/sentences/{sentence}"),
    ("post", "/audiobooks/{which}/sentences/{sentence}/join"),
    ("put", "/audiobooks/{which}/parts/order"),
    ("delete", "/audiobooks/{which}/parts/{part}"),
];

#[test]
fn whatever_is_read_says_that_it_may_be_as_it_was() {
    let document = description();
    let reads = operations(&document).filter(|(path, method, _)| *method == "get" && path.starts_with("/api/v1/"));
    let silent = reads.filter(|(.., operation)| !operation["responses"]["304"].is_object());
    let silent: Vec<&str> = silent.map(|(path, ..)| path).collect();
    assert!(silent.is_empty(), "every answer has a tag, and these do not say what comes of it: {silent:?}");
}

async fn conditional(shop: &Shop, token: &str, (method, path, tag): (&str, &str, &str), body: &Value) -> Answer {
    let request = Request::builder().method(method).uri(format!("/api/v1/{path}"));
    let request = request.header("authorization", format!("Bearer {token}")).header("if-match", tag);
    if body.is_null() {
        return shop.send(request.body(Body::empty()).unwrap()).await;
    }
    let request = request.header("content-type", "application/json");
    shop.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn every_change_on_a_condition_is_described_as_one() {
    let shop = Shop::open().await;
    let described = shop.get("", "/api/v1/openapi.json", &[]).await.json();
    let mut found = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap_or(path);
        for (method, operation) in methods.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
            let asks =
                parameters.iter().any(|one| one["name"].as_str().unwrap_or_default().eq_ignore_ascii_case("if-match"));
            let outdated = operation["responses"]["412"].is_object();
            assert!(method == "get" || outdated, "{method} {path} does not say what comes of a condition");
            if method != "get" && asks {
                found.push((method.clone(), path.to_owned()));
            }
        }
    }
    let mut expected = CONDITIONAL.map(|(method, path)| (method.to_owned(), path.to_owned())).to_vec();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[tokio::test]
async fn no_change_is_made_on_a_condition_that_does_not_hold_or_that_nobody_looks_at() {
    let (shop, document) = (Shop::open().await, description());
    let token = admin(&shop).await;
    domain::testing::title(&shop.db, "The Bell at North Rock").draft().await;
    let mut refused = 0;
    for (path, method, operation) in operations(&document) {
        if method == "get" {
            continue;
        }
        let (address, headers) = addressed(path, operation);
        let heeds = CONDITIONAL.iter().any(|(verb, on)| *verb == method && path.ends_with(on));
        for condition in ["if-match", "if-none-match"] {
            let request = Request::builder().method(method.to_ascii_uppercase().as_str()).uri(&address);
            let request = headers.iter().fold(request, |request, (name, value)| request.header(name, value));
            let request = request.header("authorization", format!("Bearer {token}")).header(condition, "\"nonsense\"");
            let body = operation.pointer("/requestBody/content/application~1json/example").map(Value::to_string);
            let request = request.header("content-type", "application/json");
            let answer = shop.send(request.body(Body::from(body.unwrap_or_default())).unwrap()).await;
            let (what, status) = (format!("{method} {path} with {condition}"), answer.status.as_u16());
            if heeds && condition == "if-match" {
                assert!(matches!(status, 404 | 412), "{what}: {status} {}", answer.text());
            } else {
                assert_eq!((status, answer.problem().as_str()), (412, "condition-unknown"), "{what}");
            }
            refused += 1;
        }
    }
    assert!(refused > 100, "only {refused} changes were tried");
}

#[tokio::test]
async fn of_several_who_know_one_version_one_changes_it_and_the_others_are_told_that_they_are_late() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let webhook = json!({ "address": "https://app.example/hooks", "events": ["title.published"] });
    let webhook = send(&shop, &token, "POST", "admin/webhooks", &webhook).await;
    assert_eq!(webhook.status, 201, "{}", webhook.text());
    let webhook = format!("admin/webhooks/{}", webhook.json()["webhook"]["id"].as_str().unwrap());
    // What is proposed is saved as the first of these saves.
    for (n, (method, path)) in CONDITIONAL.into_iter().take(3).enumerate() {
        let (read, path, body) = match (method, path) {
            (_, "/admin/webhooks/{id}") => (webhook.clone(), webhook.clone(), json!({ "events": ["order.paid"] })),
            (method, _) => {
                let slug = domain::testing::title(&shop.db, &format!("Salt {n}")).draft().await.slug;
                let body = if method == "delete" { Value::Null } else { json!({ "subtitle": "A sea" }) };
                (format!("admin/audiobooks/{slug}"), format!("audiobooks/{slug}"), body)
            }
        };
        let method = method.to_ascii_uppercase();
        for round in 0..5 {
            let tag = send(&shop, &token, "GET", &read, &Value::Null).await.header("etag").to_owned();
            let asks = (0..4).map(|_| conditional(&shop, &token, (&method, &path, &tag), &body));
            let answers: Vec<u16> = join_all(asks).await.iter().map(|answer| answer.status.as_u16()).collect();
            let made = answers.iter().filter(|status| **status < 300).count();
            assert_eq!(made, 1, "{method} {path}, round {round}: {answers:?}");
            let gone = method == "DELETE";
            let late = |status: &u16| *status < 300 || *status == 412 || gone && *status == 404;
            assert!(answers.iter().all(late), "{method} {path}, round {round}: {answers:?}");
            if gone {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_title_that_somebody_saved_meanwhile_is_neither_deleted_nor_archived() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    domain::testing::title(&shop.db, "Draft").draft().await;
    domain::testing::title(&shop.db, "For sale").published().await;
    for slug in ["draft", "for-sale"] {
        let (path, kept) = (format!("audiobooks/{slug}"), format!("admin/audiobooks/{slug}"));
        let tag = send(&shop, &token, "GET", &kept, &Value::Null).await.header("etag").to_owned();
        let id: uuid::Uuid =
            send(&shop, &token, "GET", &kept, &Value::Null).await.json()["id"].as_str().unwrap().parse().unwrap();
        assert_eq!(send(&shop, &token, "PATCH", &path, &json!({ "subtitle": "New" })).await.status, 200);
        let late = conditional(&shop, &token, ("DELETE", &path, &tag), &Value::Null).await;
        assert_eq!((late.status.as_u16(), late.problem().as_str()), (412, "precondition-failed"), "{slug}");
        // As if it had been saved between the look at the version and the removal.
        let refused = domain::production::deletion::delete_draft_at(&shop.db, id, Some(1)).await.unwrap_err();
        assert!(refused.is_outdated(), "{slug}: {refused}");
        let refused = domain::catalog::publish::archive_at(&shop.db, id, Some(1)).await.unwrap_err();
        assert!(refused.is_outdated(), "{slug}: {refused}");
        assert_eq!(conditional(&shop, &token, ("DELETE", &path, "*"), &Value::Null).await.status, 204, "{slug}");
    }
}
