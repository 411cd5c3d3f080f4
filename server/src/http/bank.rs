//! The second step of the simulated bank: its own page, where the buyer confirms a payment.

use super::HttpError;
use super::plain_page::plain_page;
use crate::AppState;
use crate::markup::escape;
use axum::Router;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::ordering::going_on;
use domain::ordering::payment::SimulatedBank;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use identity::AuthSession;
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; \
    frame-ancestors 'none'";

pub fn routes() -> Router<AppState> {
    Router::new().route("/orders/{number}/bank", get(ask).post(hear))
}

#[derive(Deserialize)]
struct Said {
    answer: Answer,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Yes,
    No,
}

fn encoded(number: &str) -> String {
    byte_serialize(number.as_bytes()).collect()
}

/// Asks the buyer; leads back to the order when nothing of it waits here.
async fn ask(
    State(state): State<AppState>,
    session: AuthSession,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let Ok(user) = identity::require_user(&session) else {
        let next = encoded(&format!("/orders/{}/bank", encoded(&number)));
        return Ok(Redirect::to(&format!("/login?next={next}")).into_response());
    };
    let Some(step) = going_on::second_step(&state.db, SimulatedBank::NAME, user.id, &number).await? else {
        return Ok(Redirect::to(&app::paths::order(encoded(&number))).into_response());
    };
    let shop = escape(&state.settings.at_hand().name);
    let (amount, number) = (escape(&step.amount.to_string()), escape(&number));
    let body = format!(
        "<p class=\"mt-3 max-w-prose text-lg text-soft\">{shop} asks for <strong>{amount}</strong>, order {number}. Is it you \
         who pays?</p><p class=\"notice mt-4\">This bank is a simulation, and nothing is charged.</p>\
         <form method=\"post\" class=\"mt-8 flex flex-wrap gap-3\">\
         <button class=\"button\" name=\"answer\" value=\"yes\">Yes, pay {amount}</button>\
         <button class=\"button button-quiet\" name=\"answer\" value=\"no\">No, it is not me</button></form>"
    );
    let mut response = Html(plain_page(&state, "Confirm the payment", "", &body)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Hears the answer, and sends the buyer back to the order, which is what it became by that.
async fn hear(
    State(state): State<AppState>,
    session: AuthSession,
    Path(number): Path<String>,
    form: Result<Form<Said>, FormRejection>,
) -> Result<Redirect, HttpError> {
    let user = identity::require_user(&session)?;
    let order = app::paths::order(encoded(&number));
    let Some(step) = going_on::second_step(&state.db, SimulatedBank::NAME, user.id, &number).await? else {
        return Ok(Redirect::to(&order));
    };
    let Form(said) = form.map_err(|_| domain::Error::invalid("answer", "bank.no-answer"))?;
    if !state.bank.confirm(&step.handle, said.answer == Answer::Yes) {
        tracing::warn!(
            handle = step.handle,
            "the simulated bank knows nothing of a payment: its books went with a stop"
        );
    }
    going_on::look_again(&state.db, &state.payments, user.id, &number).await?;
    Ok(Redirect::to(&order))
}
