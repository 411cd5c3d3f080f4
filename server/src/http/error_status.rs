//! What is refused. Leptos answers every error of a server function with 500; programs, logs and caches go by the status,
//! so it is put right here from the error in the body. And who was refused is noted.

use crate::AppState;
use app::AppError;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::header::CONTENT_LENGTH;
use identity::{AuthSession, actor, note_refusal};
use leptos::server_fn::error::SERVER_FN_ERROR_HEADER;

/// Longest error that is read, in bytes: a sentence, with room to spare.
const LONGEST: usize = 64 * 1024;

/// Gives a refused server function the status that fits its error. A form sent without JavaScript is answered with a
/// redirect, which stays one.
pub async fn status(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let refused = response.status() == StatusCode::INTERNAL_SERVER_ERROR
        && response.headers().contains_key(SERVER_FN_ERROR_HEADER);
    if refused { fitting(response).await } else { response }
}

/// Notes who was refused by a route that is no server function: those note it themselves.
pub async fn noted(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let asked = request.extensions().get::<AuthSession>().and_then(|session| session.user.clone());
    let Some(account) = asked else { return next.run(request).await };
    let (path, actor) = (request.uri().path().to_owned(), actor(request.extensions()));
    let response = next.run(request).await;
    if response.status() == StatusCode::FORBIDDEN {
        note_refusal(&state.db.acting(actor), &state.limits, &account.user, &path, None).await;
    }
    response
}

async fn fitting(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, LONGEST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Ok(error) = serde_json::from_slice::<AppError>(&bytes) {
        parts.status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    }
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(bytes))
}
