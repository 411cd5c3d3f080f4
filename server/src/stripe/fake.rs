//! Stripe for tests, on a free port of this machine: as much of its published API as the shop uses. What is said to it and by it
//! fits Stripe's published types (`tests/published.rs`). It is as strict as Stripe with keys, idempotency and the times of a
//! session, and buyers do there what a test has them do.
#![expect(clippy::result_large_err, reason = "a refusal is an answer of the tests, and made seldom")]

mod back;
mod heard;
mod shapes;

use super::client::VERSION;
use super::signature::sign;
use crate::Config;
use crate::config::PaymentKind;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::{Clock, FixedClock};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

pub use back::Dispute;
pub use heard::Exchange;
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

/// A session.
#[derive(Clone, Debug)]
pub struct Page {
    pub id: String,
    pub form: Form,
    pub status: &'static str,
    pub paid: bool,
    /// How its payment stands, once there is one.
    pub intent: Option<&'static str>,
    pub amount: i64,
    /// Who pays.
    pub customer: Option<String>,
}

/// Money given back.
#[derive(Clone, Debug)]
pub struct Given {
    pub id: String,
    pub intent: String,
    pub amount: i64,
    pub currency: String,
    /// The refund of the shop; none of one that somebody made at Stripe itself.
    pub refund: Option<String>,
    pub status: &'static str,
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
            .route("/v1/checkout/sessions", post(create))
            .route("/v1/checkout/sessions/{id}", get(retrieve))
            .route("/v1/checkout/sessions/{id}/expire", post(expire))
            .route("/v1/refunds", post(refund).get(refunds))
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

impl Page {
    fn currency(&self) -> String {
        self.form["line_items[0][price_data][currency]"].clone()
    }

    /// As Stripe shows it; with its payment if `whole_payment`, or else the name of that.
    fn json(&self, base: &str, whole_payment: bool) -> Value {
        let intent = self.intent.map(|_| if whole_payment { self.payment(true) } else { json!(self.payment_name()) });
        whole(
            "session",
            json!({
                "id": self.id, "status": self.status, "payment_status": if self.paid { "paid" } else { "unpaid" },
                "url": (self.status == "open").then(|| format!("{base}/c/pay/{}#fid", self.id)),
                "amount_subtotal": self.amount, "amount_total": self.amount, "currency": self.currency(),
                "client_reference_id": self.form["client_reference_id"], "payment_intent": intent,
                "customer": self.customer, "expires_at": self.form["expires_at"].parse::<i64>().unwrap(),
                "success_url": self.form["success_url"], "cancel_url": self.form["cancel_url"],
                "metadata": { "order": self.form["metadata[order]"], "attempt": self.form["metadata[attempt]"] },
            }),
        )
    }

    fn payment_name(&self) -> String {
        format!("pi_{}", self.id)
    }

    /// Its payment as Stripe shows it; with its charge if `with_charge`.
    fn payment(&self, with_charge: bool) -> Value {
        let name = self.payment_name();
        let said_no = self.intent == Some("requires_payment_method");
        let error = said_no.then(|| json!({ "type": "card_error", "message": "Your bank said no." }));
        let charge = if with_charge { self.charge(0) } else { json!(format!("ch_{name}")) };
        whole(
            "payment_intent",
            json!({
                "id": name, "status": self.intent, "amount": self.amount, "currency": self.currency(),
                "amount_received": if self.paid { self.amount } else { 0 }, "customer": self.customer,
                "latest_charge": charge, "last_payment_error": error, "metadata": self.payment_metadata(),
            }),
        )
    }

    /// Its charge, of which so much went back.
    fn charge(&self, back: i64) -> Value {
        let name = self.payment_name();
        whole(
            "charge",
            json!({
                "id": format!("ch_{name}"), "amount": self.amount, "amount_captured": self.amount,
                "amount_refunded": back, "refunded": back == self.amount, "currency": self.currency(),
                "payment_intent": name, "customer": self.customer, "metadata": self.payment_metadata(),
            }),
        )
    }

