//! Addresses that are told what happens in the shop.

pub(super) mod messages;

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::conditional::{IfMatch, version_tag};
use crate::http::api::listed::Listed;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, Outdated, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Settings};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use crate::webhooks::reach;
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use domain::webhooks::{EventKind, OffWhy, Webhook, WebhookForm, keep};
use http::StatusCode;
use http::header::ETAG;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use uuid::Uuid;

/// An address that is told what happens in the shop.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct AWebhook {
    id: Uuid,
    #[schema(example = "https://app.example/hooks")]
    address: String,
    #[schema(schema_with = events)]
    events: Vec<EventKind>,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    created_at: String,
    /// Since when no message arrives; missing while they do. After five days the address is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-21T10:00:00Z")]
    failing_since: Option<String>,
    /// Whether it is told what happens.
    #[schema(example = true)]
    on: bool,
    /// Why it is told nothing: `switched` by an admin, `gone` as it answered 410, `failing` for days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = String, example = "gone")]
    off_why: Option<OffWhy>,
    /// Until when the secret of before signs as well; missing where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-22T10:00:00Z")]
    old_secret_until: Option<String>,
}

/// The names of what a program can be told.
fn events() -> ArrayBuilder {
    let names = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(EventKind::ALL.map(EventKind::name)));
    let example = serde_json::json!(["order.paid", "order.refunded"]);
    ArrayBuilder::new().items(names).description(Some("What it is told.")).examples([example])
}

impl From<Webhook> for AWebhook {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            address: webhook.address,
            events: webhook.events,
            created_at: time(webhook.created_at),
            failing_since: webhook.failing_since.map(time),
            on: webhook.off.is_none(),
            off_why: webhook.off.map(|(_, why)| why),
            old_secret_until: webhook.old_secret_until.map(time),
        }
    }
}

/// An address with its version as a tag.
fn tagged(webhook: Webhook) -> Response {
    let tag = version_tag(webhook.version);
    ([(ETAG, tag)], Json(AWebhook::from(webhook))).into_response()
}

/// An address to be told what happens.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// It has to begin with https and to lead into the world; nothing is sent into private networks.
    #[schema(example = "https://app.example/hooks", max_length = 500)]
    address: String,
    #[schema(schema_with = events)]
    events: Vec<EventKind>,
}

/// What is to be another. What is missing stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookChange {
    #[serde(default)]
    #[schema(example = "https://app.example/hooks", max_length = 500)]
    address: Option<String>,
    #[serde(default)]
    #[schema(schema_with = events, required = false)]
    events: Option<Vec<EventKind>>,
    /// Whether it is told what happens. What happens while it is off it is never told.
    #[serde(default)]
    #[schema(example = true)]
    on: Option<bool>,
}

/// An address with a new secret.
#[derive(Serialize, ToSchema)]
pub struct WebhookWithSecret {
    webhook: AWebhook,
    /// What messages are signed with: `webhook-signature` holds an HMAC-SHA256 by it. It is shown this once.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0000000000A=")]
    secret: String,
}

/// The addresses that are told what happens
///
/// The newest first.
#[utoipa::path(
    get,
    path = "/admin/webhooks",
    operation_id = "webhooks",
    tag = "machines",
    security(("access_token" = ["settings"])),
    responses((status = 200, description = "All of them: there are 20 at most.", body = Listed<AWebhook>), Unchanged, TokenProblems)
)]
pub async fn list(who: Permitted<Settings>, uri: OriginalUri) -> Result<Response, Problem> {
    let webhooks = keep::list(&who.db).await?;
    Ok(Listed::new(webhooks.into_iter().map(AWebhook::from).collect(), None).answer(&uri))
}

