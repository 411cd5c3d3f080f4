//! Addresses that are told what happens in the shop.

pub(super) mod messages;
#[cfg(test)]
mod tests;
mod view;

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::conditional::{self, IfMatch, version_tag};
use crate::http::api::listed::Listed;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, Outdated, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Settings};
use crate::http::api::problem::Problem;
use crate::webhooks::reach;
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use domain::webhooks::{Webhook, WebhookChange, WebhookForm, keep};
use http::StatusCode;
use http::header::ETAG;
use uuid::Uuid;
use view::{AWebhook, NewWebhook, WebhookWish, WebhookWithSecret};

/// An address with its version as a tag.
fn tagged(webhook: Webhook) -> Response {
    let tag = version_tag(webhook.version);
    ([(ETAG, tag)], Json(AWebhook::from(webhook))).into_response()
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
/// `webhook-timestamp` and `webhook-signature`. Whatever is not answered with 2xx within ten seconds is tried again, ten times
/// in all, over three days and some hours; 410 switches the address off. A message may come twice: `webhook-id` tells.
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
/// Where it is, what it is told, and whether: all at once. With `If-Match`, only while nobody else has changed it. Messages
/// whose time comes while it is off are given up; the others go on when it is switched on again.
#[utoipa::path(
    patch,
    path = "/admin/webhooks/{id}",
    operation_id = "change_webhook",
    tag = "machines",
    security(("access_token" = ["settings"])),
    params(
        ("id" = Uuid, Path, description = "The webhook.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b"),
        ("if-match" = Option<String>, Header, description = "The tag of what is changed.", example = "\"v3\""),
    ),
    request_body = WebhookWish,
    responses((status = 200, description = "As it is now.", body = AWebhook), NotThere, Outdated, TokenProblems, BodyProblems)
)]
pub async fn change(
    State(state): State<AppState>,
    who: Permitted<Settings>,
    Path(id): Path<Uuid>,
    known: IfMatch,
    Body(wish): Body<WebhookWish>,
) -> Result<Response, Problem> {
    let wish = WebhookChange { address: wish.address, events: wish.events, on: wish.on };
    let changed = keep::change_known(&who.db, reach(&state), id, &wish, |version| known.knows(version)).await;
    match changed {
        Err(error) if error.code() == keep::CHANGED_SINCE => Err(conditional::outdated()),
        changed => Ok(tagged(changed?)),
    }
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
