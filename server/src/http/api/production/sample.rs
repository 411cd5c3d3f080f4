//! The sample of a title before it is cut.

use super::id_of;
use super::transcript::SaidSentence;
use crate::http::api::openapi::{NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::Error;
use domain::production::samples;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a sample would lie; without both it is the one that there is.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SampleAsked {
    /// Where it would begin, in milliseconds from the start of the book.
    #[param(value_type = Option<u32>, example = 60_000)]
    start_ms: Option<u32>,
    /// Where it would end.
    #[param(value_type = Option<u32>, example = 90_000)]
    end_ms: Option<u32>,
}

/// A sample, as everybody will hear and read it.
#[derive(Serialize, ToSchema)]
pub struct PreviewedSample {
    /// From the start of the book.
    #[schema(example = 60_000)]
    pub start_ms: i64,
    #[schema(example = 90_000)]
    pub end_ms: i64,
    /// What is said in it, and nothing beyond.
    pub segments: Vec<SaidSentence>,
    /// How long a sample of this title may be: a fifth of it, and five minutes at most.
    #[schema(example = 120_000)]
    pub longest_ms: i64,
}

/// Preview the sample
///
/// What everybody would read of a title with its sample there; nothing is changed. `change_audiobook` puts it there. For admins
/// with the permission `catalogue` or `production`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/sample-preview",
    operation_id = "preview_sample",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        SampleAsked,
    ),
    responses(
        (status = 200, description = "The sample.", body = PreviewedSample),
        Unchanged, TokenProblems, QueryProblems, NotThere,
    )
)]
pub async fn preview(
    Permitted { db, .. }: Permitted<Titles>,
    Path(which): Path<Which>,
    Query(asked): Query<SampleAsked>,
) -> Result<Json<PreviewedSample>, Problem> {
    let id = id_of(&db, &which).await?;
    let seconds = |ms: Option<u32>| ms.map(|ms| format!("{}.{:03}", ms / 1000, ms % 1000)).unwrap_or_default();
    let found = samples::preview(&db, id, &seconds(asked.start_ms), &seconds(asked.end_ms)).await?;
    let found = found.ok_or(Error::NotFound("sample"))?;
    Ok(Json(PreviewedSample {
        start_ms: found.start_ms,
        end_ms: found.end_ms,
        segments: found.segments.into_iter().map(SaidSentence::from).collect(),
        longest_ms: found.longest_ms,
    }))
}
