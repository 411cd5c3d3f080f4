//! Refunds that the shop asks for.

use super::answers::{answered, error, invalid, listed, once, parse, sent, stranger};
use super::{Desk, Form, Given, Mood, Shared};
use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::collections::HashMap;

pub async fn refund(State(desk): State<Shared>, headers: HeaderMap, body: String) -> Response {
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

pub async fn refunds(
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
    answered(mood, answer).await
}
