//! From draft to shelf and off it again, at once or at a time; and copies.

use super::change::minute;
use super::desk::id_of;
use super::kept::{self, KeptTitle};
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, TokenProblems};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::{Details, Problem};
use axum::response::Response;
use domain::catalog::{drafts, publish, scheduling};
use serde::Deserialize;
use utoipa::ToSchema;

/// Put a title on sale
///
/// At once. One that is on sale already stays so; one that lacks something is refused, with all that it lacks.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/publish",
    operation_id = "publish_audiobook",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock")),
    responses(
        (status = 200, description = "It is on sale.", body = KeptTitle),
        (status = 422, description = "It lacks something.", body = Details,
            content_type = "application/problem+json"),
        NotThere,
        TokenProblems
    )
)]
pub async fn publish(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<Response, Problem> {
    let id = id_of(&with.db, which).await?;
    publish::publish(&with.db, id).await?;
    kept::answer(&with.db, id).await
}

/// Take a title off sale
///
/// Back to a draft, to work on it. Those who bought it keep it.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/unpublish",
    operation_id = "unpublish_audiobook",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock")),
    responses(
        (status = 200, description = "It is a draft.", body = KeptTitle),
        NotThere,
        Clash,
        TokenProblems
    )
)]
pub async fn unpublish(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<Response, Problem> {
    let id = id_of(&with.db, which).await?;
    publish::unpublish(&with.db, id).await?;
    kept::answer(&with.db, id).await
}

/// When a title goes on sale.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// In the future, to the minute.
    #[schema(format = DateTime, example = "2099-12-24T06:00:00Z")]
    publish_at: String,
}

/// Let a title go on sale at a time
///
/// It has to be complete now, and is looked at again then. Another time that it had is forgotten.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/schedule",
    operation_id = "schedule_audiobook",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock")),
    request_body = Schedule,
    responses(
        (status = 200, description = "It waits for its time.", body = KeptTitle),
        TokenProblems,
        NotThere,
        Clash,
        BodyProblems
    )
)]
pub async fn schedule(
    with: Permitted<Catalogue>,
    Path(which): Path<Which>,
    Body(schedule): Body<Schedule>,
) -> Result<Response, Problem> {
    let id = id_of(&with.db, which).await?;
    let at = minute("publish_at", Some(&schedule.publish_at))?;
    scheduling::schedule(&with.db, id, &at).await?;
    kept::answer(&with.db, id).await
}

/// Call off that a title goes on sale
///
/// It stays where it is. Refused where no time is set, such as when it went on sale a moment ago.
#[utoipa::path(
    delete,
    path = "/audiobooks/{which}/schedule",
    operation_id = "unschedule_audiobook",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock")),
    responses(
        (status = 200, description = "It stays where it is.", body = KeptTitle),
        NotThere,
        Clash,
        TokenProblems
    )
)]
pub async fn unschedule(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<Response, Problem> {
    let id = id_of(&with.db, which).await?;
    scheduling::unschedule(&with.db, id).await?;
    kept::answer(&with.db, id).await
}

/// Copy a title
///
/// A draft with the words, people, categories, series, price and rights of the title, without its recording, cover and sales.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/duplicate",
    operation_id = "duplicate_audiobook",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock")),
    responses(
        (status = 201, description = "The copy. `Location` says where it is.", body = KeptTitle),
        NotThere,
        TokenProblems
    )
)]
pub async fn duplicate(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<Response, Problem> {
    let id = id_of(&with.db, which).await?;
    let copy = drafts::duplicate(&with.db, id).await?;
    kept::created(&with.db, copy).await
}
