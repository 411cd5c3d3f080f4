//! How the stand-in answers, whatever it is asked.

use super::{Desk, Form, KEY, Mood};
use crate::stripe::client::VERSION;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::time::Duration;

/// A list of Stripe's.
pub fn listed(url: &str, data: Vec<Value>, more: bool) -> Value {
    json!({ "object": "list", "data": data, "has_more": more, "url": url })
}

pub fn error(status: StatusCode, kind: &str, code: &str, message: &str) -> Response {
    let mut said = json!({ "type": kind, "message": message });
    if !code.is_empty() {
        said["code"] = json!(code);
    }
    (status, Json(json!({ "error": said }))).into_response()
}

pub fn invalid(message: &str) -> Response {
    error(StatusCode::BAD_REQUEST, "invalid_request_error", "", message)
}

/// Who asks without the shop's key hears nothing else.
pub fn stranger(headers: &HeaderMap) -> Option<Response> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let known = text("authorization") == format!("Bearer {KEY}") && text("stripe-version") == VERSION;
    (!known).then(|| error(StatusCode::UNAUTHORIZED, "invalid_request_error", "", "Invalid API Key"))
}

/// The answer, as it arrives in this mood.
pub async fn sent(mood: Mood, answer: Response) -> Response {
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

/// The answer to a question: it comes also where what was asked to be done is lost.
pub async fn answered(mood: Mood, answer: Response) -> Response {
    sent(if mood == Mood::Lost { Mood::Well } else { mood }, answer).await
}

/// Does something once for a key, or gives the first answer again.
pub fn once(
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

pub fn parse(body: &str) -> Form {
    url::form_urlencoded::parse(body.as_bytes()).into_owned().collect()
}
