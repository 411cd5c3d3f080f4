use crate::http::api::tests::{PASSWORD, admin, post, send};
use crate::http::testing::{Answer, Shop};
use axum::body::Body;
use domain::PageRequest;
use domain::account::{Password, Permission, registration, user_admin};
use domain::audit::{Filter, trail};
use domain::webhooks::{MOST, happened};
use http::Request;
use serde_json::{Value, json};
use uuid::Uuid;

const HOOKS: &str = "admin/webhooks";
const ADDRESS: &str = "https://app.example/hooks/s3cret";

async fn made(shop: &Shop, token: &str) -> Value {
    let wish = json!({ "address": ADDRESS, "events": ["title.published"] });
    let answer = send(shop, token, "POST", HOOKS, &wish).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// Where a webhook is.
fn at(made: &Value) -> String {
    format!("{HOOKS}/{}", made["webhook"]["id"].as_str().unwrap())
}

async fn happens(shop: &Shop, times: usize) {
    for _ in 0..times {
        shop.clock.advance(1);
        let told = shop.db.transaction(async |tx| happened::title_published(&tx, Uuid::nil(), "bell", "Bell").await);
        told.await.unwrap();
    }
}

async fn get(shop: &Shop, token: &str, path: &str) -> Answer {
    send(shop, token, "GET", path, &Value::Null).await
}

/// A change by who has seen a version.
async fn change(shop: &Shop, token: &str, path: &str, seen: &str, body: &Value) -> Answer {
    let request = Request::patch(format!("/api/v1/{path}")).header("authorization", format!("Bearer {token}"));
    let request = request.header("content-type", "application/json").header("if-match", seen);
    shop.send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn an_address_is_added_read_changed_and_removed_and_its_secret_is_shown_once() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let new = made(&shop, &token).await;
    let secret = new["secret"].as_str().unwrap();
    assert!(secret.starts_with("whsec_"));
    let listed = get(&shop, &token, HOOKS).await;
    assert!(!listed.text().contains(secret), "it can be read again");
    assert_eq!(listed.json()["items"], json!([new["webhook"]]));

    let read = get(&shop, &token, &at(&new)).await;
    assert_eq!((read.header("etag"), read.json()), ("\"v1\"", new["webhook"].clone()));
    let changed = send(&shop, &token, "PATCH", &at(&new), &json!({ "events": ["order.paid"], "on": false })).await;
    let now = changed.json();
    assert_eq!((changed.header("etag"), &now["events"], &now["on"]), ("\"v2\"", &json!(["order.paid"]), &json!(false)));
    assert_eq!((&now["address"], &now["off_why"]), (&json!(ADDRESS), &json!("switched")));

    let renewed = send(&shop, &token, "POST", &format!("{}/secret", at(&new)), &Value::Null).await.json();
    assert_ne!(renewed["secret"], new["secret"]);
    assert!(renewed["webhook"]["old_secret_until"].is_string());
    assert_eq!(send(&shop, &token, "DELETE", &at(&new), &Value::Null).await.status, 204);
    assert_eq!(send(&shop, &token, "DELETE", &at(&new), &Value::Null).await.status, 404);
    assert_eq!(get(&shop, &token, &at(&new)).await.status, 404);
    let lines = trail::events(&shop.db, &Filter::default(), None, 100).await.unwrap();
    let told: Vec<_> = lines.iter().filter(|line| line.subject_kind.as_deref() == Some("webhook")).collect();
    assert_eq!(told.len(), 5, "added, changed, off, renewed, removed");
    assert!(told.iter().all(|line| line.details.contains("https://app.example\"")), "{told:?}");
}

#[tokio::test]
async fn a_change_by_who_has_not_seen_the_one_before_is_refused_whole() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let path = at(&made(&shop, &token).await);
    assert_eq!(change(&shop, &token, &path, "\"v1\"", &json!({ "on": false })).await.status, 200);
    let late = change(&shop, &token, &path, "\"v1\"", &json!({ "events": ["order.paid"], "on": true })).await;
    assert_eq!((late.status.as_u16(), late.problem().as_str()), (412, "precondition-failed"));
    let now = get(&shop, &token, &path).await.json();
    assert_eq!((&now["events"], &now["on"]), (&json!(["title.published"]), &json!(false)));
    let both = [json!({ "on": true }), json!({ "events": ["order.refunded"] })];
    let (one, other) = tokio::join!(
        change(&shop, &token, &path, "\"v2\"", &both[0]),
        change(&shop, &token, &path, "\"v2\"", &both[1])
    );
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412], "two who have seen the same version do not both win");
}

#[tokio::test]
async fn null_is_no_list_of_events() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let path = at(&made(&shop, &token).await);
    let refused = change(&shop, &token, &path, "\"v1\"", &json!({ "events": null })).await;
    assert_eq!(refused.status, 422, "{}", refused.text());
}

