//! Messages as a program elsewhere receives them.

use super::send;
use crate::config;
use crate::http::testing::Shop;
use crate::jobs::Registry;
use crate::telemetry::collector::{Collector, SpanKind, named};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::job_kinds;
use domain::jobs::{self, Job, Queue};
use domain::webhooks::address::Reach;
use domain::webhooks::keep;
use domain::webhooks::sending::SendWebhook;
use domain::webhooks::{Delivery, DeliveryStatus, EventKind, OffWhy, Webhook, WebhookForm, deliveries, happened};
use http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use uuid::Uuid;

type Heard = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A program that hears messages and answers them as it is told to.
struct Elsewhere {
    address: String,
    heard: Heard,
    answers: Arc<Mutex<StatusCode>>,
}

impl Elsewhere {
    async fn open() -> Self {
        let (heard, answers) = (Heard::default(), Arc::new(Mutex::new(StatusCode::OK)));
        let hear = async |State((heard, answers)): State<(Heard, Arc<Mutex<StatusCode>>)>,
                          headers: HeaderMap,
                          body: String| {
            heard.lock().unwrap().push((headers, body));
            let status = *answers.lock().unwrap();
            let answer: Response = if status.is_redirection() {
                Redirect::temporary("/elsewhere").into_response()
            } else {
                (status, "heard ".repeat(1000)).into_response()
            };
            answer
        };
        let router = Router::new().route("/hooks", post(hear)).route("/elsewhere", post(hear));
        let router = router.with_state((heard.clone(), answers.clone()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/hooks", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, heard, answers }
    }

    fn answers(&self, status: u16) {
        *self.answers.lock().unwrap() = StatusCode::from_u16(status).unwrap();
    }

    fn heard(&self) -> Vec<(HeaderMap, String)> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }
}

/// HMAC-SHA256 by its definition (RFC 2104), by other code than the shop's.
fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0u8; 64];
    block[..key.len()].copy_from_slice(key);
    let hash = |pad: u8, text: &[u8]| {
        let mut hasher = Sha256::new();
        hasher.update(block.map(|byte| byte ^ pad));
        hasher.update(text);
        hasher.finalize().to_vec()
    };
    hash(0x5c, &hash(0x36, text))
}

/// Whether a program that keeps this secret believes a message.
fn believes(secret: &str, headers: &HeaderMap, body: &str) -> bool {
    let key = BASE64_STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let text = |name: &str| headers[name].to_str().unwrap().to_owned();
    let signed = format!("{}.{}.{body}", text("webhook-id"), text("webhook-timestamp"));
    let expected = format!("v1,{}", BASE64_STANDARD.encode(hmac(&key, signed.as_bytes())));
    text("webhook-signature").split(' ').any(|signature| signature == expected)
}

async fn open() -> (Shop, Elsewhere, Webhook, String) {
    let shop = Shop::open_whole(|config| {
        config.limits = config::Limits::off();
        config.webhooks.loopback = true;
    })
    .await;
    let elsewhere = Elsewhere::open().await;
    let form = WebhookForm { address: elsewhere.address.clone(), events: vec![EventKind::TitlePublished] };
    let reach = Reach { loopback: true };
    let (webhook, secret) = keep::add(&shop.db, shop.state.vault.as_ref(), reach, &form).await.unwrap();
    (shop, elsewhere, webhook, secret.expose().to_owned())
}

async fn publish(shop: &Shop, slug: &str) {
    let (id, slug) = (Uuid::now_v7(), slug.to_owned());
    shop.db.transaction(async |tx| happened::title_published(&tx, id, &slug, "The Bell").await).await.unwrap();
}

/// Does what is to be sent at this moment; says how many tries there were.
async fn work(shop: &Shop) -> usize {
    let handlers = Registry::over(&shop.state).job(send).handlers;
    let kinds = job_kinds::all().only(&[SendWebhook::KIND]);
    let claims = jobs::claim(&shop.db, &kinds, Queue::Webhooks, "post", 60_000, 50).await.unwrap();
    let tries = claims.len();
    for claim in claims {
        handlers[claim.kind.as_str()](claim.clone()).await.unwrap();
        jobs::complete_all(&shop.db, &[claim]).await.unwrap();
    }
    tries
}

