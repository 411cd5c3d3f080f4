//! Sessions: made, looked at and ended.

use super::answers::{answered, error, invalid, once, parse, sent, stranger};
use super::{Desk, Form, Mood, PUBLIC_URL, Page, Shared};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::Clock;
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use std::collections::HashMap;

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

pub async fn create(State(desk): State<Shared>, headers: HeaderMap, body: String) -> Response {
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

pub async fn retrieve(
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
    answered(mood, answer).await
}

pub async fn expire(State(desk): State<Shared>, headers: HeaderMap, Path(id): Path<String>) -> Response {
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
