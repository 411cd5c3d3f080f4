//! What goes back at Stripe without the shop: its owner gives money back on Stripe's pages, and banks take it.

use super::answers::{answered, error, listed, stranger};
use super::shapes::whole;
use super::{Desk, Fake, Given, Shared};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::collections::HashMap;

/// A buyer's bank that wants money back.
#[derive(Clone, Debug)]
pub struct Dispute {
    pub id: String,
    pub intent: String,
    pub amount: i64,
    pub currency: String,
    pub status: &'static str,
}

impl Dispute {
    fn json(&self) -> Value {
        whole(
            "dispute",
            json!({
                "id": self.id, "amount": self.amount, "currency": self.currency, "status": self.status,
                "charge": format!("ch_{}", self.intent), "payment_intent": self.intent,
            }),
        )
    }
}

impl Fake {
    /// The owner of the shop gives some of a session's money back on Stripe's pages.
    pub fn give_back(&self, page: &str, amount: i64) {
        let mut desk = self.desk();
        let currency = desk.pages.iter().find(|known| known.id == page && known.paid).unwrap().currency();
        let (id, intent) = (format!("re_{}", desk.refunds.len() + 1), format!("pi_{page}"));
        desk.refunds.push(Given { id, intent, amount, currency, refund: None, status: "succeeded" });
    }

    /// A buyer's bank wants some of a session's money back.
    pub fn dispute(&self, page: &str, amount: i64) {
        let mut desk = self.desk();
        let currency = desk.pages.iter().find(|known| known.id == page && known.paid).unwrap().currency();
        let (id, intent) = (format!("du_{}", desk.disputes.len() + 1), format!("pi_{page}"));
        desk.disputes.push(Dispute { id, intent, amount, currency, status: "needs_response" });
    }

    /// The bank has decided about a session.
    pub fn decide(&self, page: &str, status: &'static str) {
        let (mut desk, intent) = (self.desk(), format!("pi_{page}"));
        desk.disputes.iter_mut().find(|dispute| dispute.intent == intent).unwrap().status = status;
    }

    /// An event about the charge of a session.
    pub fn charge_event(&self, kind: &str, page: &str) -> Vec<u8> {
        let mut desk = self.desk();
        let intent = format!("pi_{page}");
        let page = desk.pages.iter().find(|known| known.id == page).unwrap();
        let back: i64 = desk.refunds.iter().filter(|given| given.intent == intent).map(|given| given.amount).sum();
        let object = page.charge(back);
        desk.event(kind, object)
    }

    /// An event about the dispute of a session.
    pub fn dispute_event(&self, kind: &str, page: &str) -> Vec<u8> {
        let (mut desk, intent) = (self.desk(), format!("pi_{page}"));
        let object = desk.disputes.iter().find(|dispute| dispute.intent == intent).unwrap().json();
        desk.event(kind, object)
    }
}

pub async fn intent(State(desk): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let (mood, answer) = {
        let desk = desk.lock().unwrap();
        let page = desk.pages.iter().find(|page| page.intent.is_some() && format!("pi_{}", page.id) == id);
        let shown = page.map(|page| Json(page.payment(false)));
        let missing = || error(StatusCode::NOT_FOUND, "invalid_request_error", "resource_missing", "No such intent");
        (desk.mood, shown.map_or_else(missing, IntoResponse::into_response))
    };
    answered(mood, answer).await
}

pub async fn disputes(
    State(desk): State<Shared>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    if let Some(refused) = stranger(&headers) {
        return refused;
    }
    let (mood, list) = {
        let desk: &Desk = &desk.lock().unwrap();
        let of = desk.disputes.iter().filter(|dispute| dispute.intent == query["payment_intent"]).map(Dispute::json);
        (desk.mood, listed("/v1/disputes", of.collect(), false))
    };
    answered(mood, Json(list).into_response()).await
}