/// Add an address
///
/// Messages come as Standard Webhooks says: a POST with JSON (`type`, `timestamp`, `data`) and the headers `webhook-id`,
/// `webhook-timestamp` and `webhook-signature`. Whatever is not answered with 2xx within ten seconds is sent again, ten times
/// within three days; 410 switches the address off. A message may come twice: `webhook-id` tells.
#[utoipa::path(
    post,
    path = "/admin/webhooks",
    operation_id = "add_webhook",
    tag = "machines",
    security(("access_token" = ["settings"])),
    request_body = NewWebhook,
    responses(
        (status = 201, description = "From now on it is told what happens.", body = WebhookWithSecret),
        Clash,
        TokenProblems,
        BodyProblems,
    )
)]
pub async fn add(
    State(state): State<AppState>,
    who: Permitted<Settings>,
    Body(wish): Body<NewWebhook>,
) -> Result<(StatusCode, Json<WebhookWithSecret>), Problem> {
    let form = WebhookForm { address: wish.address, events: wish.events };
    let (webhook, secret) = keep::add(&who.db, state.vault.as_ref(), reach(&state), &form).await?;
    let secret = secret.expose().to_owned();
    Ok((StatusCode::CREATED, Json(WebhookWithSecret { webhook: webhook.into(), secret })))
}

/// An address that is told what happens
#[utoipa::path(
    get,
    path = "/admin/webhooks/{id}",
    operation_id = "webhook",
    description = "What it is told, and whether it is reached.",
    tag = "machines",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The webhook.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 200, description = "The address.", body = AWebhook), Unchanged, NotThere, TokenProblems)
)]
pub async fn get(who: Permitted<Settings>, Path(id): Path<Uuid>) -> Result<Response, Problem> {
    Ok(tagged(keep::get(&who.db, id).await?))
}

/// Change an address
///
/// Where it is, what it is told, and whether.
#[utoipa::path(
    patch,
    path = "/admin/webhooks/{id}",
    operation_id = "change_webhook",
    tag = "machines",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The webhook.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    request_body = WebhookChange,
    responses((status = 200, description = "As it is now.", body = AWebhook), NotThere, Outdated, TokenProblems, BodyProblems)
)]
pub async fn change(
    State(state): State<AppState>,
    who: Permitted<Settings>,
    Path(id): Path<Uuid>,
    known: IfMatch,
    Body(wish): Body<WebhookChange>,
) -> Result<Response, Problem> {
    let mut webhook = keep::get(&who.db, id).await?;
    known.allow(webhook.version)?;
    if wish.address.is_some() || wish.events.is_some() {
        let form = WebhookForm {
            address: wish.address.unwrap_or(webhook.address),
            events: wish.events.unwrap_or(webhook.events),
        };
        webhook = keep::change(&who.db, reach(&state), id, &form).await?;
    }
    if let Some(on) = wish.on {
        webhook = keep::switch(&who.db, id, on).await?;
    }
    Ok(tagged(webhook))
}

/// Remove an address
///
/// What was sent to it goes too.
#[utoipa::path(
    delete,
    path = "/admin/webhooks/{id}",
    operation_id = "remove_webhook",
    tag = "machines",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The webhook.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "It is told nothing any more."), NotThere, TokenProblems)
)]
pub async fn remove(who: Permitted<Settings>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    keep::remove(&who.db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Renew the secret of an address
///
/// For 24 hours messages carry a signature by the secret of before as well, so that your program can be told in peace.
#[utoipa::path(
    post,
    path = "/admin/webhooks/{id}/secret",
    operation_id = "renew_webhook_secret",
    tag = "machines",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The webhook.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 200, description = "The new secret, shown this once.", body = WebhookWithSecret), NotThere, TokenProblems)
)]
pub async fn renew_secret(
    State(state): State<AppState>,
    who: Permitted<Settings>,
    Path(id): Path<Uuid>,
) -> Result<Json<WebhookWithSecret>, Problem> {
    let (webhook, secret) = keep::rotate(&who.db, state.vault.as_ref(), id).await?;
    let secret = secret.expose().to_owned();
    Ok(Json(WebhookWithSecret { webhook: webhook.into(), secret }))
}