async fn messages(shop: &Shop, webhook: &Webhook) -> Vec<Delivery> {
    deliveries::list(&shop.db, webhook.id, None, 100).await.unwrap()
}

#[tokio::test]
async fn a_program_hears_what_happened_and_believes_it_by_its_signature() {
    let (shop, elsewhere, webhook, secret) = open().await;
    publish(&shop, "the-bell").await;
    assert_eq!(work(&shop).await, 1);
    let (headers, body) = elsewhere.heard().pop().unwrap();
    assert!(believes(&secret, &headers, &body) && !believes(&secret, &headers, &body.replace("bell", "owl")));
    let said: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!((&said["type"], &said["data"]["slug"]), (&"title.published".into(), &"the-bell".into()));
    assert_eq!(headers["content-type"], "application/json");
    let message = messages(&shop, &webhook).await.pop().unwrap();
    assert_eq!((message.status, message.tries, message.answer_status), (DeliveryStatus::Arrived, 1, Some(200)));
    assert_eq!(message.answer.unwrap().len(), 1000, "no more is kept of an answer than makes sense");
    assert_eq!(headers["webhook-id"].to_str().unwrap(), format!("msg_{}", message.id.simple()));
    assert_eq!(work(&shop).await, 0);
}

#[tokio::test]
async fn for_a_day_both_secrets_sign() {
    let (shop, elsewhere, webhook, old) = open().await;
    let (_, new) = keep::rotate(&shop.db, shop.state.vault.as_ref(), webhook.id).await.unwrap();
    let new = new.expose().to_owned();
    for (hours, by_old) in [(23, true), (2, false)] {
        shop.clock.advance(hours * 60 * 60 * 1000);
        publish(&shop, "the-bell").await;
        work(&shop).await;
        let (headers, body) = elsewhere.heard().pop().unwrap();
        assert_eq!((believes(&new, &headers, &body), believes(&old, &headers, &body)), (true, by_old));
    }
}

#[tokio::test]
async fn a_message_that_does_not_arrive_is_sent_again_with_the_same_name_for_three_days() {
    let (shop, elsewhere, webhook, _) = open().await;
    elsewhere.answers(500);
    publish(&shop, "the-bell").await;
    let (mut tries, mut names) = (0, std::collections::HashSet::new());
    // Nobody waits longer than a day for the next try.
    for _ in 0..20 {
        tries += work(&shop).await;
        names.extend(elsewhere.heard().iter().map(|(headers, _)| headers["webhook-id"].clone()));
        shop.clock.advance(24 * 60 * 60 * 1000 / 4);
    }
    let message = messages(&shop, &webhook).await.pop().unwrap();
    assert_eq!((message.answer_status, names.len()), (Some(500), 1));
    assert!(tries >= 8 && message.tries == i32::try_from(tries).unwrap(), "{tries} {message:?}");
    elsewhere.answers(204);
    deliveries::again(&shop.db, webhook.id, message.id).await.unwrap();
    assert_eq!(work(&shop).await, 1);
    assert_eq!(messages(&shop, &webhook).await.pop().unwrap().status, DeliveryStatus::Arrived);
    assert_eq!(keep::get(&shop.db, webhook.id).await.unwrap().failing_since, None);
}

#[tokio::test]
async fn an_address_that_is_gone_or_away_for_days_is_told_nothing_more() {
    let (shop, elsewhere, webhook, _) = open().await;
    elsewhere.answers(410);
    publish(&shop, "the-bell").await;
    work(&shop).await;
    let off = async || keep::get(&shop.db, webhook.id).await.unwrap().off.map(|(_, why)| why);
    assert_eq!(off().await, Some(OffWhy::Gone));
    assert_eq!(messages(&shop, &webhook).await.pop().unwrap().status, DeliveryStatus::Failed);
    publish(&shop, "the-owl").await;
    assert_eq!(messages(&shop, &webhook).await.len(), 1);
    keep::switch(&shop.db, webhook.id, true).await.unwrap();
    elsewhere.answers(503);
    for _ in 0..7 {
        publish(&shop, "the-owl").await;
        work(&shop).await;
        shop.clock.advance(24 * 60 * 60 * 1000);
    }
    assert_eq!(off().await, Some(OffWhy::Failing));
}

