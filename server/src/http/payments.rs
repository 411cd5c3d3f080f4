//! To the payment provider's own page, and what the provider tells by itself.

#[cfg(test)]
mod tests;

use super::HttpError;
use crate::AppState;
use crate::stripe::{self, SIGNATURE};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use domain::ordering::{going_on, provider_events};
use http::{HeaderMap, StatusCode};
use identity::AuthSession;
use url::form_urlencoded::byte_serialize;

/// Where Stripe sends its events.
pub const EVENTS: &str = "/webhooks/stripe";
/// Longest event that is read, in bytes; Stripe's have some ten thousand.
const LONGEST: usize = 512 * 1024;

/// What knows who is asking.
pub fn routes() -> Router<AppState> {
    Router::new().route("/orders/{number}/pay", get(pay))
}

/// What is signed instead.
pub fn events() -> Router<AppState> {
    Router::new().route(EVENTS, post(hear)).layer(DefaultBodyLimit::max(LONGEST))
}

/// Sends a buyer to where they go on paying, or to the order when there is nothing to pay.
async fn pay(
    State(state): State<AppState>,
    session: AuthSession,
    Path(number): Path<String>,
) -> Result<Redirect, HttpError> {
    let path = app::paths::order(byte_serialize(number.as_bytes()).collect::<String>());
    let Ok(user) = identity::require_user(&session) else {
        let next: String = byte_serialize(path.as_bytes()).collect();
        return Ok(Redirect::to(&format!("/login?next={next}")));
    };
    let address = going_on::address(&state.db, user.id, &number).await?;
    Ok(Redirect::to(&address.unwrap_or(path)))
}

/// Takes an event of Stripe's. It is written down before it is answered, and followed by a job: what is not answered with
/// 200 comes again.
async fn hear(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(stripe) = &state.stripe else { return HttpError::not_found().into_response() };
    let signature = headers.get(SIGNATURE).and_then(|signature| signature.to_str().ok()).unwrap_or_default();
    if let Err(error) = stripe.believe(signature, &body, state.db.now()) {
        tracing::warn!(%error, "an event that says it is from Stripe is not believed");
        return (StatusCode::BAD_REQUEST, error.to_string()).into_response();
    }
    let event = match stripe::read_event(&body) {
        Ok(Some(event)) => event,
        Ok(None) => return StatusCode::OK.into_response(),
        Err(error) => {
            tracing::error!(%error, "an event of Stripe's cannot be read");
            return (StatusCode::BAD_REQUEST, "This is no event that the shop can read.").into_response();
        }
    };
    match provider_events::note(&state.db, &event).await {
        Ok(_) => StatusCode::OK.into_response(),
        Err(error) => HttpError::from(error).into_response(),
    }
}