#[tokio::test]
async fn what_cannot_be_told_anything_is_refused_by_field() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let refused = async |wish: Value| {
        let answer = send(&shop, &token, "POST", HOOKS, &wish).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
        answer.json()["errors"][0]["field"].as_str().unwrap().to_owned()
    };
    assert_eq!(refused(json!({ "address": "http://app.example", "events": ["order.paid"] })).await, "address");
    assert_eq!(refused(json!({ "address": ADDRESS, "events": [] })).await, "events");
    for _ in 0..MOST {
        made(&shop, &token).await;
    }
    let more = send(&shop, &token, "POST", HOOKS, &json!({ "address": ADDRESS, "events": ["order.paid"] })).await;
    assert_eq!(more.status, 409);
    assert_eq!(more.json()["code"], "webhook.too-many");
}

#[tokio::test]
async fn messages_are_listed_part_by_part_and_sent_again_while_the_address_is_on() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let path = at(&made(&shop, &token).await);
    happens(&shop, 5).await;
    let messages = format!("{path}/messages");
    let mut seen = Vec::new();
    let mut next = format!("{messages}?limit=2");
    loop {
        let part = get(&shop, &token, &next).await.json();
        seen.extend(part["items"].as_array().unwrap().iter().map(|message| message["id"].clone()));
        let Some(cursor) = part["next"].as_str() else { break };
        next = format!("{messages}?limit=2&cursor={cursor}");
    }
    assert_eq!(seen.len(), 5);
    assert_eq!(seen.iter().map(Value::to_string).collect::<std::collections::HashSet<_>>().len(), 5);
    for wrong in ["limit=0", "limit=101", "cursor=x", "page=2"] {
        assert_eq!(get(&shop, &token, &format!("{messages}?{wrong}")).await.status, 422, "{wrong}");
    }
    let again = format!("{messages}/{}/resend", seen[0].as_str().unwrap());
    let sent = send(&shop, &token, "POST", &again, &Value::Null).await;
    assert_eq!((sent.status.as_u16(), &sent.json()["status"]), (202, &json!("waiting")));
    assert_eq!(send(&shop, &token, "PATCH", &path, &json!({ "on": false })).await.status, 200);
    let refused = send(&shop, &token, "POST", &again, &Value::Null).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["code"]), (409, &json!("webhook.off")));
    let other = at(&made(&shop, &token).await);
    let elsewhere = format!("{other}/messages/{}/resend", seen[0].as_str().unwrap());
    assert_eq!(send(&shop, &token, "POST", &elsewhere, &Value::Null).await.status, 404);
}

#[tokio::test]
async fn no_more_is_asked_of_the_database_for_many_than_for_one() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let path = at(&made(&shop, &token).await);
    happens(&shop, 1).await;
    let counts = async || {
        let mut counts = Vec::new();
        for path in [HOOKS.to_owned(), format!("{path}/messages")] {
            shop.statements.take();
            assert_eq!(get(&shop, &token, &path).await.status, 200);
            counts.push(shop.statements.take().len());
        }
        counts
    };
    let few = counts().await;
    for _ in 1..MOST {
        made(&shop, &token).await;
    }
    happens(&shop, 10).await;
    assert_eq!(counts().await, few);
}

#[tokio::test]
async fn an_admin_who_does_not_look_after_the_settings_has_no_say_in_webhooks() {
    let shop = Shop::open().await;
    let token = admin(&shop).await;
    let path = at(&made(&shop, &token).await);
    happens(&shop, 1).await;
    let messages = format!("{path}/messages");
    let message = get(&shop, &token, &messages).await.json()["items"][0]["id"].as_str().unwrap().to_owned();
    let password = Password::parse(PASSWORD).unwrap();
    let other =
        registration::create_admin(&shop.db, &"ada@example.com".parse().unwrap(), "Ada", &password).await.unwrap();
    let root = user_admin::list(&shop.db, "desk@", true, PageRequest::new(1, 1)).await.unwrap().items.remove(0).user;
    let all_but_settings = Permission::ALL.into_iter().filter(|permission| *permission != Permission::Settings);
    user_admin::set_permissions(&shop.db, root.id, other.id, all_but_settings.collect()).await.unwrap();
    let tokens = post(&shop, "auth/login", &json!({ "email": "ada@example.com", "password": PASSWORD })).await.json();
    let theirs = tokens["access_token"].as_str().unwrap();
    for (method, path, body) in [
        ("GET", HOOKS.to_owned(), Value::Null),
        ("POST", HOOKS.to_owned(), json!({ "address": ADDRESS, "events": ["order.paid"] })),
        ("GET", path.clone(), Value::Null),
        ("PATCH", path.clone(), json!({ "on": false })),
        ("POST", format!("{path}/secret"), Value::Null),
        ("GET", messages.clone(), Value::Null),
        ("POST", format!("{messages}/{message}/resend"), Value::Null),
        ("DELETE", path.clone(), Value::Null),
    ] {
        let answer = send(&shop, theirs, method, &path, &body).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (403, "forbidden"), "{method} {path}");
    }
    assert_eq!(get(&shop, &token, &path).await.header("etag"), "\"v1\"", "nothing was changed");
}
