//! How far a title is, and steering it.

use super::id_of;
use super::view::Production;
use crate::http::api::openapi::{Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{self, Permitted, Titles};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::response::{IntoResponse, Response};
use domain::production::{Corrections, Step, steps, workers};
use domain::{Db, Error};
use http::StatusCode;
use http::header::LOCATION;
use serde::Deserialize;
use uuid::Uuid;

/// How a step is done again.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RedoAsked {
    /// What becomes of sentences that people put right when the recording is heard again: `keep` or `discard`. Of `transcribe` only.
    #[param(value_type = Option<String>, example = "keep")]
    corrections: Option<Corrections>,
}

/// Where a title stands in production.
async fn production(db: &Db, id: Uuid) -> Result<Production, Problem> {
    Ok(Production::new(steps::view(db, id).await?, workers::list(db).await?.len()))
}

/// What was asked for is under way: the state as it is now, and where it is to be asked for again.
async fn under_way(db: &Db, id: Uuid) -> Result<Response, Problem> {
    let there = [(LOCATION, format!("/api/v1/audiobooks/{id}/production"))];
    Ok((StatusCode::ACCEPTED, there, Json(production(db, id).await?)).into_response())
}

/// How far a title is
///
/// Its steps with who did them, how much they cover, what went wrong, and what still arrives. For admins with the permission
/// `catalogue` or `production`. A program that follows it asks every few seconds, with `If-None-Match`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/production",
    operation_id = "production",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock")),
    responses((status = 200, description = "Where it stands.", body = Production), Unchanged, TokenProblems, NotThere)
)]
pub async fn view(
    Permitted { db, .. }: Permitted<Titles>,
    Path(which): Path<Which>,
) -> Result<Json<Production>, Problem> {
    let id = id_of(&db, &which).await?;
    production(&db, id).await.map(Json)
}

/// Go on
///
/// From where it stopped: after a failure, or after it was cancelled.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/production/resume",
    operation_id = "resume_production",
    tag = "production",
    security(("access_token" = ["production"])),
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock")),
    responses((status = 202, description = "It goes on.", body = Production), TokenProblems, NotThere, Clash)
)]
pub async fn resume(
    Permitted { db, .. }: Permitted<permitted::Production>,
    Path(which): Path<Which>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    steps::resume(&db, id).await?;
    under_way(&db, id).await
}

/// Do a step again
///
/// What depends on it is done again after it. What people put right in the text stays. Where there is such a sentence
/// (`corrections` counts them), hearing all of it again (`transcribe`) has to say whether they stay: else it is refused (409).
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/production/steps/{step}/redo",
    operation_id = "redo_step",
    tag = "production",
    security(("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        ("step" = String, Path, description = "`probe`, `prepare`, `transcribe` or `describe`.", example = "describe"),
        RedoAsked,
    ),
    responses(
        (status = 202, description = "It will be done again.", body = Production),
        TokenProblems, QueryProblems, NotThere, Clash,
    )
)]
pub async fn redo(
    Permitted { db, .. }: Permitted<permitted::Production>,
    Path((which, step)): Path<(Which, String)>,
    Query(asked): Query<RedoAsked>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    match (Step::from_name(&step).ok_or(Error::NotFound("step"))?, asked.corrections) {
        (Step::Transcribe, Some(corrections)) => steps::hear_again(&db, id, corrections).await?,
        (step, _) => steps::redo(&db, id, step).await?,
    }
    under_way(&db, id).await
}

/// Stop
///
/// What is done stays done.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/production/cancel",
    operation_id = "cancel_production",
    tag = "production",
    security(("access_token" = ["production"])),
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock")),
    responses((status = 202, description = "It stops.", body = Production), TokenProblems, NotThere, Clash)
)]
pub async fn cancel(
    Permitted { db, .. }: Permitted<permitted::Production>,
    Path(which): Path<Which>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    steps::cancel(&db, id).await?;
    under_way(&db, id).await
}