    fn payment_metadata(&self) -> Value {
        let of = |name: &str| self.form[&format!("payment_intent_data[metadata][{name}]")].clone();
        json!({ "order": of("order"), "attempt": of("attempt") })
    }
}

impl Given {
    fn json(&self) -> Value {
        let why = matches!(self.status, "failed" | "canceled").then_some("expired_or_canceled_card");
        let metadata = self.refund.as_ref().map_or_else(|| json!({}), |refund| json!({ "refund": refund }));
        let mut said = json!({
            "id": self.id, "amount": self.amount, "currency": self.currency, "charge": format!("ch_{}", self.intent),
            "payment_intent": self.intent, "status": self.status, "metadata": metadata,
        });
        if let Some(why) = why {
            said["failure_reason"] = json!(why);
        }
        whole("refund", said)
    }
}

/// A list of Stripe's.
fn listed(url: &str, data: Vec<Value>, more: bool) -> Value {
    json!({ "object": "list", "data": data, "has_more": more, "url": url })
}

fn error(status: StatusCode, kind: &str, code: &str, message: &str) -> Response {
    let mut said = json!({ "type": kind, "message": message });
    if !code.is_empty() {
        said["code"] = json!(code);
    }
    (status, Json(json!({ "error": said }))).into_response()
}

fn invalid(message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, "invalid_request_error", "", message)
}

/// Who asks without the shop's key hears nothing else.
fn stranger(headers: &HeaderMap) -> Option<Response> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let known = text("authorization") == format!("Bearer {KEY}") && text("stripe-version") == VERSION;
    (!known).then(|| error(StatusCode::UNAUTHORIZED, "invalid_request_error", "", "Invalid API Key"))
}

/// The answer, as it arrives in this mood.
async fn sent(mood: Mood, answer: Response) -> Response {
    match mood {
        Mood::Well => answer,
        Mood::Lost => {
            let cut = futures::stream::once(async { Err::<Bytes, _>(std::io::Error::other("cut")) });
            Body::from_stream(cut).into_response()
        }
        Mood::Slow(ms) => {
            tokio::time::sleep(Duration::from_millis(ms)).await;
            answer
        }
        Mood::Away => error(StatusCode::SERVICE_UNAVAILABLE, "api_error", "", "Try again."),
    }
}

/// Does something once for a key, or gives the first answer again.
fn once(
    desk: &mut Desk,
    headers: &HeaderMap,
    body: &str,
    act: impl FnOnce(&mut Desk) -> Result<Value, Response>,
) -> Response {
    let key = headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned);
    if let Some((asked, answer)) = key.as_ref().and_then(|key| desk.keys.get(key)) {
        if asked == body {
            return Json(answer.clone()).into_response();
        }
        return error(StatusCode::BAD_REQUEST, "idempotency_error", "", "Keys are for one request.");
    }
    match act(desk) {
        Ok(answer) => {
            if let Some(key) = key {
                desk.keys.insert(key, (body.to_owned(), answer.clone()));
            }
            Json(answer).into_response()
        }
        Err(refusal) => refusal,
    }
}

fn parse(body: &str) -> Form {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}

/// What the lines of a form come to.
fn total(form: &Form) -> Option<i64> {
    let currency = form.get("line_items[0][price_data][currency]")?;
    let mut sum = 0;
    for place in 0.. {
        let line = |name: &str| form.get(&format!("line_items[{place}]{name}"));
        let Some(quantity) = line("[quantity]") else { break };
        let named =
            line("[price_data][product_data][name]").is_some_and(|name| (1..=250).contains(&name.chars().count()));
        let fits = quantity == "1" && named && line("[price_data][currency]") == Some(currency);
        sum += fits.then(|| line("[price_data][unit_amount]")?.parse::<i64>().ok())??;
    }
    (currency.chars().all(|letter| letter.is_ascii_lowercase()) && sum > 0).then_some(sum)
}

async fn create(State(desk): State<Shared>, headers: HeaderMap, body: String) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let (mood, answer) = {
        let mut desk = desk.lock().unwrap();
        let mood = desk.mood;
        if mood == Mood::Away {
            (mood, StatusCode::OK.into_response())
        } else {
            (mood, once(&mut desk, &headers, &body, |desk| begin(desk, parse(&body))))
        }
    };
    sent(mood, answer).await
}

fn begin(desk: &mut Desk, form: Form) -> Result<Value, Response> {
    let is = |name: &str, value: &str| form.get(name).is_some_and(|given| given == value);
    let amount = total(&form).ok_or_else(|| invalid("line_items"))?;
    let ends: i64 = form.get("expires_at").and_then(|at| at.parse().ok()).ok_or_else(|| invalid("expires_at"))?;
    let left_s = desk.clock.as_ref().map_or(3600, |clock| ends - clock.now().0 / 1000);
    let addresses =
        ["success_url", "cancel_url"].iter().all(|name| form.get(*name).is_some_and(|to| to.starts_with(PUBLIC_URL)));
    if !is("mode", "payment") || !addresses || !(30 * 60..=24 * 3600).contains(&left_s) {
        return Err(invalid("expires_at must be between 30 minutes and 24 hours from now"));
    }
    let customer = form.get("customer").cloned();
    if customer.as_ref().is_some_and(|known| !desk.customers.contains(known)) {
        return Err(error(StatusCode::BAD_REQUEST, "invalid_request_error", "resource_missing", "No such customer"));
    }
    if customer.is_some() == is("customer_creation", "always")
        || customer.is_some() && form.contains_key("customer_email")
    {
        return Err(invalid("customer"));
    }
    let id = format!("cs_test_{}", desk.pages.len() + 1);
    let page = Page { id, form, status: "open", paid: false, intent: None, amount, customer };
    let shown = page.json(&desk.base, false);
    desk.pages.push(page);
    Ok(shown)
}

