//! What was sent to an address, and how it went.

use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::permitted::{Permitted, Settings};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::webhooks::{Delivery, DeliveryStatus, deliveries};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A message and how it went.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookMessage)]
pub struct AMessage {
    /// With `msg_` before it, and without hyphens, this is its `webhook-id`.
    id: Uuid,
    /// What it tells.
    #[schema(example = "order.paid")]
    event: String,
    /// As it is sent.
    #[schema(example = r#"{"type":"order.paid","timestamp":"2026-11-20T09:30:00Z","data":{"order":"L-2222-2222"}}"#)]
    body: String,
    /// `waiting` for its next try, `arrived`, or `failed`: it is not tried any more.
    #[schema(value_type = String, example = "arrived")]
    status: DeliveryStatus,
    /// How often it was sent.
    #[schema(example = 1)]
    tries: i32,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    created_at: String,
    /// When it was sent last; missing until it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:30:01Z")]
    tried_at: Option<String>,
    /// When it is sent next; missing where it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:35:00Z")]
    next_at: Option<String>,
    /// The HTTP status of the last answer; missing where there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 200)]
    answer_status: Option<i32>,
    /// The beginning of the last answer, or why there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ok")]
    answer: Option<String>,
    /// How long the last try took.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 87)]
    took_ms: Option<i32>,
}

impl From<Delivery> for AMessage {
    fn from(message: Delivery) -> Self {
        Self {
            id: message.id,
            event: message.event,
            body: message.body,
            status: message.status,
            tries: message.tries,
            created_at: time(message.created_at),
            tried_at: message.tried_at.map(time),
            next_at: message.next_at.map(time),
            answer_status: message.answer_status,
            answer: message.answer,
            took_ms: message.took_ms,
        }
    }
}

/// Which part of the list.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Part {
    /// How many at most, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 100, example = 24)]
    limit: Limit,
    /// Where the list goes on: `next` of the part before.
    #[param(value_type = Option<String>, example = "eyJwYWdlIjoyfQ")]
    cursor: Option<Cursor>,
}

/// What was sent to an address
///
/// The newest first, for 30 days.
#[utoipa::path(
    get,
    path = "/admin/webhooks/{id}/messages",
    operation_id = "webhook_messages",
    tag = "machines",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The webhook.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b"), Part),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<AMessage>),
        Unchanged,
        NotThere,
        TokenProblems,
        QueryProblems,
    )
)]
pub async fn list(
    who: Permitted<Settings>,
    Path(id): Path<Uuid>,
    Query(part): Query<Part>,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let after = part.cursor.map(|cursor| cursor.read()).transpose()?;
    let most = part.limit.0 as usize;
    // One more tells whether the list goes on.
    let mut messages = deliveries::list(&who.db, id, after, most as u64 + 1).await?;
    let goes_on = messages.len() > most;
    messages.truncate(most);
    let next = messages.last().filter(|_| goes_on).map(|last| Cursor::of(&last.place()));
    Ok(Listed::new(messages.into_iter().map(AMessage::from).collect(), next).answer(&uri))
}

/// Send a message again
///
/// Now, whether or not it arrived, and with as many further tries as a new one has. Not while its address is switched off.
#[utoipa::path(
    post,
    path = "/admin/webhooks/{id}/messages/{message}/resend",
    operation_id = "resend_webhook_message",
    tag = "machines",
    security(("access_token" = ["settings"])),
    params(
        ("id" = Uuid, Path, description = "The webhook.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b"),
        ("message" = Uuid, Path, description = "The message.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
    ),
    responses((status = 202, description = "It is on its way.", body = AMessage), NotThere, Clash, TokenProblems)
)]
pub async fn resend(
    who: Permitted<Settings>,
    Path((id, message)): Path<(Uuid, Uuid)>,
) -> Result<(StatusCode, Json<AMessage>), Problem> {
    Ok((StatusCode::ACCEPTED, Json(deliveries::again(&who.db, id, message).await?.into())))
}
