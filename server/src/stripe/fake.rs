//! Stripe for tests, on a free port of this machine: as much of its published API as the shop uses. What is said to it and by it
//! fits Stripe's published types (`tests/published.rs`). It is as strict as Stripe with keys, idempotency and the times of a
//! session, and buyers do there what a test has them do.
#![expect(clippy::result_large_err, reason = "a refusal is an answer of the tests, and made seldom")]

mod answers;
mod back;
mod heard;
mod objects;
mod refunds;
mod sessions;
mod shapes;

use super::client::VERSION;
use super::signature::sign;
use crate::Config;
use crate::config::PaymentKind;
use axum::Router;
use axum::routing::{get, post};
use domain::FixedClock;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use back::Dispute;
pub use heard::Exchange;
pub use objects::{Given, Page};
use shapes::whole;

const KEY: &str = "sk_test_of_the_shop";
pub const SECRET: &str = "whsec_of_the_endpoint";
pub const PUBLIC_URL: &str = "http://shop.example";

type Form = BTreeMap<String, String>;

/// How Stripe answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// It does as it is asked, and the answer is lost.
    Lost,
    /// It answers after so many milliseconds.
    Slow(u64),
    /// It does nothing.
    Away,
}

pub struct Desk {
    base: String,
    clock: Option<Arc<FixedClock>>,
    pub pages: Vec<Page>,
    /// Those who have paid.
    pub customers: Vec<String>,
    /// Answers by idempotency key, with what was asked.
    keys: HashMap<String, (String, Value)>,
    pub refunds: Vec<Given>,
    pub disputes: Vec<Dispute>,
    pub mood: Mood,
    /// The error that refunds are answered with.
    pub refuses: Option<(&'static str, &'static str)>,
    /// How a refund stands that is asked for now.
    pub refund_status: &'static str,
    events: usize,
    /// What was asked and answered, once a test wants to know.
    pub exchanges: Option<Vec<Exchange>>,
}

type Shared = Arc<Mutex<Desk>>;

pub struct Fake {
    desk: Shared,
    server: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Fake {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let desk = Arc::new(Mutex::new(Desk {
            base: format!("http://{}", listener.local_addr().unwrap()),
            clock: None,
            pages: Vec::new(),
            customers: Vec::new(),
            keys: HashMap::new(),
            refunds: Vec::new(),
            disputes: Vec::new(),
            mood: Mood::Well,
            refuses: None,
            refund_status: "succeeded",
            events: 0,
            exchanges: None,
        }));
        let router = Router::new()
            .route("/v1/checkout/sessions", post(sessions::create))
            .route("/v1/checkout/sessions/{id}", get(sessions::retrieve))
            .route("/v1/checkout/sessions/{id}/expire", post(sessions::expire))
            .route("/v1/refunds", post(refunds::refund).get(refunds::refunds))
            .route("/v1/payment_intents/{id}", get(back::intent))
            .route("/v1/disputes", get(back::disputes))
            .layer(axum::middleware::from_fn_with_state(desk.clone(), heard::hear))
            .with_state(desk.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { desk, server }
    }

    /// Tells a shop about it.
    pub fn configure(&self, config: &mut Config) {
        config.public_url = PUBLIC_URL.to_owned();
        config.payments.provider = PaymentKind::Stripe;
        config.stripe.secret_key = KEY.to_owned();
        config.stripe.webhook_secrets = SECRET.to_owned();
        config.stripe.api = self.desk().base.clone();
        config.stripe.pages = self.desk().base.clone();
    }

    /// Its time is the shop's.
    pub fn live_by(&self, clock: &Arc<FixedClock>) {
        self.desk().clock = Some(clock.clone());
    }

    pub fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap()
    }

    /// The newest session.
    pub fn last(&self) -> Page {
        self.desk().pages.last().unwrap().clone()
    }

    /// A buyer, or their bank, does something with a session.
    pub fn change(&self, id: &str, change: impl FnOnce(&mut Page)) {
        change(self.desk().pages.iter_mut().find(|page| page.id == id).unwrap());
    }

    /// A buyer pays by card.
    pub fn pay(&self, id: &str) {
        let new = format!("cus_{}", self.desk().customers.len() + 1);
        self.change(id, |page| {
            (page.status, page.paid, page.intent) = ("complete", true, Some("succeeded"));
            page.customer.get_or_insert(new.clone());
        });
        let paid = self.desk().pages.iter().any(|page| page.customer.as_ref() == Some(&new));
        if paid {
            self.desk().customers.push(new);
        }
    }

    /// What is charged and not given back, in Stripe's units.
    pub fn kept(&self) -> i64 {
        let desk = self.desk();
        let paid: i64 = desk.pages.iter().filter(|page| page.paid).map(|page| page.amount).sum();
        let alive = |given: &&Given| !matches!(given.status, "failed" | "canceled");
        let lost = desk.disputes.iter().filter(|dispute| dispute.status == "lost").map(|dispute| dispute.amount);
        paid - desk.refunds.iter().filter(alive).map(|given| given.amount).sum::<i64>() - lost.sum::<i64>()
    }

    /// An event about a session, as it is sent.
    pub fn event(&self, kind: &str, id: &str) -> Vec<u8> {
        let mut desk = self.desk();
        let object = desk.pages.iter().find(|page| page.id == id).unwrap().json(&desk.base, false);
        desk.event(kind, object)
    }

    /// An event about the newest refund.
    pub fn refund_event(&self, kind: &str) -> Vec<u8> {
        let mut desk = self.desk();
        let object = desk.refunds.last().unwrap().json();
        desk.event(kind, object)
    }

    /// The header that signs an event at a time.
    pub fn signature(&self, event: &[u8], at: domain::Timestamp) -> String {
        sign(SECRET, event, at)
    }
}

impl Desk {
    fn event(&mut self, kind: &str, object: Value) -> Vec<u8> {
        self.events += 1;
        let id = format!("evt_{}", self.events);
        let event =
            whole("event", json!({ "id": id, "api_version": VERSION, "type": kind, "data": { "object": object } }));
        serde_json::to_vec_pretty(&event).unwrap()
    }
}
