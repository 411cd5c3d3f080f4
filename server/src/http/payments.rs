//! To the payment provider's own page, and what the provider tells by itself.

#[cfg(test)]
mod tests;

use super::HttpError;
use crate::AppState;
use crate::stripe::{self, NotSigned, SIGNATURE};
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
/// Where it may send them as well: among the addresses for programs.
pub const EVENTS_FOR_PROGRAMS: &str = "/api/v1/webhooks/stripe";
/// Longest event that is read, in bytes; Stripe's have some ten thousand.
pub const LONGEST: usize = 512 * 1024;

/// Whether what comes to an address is signed, instead of sent by somebody who is known.
pub fn takes_events(path: &str) -> bool {
    [EVENTS, EVENTS_FOR_PROGRAMS].contains(&path)
}

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

/// Why an event was not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotHeard {
    #[error("the shop is not paid through Stripe")]
    NoStripe,
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    #[error("This is no event that the shop can read.")]
    Unreadable,
    #[error(transparent)]
    Failed(#[from] domain::Error),
}

/// Takes an event of Stripe's. It is written down before it is answered, and followed by a job: what is not answered with
/// success comes again.
///
/// # Errors
/// When it is not believed, cannot be read, or could not be written down.
pub async fn take(state: &AppState, headers: &HeaderMap, body: &[u8]) -> Result<(), NotHeard> {
    let Some(stripe) = &state.stripe else { return Err(NotHeard::NoStripe) };
    let signature = headers.get(SIGNATURE).and_then(|signature| signature.to_str().ok()).unwrap_or_default();
    if let Err(error) = stripe.believe(signature, body, state.db.now()) {
        tracing::warn!(%error, "an event that says it is from Stripe is not believed");
        return Err(error.into());
    }
    match stripe::read_event(body) {
        Ok(Some(event)) => provider_events::note(&state.db, &event).await.map(|_| ()).map_err(Into::into),
        Ok(None) => Ok(()),
        Err(error) => {
            tracing::error!(%error, "an event of Stripe's cannot be read");
            Err(NotHeard::Unreadable)
        }
    }
}

async fn hear(State(state): State<AppState>, headers: HeaderMap, body: Bytes) -> Response {
    match take(&state, &headers, &body).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(NotHeard::NoStripe) => HttpError::not_found().into_response(),
        Err(NotHeard::Failed(error)) => HttpError::from(error).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, error.to_string()).into_response(),
    }
}
