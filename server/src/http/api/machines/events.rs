//! What others tell by themselves.

use crate::AppState;
use crate::http::api::openapi::{NotThere, OurProblems};
use crate::http::api::params::Path;
use crate::http::api::problem::{Details, Kind, Problem};
use crate::http::payments::{NotHeard, take};
use crate::stripe;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};

impl From<NotHeard> for Problem {
    fn from(refusal: NotHeard) -> Self {
        match refusal {
            NotHeard::NoStripe => Self::not_found(),
            NotHeard::Failed(error) => error.into(),
            NotHeard::NotSigned(_) | NotHeard::Unreadable => Self::new(Kind::Malformed, refusal.to_string()),
        }
    }
}

/// Tell what happened at a payment provider
///
/// For the provider itself, which signs what it tells: `stripe`, in a shop that is paid through it. What is not answered with
/// 204 it tells again. The same is taken at `/webhooks/stripe`.
#[utoipa::path(
    post,
    path = "/webhooks/{provider}",
    operation_id = "hear_provider",
    tag = "machines",
    params(
        ("provider" = String, Path, description = "Who tells.", example = "stripe"),
        ("Stripe-Signature" = String, Header, pattern = "^[!-~]+$",
            description = "Made by Stripe over the body as it comes, with the secret of the endpoint.",
            example = "t=1795165200,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd"),
    ),
    request_body(
        content = Object, content_type = "application/json; charset=utf-8", description = "The event.",
        example = json!({ "id": "evt_1", "type": "checkout.session.completed", "data": { "object": { "id": "cs_1" } } }),
    ),
    responses(
        (status = 204, description = "It is written down, or nothing to the shop."),
        (status = 400, description = "It is not signed by the provider, or no event.", body = Details,
            content_type = "application/problem+json"),
        (status = 403, description = "A browser sent it for another site.", body = Details,
            content_type = "application/problem+json"),
        (status = 413, description = "No event is so large.", body = Details, content_type = "application/problem+json"),
        NotThere, OurProblems,
    )
)]
pub async fn hear(
    State(state): State<AppState>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<StatusCode, Problem> {
    if provider != stripe::NAME {
        return Err(Problem::not_found());
    }
    let body = body.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(Kind::TooLarge, "No event is so large."),
        _ => Problem::new(Kind::Malformed, "The body ended before it was complete."),
    })?;
    take(&state, &headers, &body).await?;
    Ok(StatusCode::NO_CONTENT)
}
