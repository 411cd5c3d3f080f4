//! Who hears and who writes, by a program.

use super::*;
use domain::production::{ModelView, WorkerFacts, workers};

const KEY: &str = "sk-a-key-that-nobody-sees";

fn cloud(name: &str) -> Value {
    json!({
        "purpose": "speech", "name": name, "address": "https://api.example/v1", "model": "whisper-1", "key": KEY,
        "currency": "USD", "price_in": "0.006", "budget": "20",
    })
}

#[tokio::test]
async fn one_elsewhere_is_added_changed_moved_switched_and_removed_and_its_key_is_never_answered() {
    let (shop, token, _) = sold(0).await;
    let standing = get(&shop, &token, "admin/providers").await;
    assert_eq!(standing["items"].as_array().unwrap().len(), 3, "those that every shop has");
    let added = send(&shop, &token, "POST", "admin/providers", &cloud("Cloud")).await;
    assert_eq!((added.status.as_u16(), &added.json()["on"]), (201, &json!(false)), "{}", added.text());
    let at = format!("admin/providers/{}", added.json()["id"].as_str().unwrap());
    let change = async |body: Value| send(&shop, &token, "PATCH", &at, &body).await;

    let on = change(json!({ "on": true })).await.json();
    assert_eq!((&on["on"], &on["has_key"], &on["breaker"]), (&json!(true), &json!(true), &json!("closed")));
    let cheap = change(json!({ "price_in": "0.003", "budget": "", "tries": 5 })).await.json();
    assert_eq!((&cheap["price_in"], cheap.get("budget"), &cheap["tries"]), (&json!("0.003"), None, &json!(5)));
    assert_eq!((&cheap["name"], &cheap["on"]), (&json!("Cloud"), &json!(true)), "what is missing stays");
    let moved = change(json!({ "address": "https://other.example/v1" })).await.json();
    assert_eq!(moved["has_key"], json!(false), "no key goes where nobody gave it");

    let up = send(&shop, &token, "POST", &format!("{at}/move"), &json!({ "up": true })).await;
    assert_eq!(up.status, 204, "{}", up.text());
    let all = send(&shop, &token, "GET", "admin/providers", &Value::Null).await;
    assert_eq!(all.json()["items"][0]["name"], "Cloud");
    assert!(!all.text().contains(KEY));
    let privacy = shop.get("", "/api/v1/legal/privacy", &[]).await;
    assert!(privacy.text().contains("other.example"), "whoever gets sound is named: {}", privacy.text());

    assert_eq!(send(&shop, &token, "DELETE", &at, &Value::Null).await.status, 204);
    assert_eq!(send(&shop, &token, "DELETE", &at, &Value::Null).await.status, 404);
    assert!(!shop.get("", "/api/v1/legal/privacy", &[]).await.text().contains("other.example"));
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_field_and_what_every_shop_has_is_only_switched() {
    let (shop, token, _) = sold(0).await;
    for (field, value) in [
        ("purpose", json!("music")),
        ("address", json!("http://10.0.0.1/v1")),
        ("price_in", json!("cheap")),
        ("tries", json!(9)),
        ("time_limit_seconds", json!(0)),
        ("context_tokens", json!(1)),
        ("currency", json!("cents")),
    ] {
        let mut wish = cloud("Cloud");
        wish[field] = value;
        let refused = send(&shop, &token, "POST", "admin/providers", &wish).await;
        assert_eq!((refused.status.as_u16(), &refused.json()["errors"][0]["field"]), (422, &json!(field)));
    }
    let engine = get(&shop, &token, "admin/providers").await["items"][0].clone();
    let at = format!("admin/providers/{}", engine["id"].as_str().unwrap());
    assert_eq!(send(&shop, &token, "PATCH", &at, &json!({ "on": false })).await.json()["on"], json!(false));
    let renamed = send(&shop, &token, "PATCH", &at, &json!({ "name": "Mine" })).await;
    assert_eq!((renamed.status.as_u16(), &renamed.json()["code"]), (409, &json!("provider.built-in")));
    assert_eq!(send(&shop, &token, "DELETE", &at, &Value::Null).await.status, 409);
    let stranger = shopper(&shop).await;
    assert_eq!(send(&shop, &stranger, "GET", "admin/providers", &Value::Null).await.status, 403);
}

#[tokio::test]
async fn a_model_that_workers_know_is_fetched_and_called_off() {
    let (shop, token, _) = sold(0).await;
    let put = async |name: &str| send(&shop, &token, "PUT", &format!("admin/models/{name}"), &Value::Null).await;
    assert_eq!(put("base.en").await.status, 404, "no worker is there that knows it");
    let model = ModelView {
        name: "base.en".to_owned(),
        purpose: "speech".to_owned(),
        size: None,
        licence: "MIT".to_owned(),
        present: false,
        selected: false,
        demonstration: false,
    };
    workers::seen(&shop.db, "one", &WorkerFacts { models: vec![model], ..WorkerFacts::default() }).await.unwrap();
    assert_eq!(put("base.en").await.status, 204);
    assert_eq!(put("gpt-4").await.status, 404);
    assert_eq!(get(&shop, &token, "admin/models").await["items"], json!(["base.en"]));
    let stopped = send(&shop, &token, "DELETE", "admin/models/base.en", &Value::Null).await;
    assert_eq!(stopped.status, 204);
    assert_eq!(get(&shop, &token, "admin/models").await["items"], json!([]));
}

#[tokio::test]
async fn however_many_there_are_the_database_is_asked_as_often() {
    let (shop, token, _) = sold(0).await;
    let before = asked(&shop, &token, "admin/providers").await;
    for number in 0..5 {
        let added = send(&shop, &token, "POST", "admin/providers", &cloud(&format!("Cloud {number}"))).await;
        assert_eq!(added.status, 201, "{}", added.text());
        domain::providers::fetches::ask(&shop.db, &format!("model-{number}")).await.unwrap();
    }
    assert!(asked(&shop, &token, "admin/providers").await <= before);
    assert!(asked(&shop, &token, "admin/models").await <= before);
}
