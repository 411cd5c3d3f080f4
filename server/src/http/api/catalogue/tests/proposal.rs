//! What is proposed for the page of a title.

use super::*;
use axum::body::Body;
use domain::catalog::proposal::{CategoryReason, Evidence, Proposal};
use http::Request;

async fn take_over(shop: &Shop, token: &str, seen: &str) -> Answer {
    let request = Request::post("/api/v1/audiobooks/salt/proposal/use").header("if-match", seen);
    shop.send(request.header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn what_is_proposed_is_read_and_taken_over_by_who_has_seen_the_title_as_it_is() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let title = testing::title(&shop.db, "Salt").draft().await;
    let nothing = send(&shop, &token, "GET", "audiobooks/salt/proposal", &Value::Null).await;
    assert_eq!(nothing.problem(), "not-found");
    assert_eq!(take_over(&shop, &token, "*").await.problem(), "not-found");

    let sea = send(&shop, &token, "POST", "categories", &json!({ "name": "Sea" })).await;
    assert_eq!(sea.status, 201, "{}", sea.text());
    let evidence = vec![Evidence { sentence: "Waves all night.".to_owned(), start_ms: 0, end_ms: 1500 }];
    let reasons =
        vec![CategoryReason { category: "sea".to_owned(), because: "Said in the book: “wave” (2).".to_owned() }];
    let proposal =
        Proposal { description: "Waves all night.".to_owned(), categories: vec!["sea".to_owned()], evidence, reasons };
    testing::propose(&shop.db, title.id, proposal).await;
    let read = send(&shop, &token, "GET", "audiobooks/salt/proposal", &Value::Null).await.json();
    assert_eq!((&read["description"], &read["categories"]), (&json!("Waves all night."), &json!(["sea"])));
    assert_eq!(read["evidence"][0]["end_ms"], 1500);
    assert_eq!(read["reasons"][0]["because"], "Said in the book: “wave” (2).");

    let seen = send(&shop, &token, "GET", "admin/audiobooks/salt", &Value::Null).await.header("etag").to_owned();
    send(&shop, &token, "PATCH", "audiobooks/salt", &json!({ "subtitle": "A story" })).await;
    assert_eq!(take_over(&shop, &token, &seen).await.problem(), "precondition-failed");
    let seen = send(&shop, &token, "GET", "admin/audiobooks/salt", &Value::Null).await.header("etag").to_owned();
    let taken = take_over(&shop, &token, &seen).await;
    assert_eq!(taken.status, 200, "{}", taken.text());
    let kept = taken.json();
    assert_eq!((&kept["description"], &kept["categories"]), (&json!("Waves all night."), &json!(["sea"])));
    assert_eq!(kept["subtitle"], "A story", "the rest stays");
}

#[tokio::test]
async fn a_shop_without_categories_begins_with_a_usual_list_and_one_with_a_list_keeps_it() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let begin = async || send(&shop, &token, "POST", "categories/starters", &Value::Null).await;
    let added = begin().await.json()["added"].as_u64().unwrap();
    assert!(added > 5);
    let all = send(&shop, &token, "GET", "admin/categories?limit=100", &Value::Null).await.json();
    assert_eq!(all["items"].as_array().unwrap().len() as u64, added);
    assert_eq!(begin().await.json(), json!({ "added": 0 }));
}
