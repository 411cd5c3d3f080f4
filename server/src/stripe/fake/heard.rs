//! What is asked of the stand-in and answered, for a test that looks at the words.

use super::Shared;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::Value;

/// A question and its answer.
#[derive(Clone, Debug)]
pub struct Exchange {
    pub method: String,
    pub path: String,
    /// The query, or the body.
    pub form: String,
    pub status: u16,
    pub answer: Value,
}

/// Keeps what is said, once a test has asked for it.
pub async fn hear(State(desk): State<Shared>, request: Request, next: Next) -> Response {
    if desk.lock().unwrap().exchanges.is_none() {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let (method, path) = (parts.method.to_string(), parts.uri.path().to_owned());
    let query = parts.uri.query().unwrap_or_default();
    let form = if query.is_empty() { String::from_utf8(body.to_vec()).unwrap() } else { query.to_owned() };
    let (head, answer) = next.run(Request::from_parts(parts, Body::from(body))).await.into_parts();
    // One that is lost on the way is not heard here either.
    let Ok(bytes) = to_bytes(answer, usize::MAX).await else { return StatusCode::BAD_GATEWAY.into_response() };
    let (status, answer) = (head.status.as_u16(), serde_json::from_slice(&bytes).unwrap_or_default());
    if let Some(exchanges) = &mut desk.lock().unwrap().exchanges {
        exchanges.push(Exchange { method, path, form, status, answer });
    }
    Response::from_parts(head, Body::from(bytes))
}