#[tokio::test]
async fn a_message_whose_time_comes_while_its_address_is_off_is_given_up_and_others_go_on() {
    let (shop, elsewhere, webhook, _) = open().await;
    elsewhere.answers(500);
    publish(&shop, "the-bell").await;
    work(&shop).await;
    elsewhere.answers(200);
    // On again before the next try: it goes on.
    keep::switch(&shop.db, webhook.id, false).await.unwrap();
    keep::switch(&shop.db, webhook.id, true).await.unwrap();
    shop.clock.advance(10_000);
    assert_eq!(work(&shop).await, 1);
    assert_eq!(messages(&shop, &webhook).await[0].status, DeliveryStatus::Arrived);

    publish(&shop, "the-owl").await;
    keep::switch(&shop.db, webhook.id, false).await.unwrap();
    elsewhere.heard();
    work(&shop).await;
    keep::switch(&shop.db, webhook.id, true).await.unwrap();
    shop.clock.advance(24 * 60 * 60 * 1000);
    work(&shop).await;
    assert_eq!(elsewhere.heard().len(), 0);
    let owl = messages(&shop, &webhook).await.remove(0);
    assert_eq!((owl.status, owl.tries, owl.next_at), (DeliveryStatus::Failed, 0, None));
    assert!(owl.answer.unwrap().contains("switched off"));
    // Somebody who wants it sent all the same has it sent.
    deliveries::again(&shop.db, webhook.id, owl.id).await.unwrap();
    work(&shop).await;
    assert_eq!(elsewhere.heard().len(), 1);
}

#[tokio::test]
async fn nothing_is_sent_on_to_where_an_answer_leads_and_nothing_into_private_networks() {
    let (shop, elsewhere, webhook, _) = open().await;
    elsewhere.answers(307);
    publish(&shop, "the-bell").await;
    work(&shop).await;
    assert_eq!(elsewhere.heard().len(), 1, "a redirect is followed");
    let message = messages(&shop, &webhook).await.pop().unwrap();
    assert_eq!((message.status, message.answer_status), (DeliveryStatus::Waiting, Some(307)));
    let form = WebhookForm { address: "https://10.1.2.3/hooks".to_owned(), events: vec![EventKind::TitlePublished] };
    keep::change(&shop.db, Reach::default(), webhook.id, &form).await.unwrap();
    deliveries::again(&shop.db, webhook.id, message.id).await.unwrap();
    work(&shop).await;
    let message = messages(&shop, &webhook).await.pop().unwrap();
    assert!(message.answer_status.is_none() && message.answer.unwrap().contains("private network"));
}

#[tokio::test]
async fn a_message_says_to_which_trace_of_the_shop_it_belongs_if_the_shop_keeps_any() {
    let (shop, elsewhere, _, _) = open().await;
    publish(&shop, "the-bell").await;
    work(&shop).await;
    assert!(!elsewhere.heard()[0].0.contains_key("traceparent"));
    let collector = Collector::open().await;
    let traced = collector.begin();
    publish(&shop, "the-owl").await;
    work(&shop).await;
    let (headers, _) = elsewhere.heard().remove(0);
    let spans = collector.spans_with(&traced, &["webhook"]).await;
    let sending = named(&spans, "webhook");
    assert_eq!(headers["traceparent"].to_str().unwrap(), format!("00-{}-{}-01", sending.trace, sending.id));
    assert!(sending.kind == SpanKind::Client && !headers.contains_key("tracestate"), "{sending:?}");
}