async fn retrieve(
    State(desk): State<Shared>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let (mood, answer) = {
        let desk = desk.lock().unwrap();
        let whole = query.get("expand[]").is_some_and(|what| what == "payment_intent.latest_charge");
        let found =
            desk.pages.iter().find(|page| page.id == id).map(|page| Json(page.json(&desk.base, whole)).into_response());
        let missing = || error(StatusCode::NOT_FOUND, "invalid_request_error", "resource_missing", "No such session");
        (desk.mood, found.unwrap_or_else(missing))
    };
    // What was asked for is done and its answer lost; questions are answered.
    sent(if mood == Mood::Lost { Mood::Well } else { mood }, answer).await
}

async fn expire(State(desk): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let (mood, answer) = {
        let mut desk = desk.lock().unwrap();
        let (mood, base) = (desk.mood, desk.base.clone());
        let open = desk.pages.iter_mut().find(|page| page.id == id && page.status == "open");
        let answer = match open.filter(|_| mood != Mood::Away) {
            Some(page) => {
                page.status = "expired";
                Json(page.json(&base, false)).into_response()
            }
            None => invalid("Only Checkout Sessions with a status in [\"open\"] can be expired."),
        };
        (mood, answer)
    };
    sent(mood, answer).await
}

async fn refund(State(desk): State<Shared>, headers: HeaderMap, body: String) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let (mood, answer) = {
        let mut desk = desk.lock().unwrap();
        let mood = desk.mood;
        let answer = if mood == Mood::Away {
            StatusCode::OK.into_response()
        } else {
            once(&mut desk, &headers, &body, |desk| give(desk, &parse(&body)))
        };
        (mood, answer)
    };
    sent(mood, answer).await
}

fn give(desk: &mut Desk, form: &Form) -> Result<Value, Response> {
    if let Some((code, message)) = desk.refuses {
        return Err(error(StatusCode::BAD_REQUEST, "invalid_request_error", code, message));
    }
    let (intent, amount) = (form["payment_intent"].clone(), form["amount"].parse::<i64>().unwrap());
    let page = desk.pages.iter().find(|page| page.paid && format!("pi_{}", page.id) == intent);
    let page = page.ok_or_else(|| invalid("No such payment_intent"))?;
    let (charged, currency) = (page.amount, page.currency());
    let before = desk.refunds.iter().filter(|given| given.intent == intent && given.status != "failed");
    let left = charged - before.map(|given| given.amount).sum::<i64>();
    let refuse = |code, message| error(StatusCode::BAD_REQUEST, "invalid_request_error", code, message);
    if desk.disputes.iter().any(|dispute| dispute.intent == intent && dispute.status != "won") {
        return Err(refuse("charge_disputed", "This charge has been charged back."));
    }
    if left == 0 {
        return Err(refuse("charge_already_refunded", "Charge has already been refunded."));
    }
    if amount > left {
        return Err(refuse("", "Refund amount is greater than unrefunded amount on charge."));
    }
    let (id, refund) = (format!("re_{}", desk.refunds.len() + 1), Some(form["metadata[refund]"].clone()));
    let given = Given { id, intent, amount, currency, refund, status: desk.refund_status };
    let shown = given.json();
    desk.refunds.push(given);
    Ok(shown)
}

async fn refunds(
    State(desk): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let (mood, answer) = {
        let desk = desk.lock().unwrap();
        // The newest first.
        let of = desk.refunds.iter().rev().filter(|given| given.intent == query["payment_intent"]);
        let mut of: Vec<&Given> = of.collect();
        if let Some(after) = query.get("starting_after") {
            let place = of.iter().position(|given| given.id == *after).unwrap();
            of.drain(..=place);
        }
        let limit = query.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(10);
        let more = of.len() > limit;
        let data: Vec<Value> = of.into_iter().take(limit).map(Given::json).collect();
        (desk.mood, Json(listed("/v1/refunds", data, more)).into_response())
    };
    // What was asked for is done and its answer lost; questions are answered.
    sent(if mood == Mood::Lost { Mood::Well } else { mood }, answer).await
}
