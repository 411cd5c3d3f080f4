//! Requests that are done once, however often they come: the header `Idempotency-Key`
//! (draft-ietf-httpapi-idempotency-key-header).

use super::orders::Order;
use crate::http::api::problem::{Kind, MEDIA_TYPE, Problem};
use axum::response::{IntoResponse, Response};
use domain::Db;
use domain::ordering::answers::{self, Answer, Begun, Turn};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use http::{HeaderMap, StatusCode};
use serde::Serialize;
use tracing::Instrument;
use uuid::Uuid;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Longest key, in characters.
const LONGEST: usize = 255;

/// The key that a request is named by.
///
/// # Errors
/// 400 without one, or with several.
pub fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut sent = headers.get_all(IDEMPOTENCY_KEY).iter();
    let only = match (sent.next(), sent.next()) {
        (Some(key), None) => key.to_str().ok(),
        _ => None,
    };
    // By the draft a string in quotes; many programs send it bare.
    let bare = |key: &str| {
        let key = key.trim();
        let inside = key.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inside.unwrap_or(key).to_owned()
    };
    let fits = |key: &String| (1..=LONGEST).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    only.map(bare).filter(fits).ok_or_else(|| {
        Problem::new(
            Kind::IdempotencyKeyMissing,
            "Name the request by a new UUID in the header Idempotency-Key, and send the same one whenever you try again.",
        )
    })
}

/// The answer to a purchase, which `buy` makes under the name that it is given: done once for each key of a person, and
/// answered alike for a day. `what` and `wish` are what is asked for.
///
/// # Errors
/// 409 while it is being answered, 422 when the key named something else, and whatever refuses the purchase.
pub async fn answered<F>(
    db: &Db,
    user_id: Uuid,
    key: &str,
    (what, wish): (&str, &impl Serialize),
    buy: impl FnOnce(String) -> F,
) -> Result<Response, Problem>
where
    F: Future<Output = Result<Order, Problem>> + Send + 'static,
{
    let request = format!("{what}\n{}", serde_json::to_string(wish).map_err(Problem::internal)?);
    let turn = match answers::begin(db, user_id, key, &request).await? {
        Begun::New(turn) => turn,
        Begun::Known(answer) => return given(&answer),
        Begun::Busy => {
            return Err(Problem::new(Kind::IdempotencyKeyBusy, "The answer is not there yet: ask again in a moment."));
        }
        Begun::Reused => {
            return Err(Problem::new(
                Kind::IdempotencyKeyReused,
                "This key named another request in the last 24 hours. Name each by a key of its own.",
            ));
        }
    };
    let buying = buy(turn.purchase.clone());
    let (db, span) = (db.clone(), tracing::Span::current());
    // On its own, so that a program that goes away gets its answer when it asks again.
    let done = tokio::spawn(async move { first(&db, &turn, buying.await).await }.instrument(span));
    given(&done.await.map_err(Problem::internal)??)
}

/// Keeps the first answer, unless what it says passes: then the same may be tried again.
async fn first(db: &Db, turn: &Turn, outcome: Result<Order, Problem>) -> Result<Answer, Problem> {
    let (status, body) = match &outcome {
        Ok(order) => (StatusCode::CREATED, serde_json::to_string(order)),
        Err(problem) => {
            let (status, details) = problem.written();
            (status, serde_json::to_string(&details))
        }
    };
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        answers::release(db, turn).await?;
        return Err(outcome.err().unwrap_or_else(Problem::not_found));
    }
    let answer = Answer { status: i32::from(status.as_u16()), body: body.map_err(Problem::internal)? };
    answers::keep(db, turn, &answer).await?;
    Ok(answer)
}

/// An answer, given for the first time or again.
fn given(answer: &Answer) -> Result<Response, Problem> {
    let status = u16::try_from(answer.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let status = status.ok_or_else(|| Problem::internal("the status of a kept answer is none"))?;
    let media_type = if status.is_success() { "application/json" } else { MEDIA_TYPE };
    let mut response = (status, answer.body.clone()).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    if status == StatusCode::CREATED {
        let order: serde_json::Value = serde_json::from_str(&answer.body).map_err(Problem::internal)?;
        let number = order["number"].as_str().unwrap_or_default();
        let location = HeaderValue::try_from(format!("/api/v1/orders/{number}")).map_err(Problem::internal)?;
        headers.insert(LOCATION, location);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_may_stand_in_quotes_and_has_to_be_one() {
        let read = |keys: &[&str]| {
            key(&keys.iter().map(|key| (IDEMPOTENCY_KEY, HeaderValue::from_str(key).unwrap())).collect()).ok()
        };
        assert_eq!(read(&["abc-1"]), read(&["\"abc-1\""]));
        assert_eq!(read(&["abc-1"]).unwrap(), "abc-1");
        for none in [&[][..], &[""], &["\"\""], &["a b"], &["a", "b"], &[&*"a".repeat(256)]] {
            assert_eq!(read(none), None, "{none:?}");
        }
    }
}
