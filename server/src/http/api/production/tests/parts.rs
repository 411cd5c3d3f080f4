//! Changing the parts of a title, by a program.

use super::{form, get, story, upload};
use crate::http::api::tests::{admin, send, shopper};
use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use domain::testing;
use http::Request;
use serde_json::{Value, json};
use uuid::Uuid;

/// Asks for a change of what has this tag.
async fn on_condition(shop: &Shop, token: &str, (method, path): (&str, &str), tag: &str, body: &Value) -> Answer {
    let request = Request::builder().method(method).uri(format!("/api/v1/{path}")).header("if-match", tag);
    let request = request.header("authorization", format!("Bearer {token}")).header("content-type", "application/json");
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    shop.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn parts_are_put_in_order_and_removed_by_who_knows_the_list() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    testing::title(&shop.db, "The Bell").files(&["one.mp3", "two.mp3"]).published().await;
    let list = async || send(&shop, &token, "GET", "audiobooks/the-bell/parts", &Value::Null).await;
    let names = async || {
        let items = list().await.json()["items"].as_array().unwrap().clone();
        items.into_iter().map(|part| part["file_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let seen = list().await;
    let first = seen.header("etag").to_owned();
    let ids: Vec<String> =
        seen.json()["items"].as_array().unwrap().iter().map(|part| part["id"].as_str().unwrap().to_owned()).collect();
    let order = ("PUT", "audiobooks/the-bell/parts/order");
    let turned = json!({ "order": [ids[1], ids[0]] });
    let done = on_condition(&shop, &token, order, &first, &turned).await;
    assert_eq!(done.status, 204, "{}", done.text());
    assert_eq!(names().await, ["two.mp3", "one.mp3"]);
    assert_eq!(on_condition(&shop, &token, order, &first, &turned).await.status, 412, "that was the list before");
    let one = json!({ "order": [ids[1]] });
    assert_eq!(send(&shop, &token, order.0, order.1, &one).await.status, 422);

    let gone = format!("audiobooks/the-bell/parts/{}", ids[0]);
    assert_eq!(on_condition(&shop, &token, ("DELETE", &gone), &first, &Value::Null).await.status, 412);
    let now = done.header("etag").to_owned();
    assert_eq!(on_condition(&shop, &token, ("DELETE", &gone), &now, &Value::Null).await.status, 204);
    assert_eq!(names().await, ["two.mp3"]);
    let last = format!("audiobooks/the-bell/parts/{}", ids[1]);
    assert_eq!(send(&shop, &token, "DELETE", &last, &Value::Null).await.problem(), "conflict");
    let buyer = shopper(&shop).await;
    assert_eq!(send(&shop, &buyer, "DELETE", &last, &Value::Null).await.status, 403);
}

#[tokio::test]
async fn a_recording_in_a_form_takes_the_place_of_a_part_that_it_names() {
    let shop = Shop::open().await;
    let (token, bytes) = (admin(&shop).await, story());
    let title = testing::title(&shop.db, "The Bell").files(&["one.mp3", "two.mp3"]).published().await;
    let (id, file) = (title.id.to_string(), Some(("better.mp3", bytes.as_slice())));
    let parts = get(&shop, &token, "audiobooks/the-bell/parts").await;
    let part = parts["items"][1]["id"].as_str().unwrap().to_owned();
    let nobody = Uuid::now_v7().to_string();
    let refused = upload(&shop, &token, form(&[("audiobook_id", &id), ("replaces", &nobody)], file)).await;
    assert_eq!(refused.status, 404, "{}", refused.text());
    let refused = upload(&shop, &token, form(&[("title", "The Sea"), ("replaces", &part)], file)).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    let taken = upload(&shop, &token, form(&[("audiobook_id", &id), ("replaces", &part)], file)).await;
    assert_eq!(taken.status, 202, "{}", taken.text());
    let parts = get(&shop, &token, "audiobooks/the-bell/parts").await;
    assert_eq!(parts["items"][1]["coming"], json!("better.mp3"));
    assert_eq!(parts["items"][1]["id"], json!(part));
}
