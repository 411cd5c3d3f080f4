//! One's own review of a title, and what one thinks of another's.

use super::title::slug_of;
use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Permitted, Shopping};
use crate::http::api::problem::Problem;
use axum::Json;
use axum::extract::State;
use domain::reviews::{self, OwnReview, ReviewForm, page};
use domain::{Db, Error};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A review as its author sees it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MyReview {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    id: Uuid,
    #[schema(minimum = 1, maximum = 5, example = 5)]
    story: u8,
    #[schema(minimum = 1, maximum = 5, example = 4)]
    performance: u8,
    #[schema(example = "As if one stood there.")]
    text: String,
    /// Why nobody else sees it; null where everybody does.
    #[schema(example = json!(null))]
    hidden: Option<String>,
}

impl From<OwnReview> for MyReview {
    fn from(own: OwnReview) -> Self {
        let ReviewForm { story, performance, text } = own.form;
        Self { id: own.id, story, performance, text, hidden: own.hidden }
    }
}

/// What somebody thinks of a title.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewWish {
    /// Stars for the story.
    #[schema(minimum = 1, maximum = 5, example = 5)]
    story: u8,
    /// Stars for the performance.
    #[schema(minimum = 1, maximum = 5, example = 4)]
    performance: u8,
    /// A few words, if they like.
    #[serde(default)]
    #[schema(max_length = 4000, example = "As if one stood there.")]
    text: String,
}

async fn own(db: &Db, with: &Permitted<Shopping>, slug: &str) -> Result<Json<MyReview>, Problem> {
    let found = page::reviews(db, slug, Some(&with.user), None).await?;
    let own = found.viewer.own.ok_or(Error::NotFound("review"))?;
    Ok(Json(own.into()))
}

/// My review of a title
///
/// With the reason where the shop has hidden it from others.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/reviews/mine",
    operation_id = "read_my_review",
    tag = "catalogue",
    security(("access_token" = ["shopping"])),
    params(("which" = String, Path, description = "Id or slug of the title.", example = "the-bell-at-north-rock")),
    responses((status = 200, description = "The review.", body = MyReview), Unchanged, NotThere, TokenProblems)
)]
pub async fn mine(with: Permitted<Shopping>, Path(which): Path<Which>) -> Result<Json<MyReview>, Problem> {
    let slug = slug_of(&with.db, which).await?;
    own(&with.db, &with, &slug).await
}

/// Rate a title
///
/// For whoever owns it. Another review takes the place of the one before; one that was hidden stays so.
#[utoipa::path(
    put,
    path = "/audiobooks/{which}/reviews/mine",
    operation_id = "rate",
    tag = "catalogue",
    security(("access_token" = ["shopping"])),
    params(("which" = String, Path, description = "Id or slug of the title.", example = "the-bell-at-north-rock")),
    request_body = ReviewWish,
    responses(
        (status = 200, description = "The review as it is now.", body = MyReview),
        TokenProblems,
        NotThere,
        Clash,
        BodyProblems
    )
)]
pub async fn rate(
    State(state): State<AppState>,
    with: Permitted<Shopping>,
    Path(which): Path<Which>,
    Body(wish): Body<ReviewWish>,
) -> Result<Json<MyReview>, Problem> {
    let slug = slug_of(&with.db, which).await?;
    let form = ReviewForm { story: wish.story, performance: wish.performance, text: wish.text };
    reviews::keep::rate(&with.db, &state.limits, with.user.id, &slug, &form).await?;
    own(&with.db, &with, &slug).await
}

/// Take my review away
///
/// Doing it again changes nothing.
#[utoipa::path(
    delete,
    path = "/audiobooks/{which}/reviews/mine",
    operation_id = "remove_my_review",
    tag = "catalogue",
    security(("access_token" = ["shopping"])),
    params(("which" = String, Path, description = "Id or slug of the title.", example = "the-bell-at-north-rock")),
    responses((status = 204, description = "There is no review of yours."), NotThere, TokenProblems)
)]
pub async fn remove(with: Permitted<Shopping>, Path(which): Path<Which>) -> Result<StatusCode, Problem> {
    let slug = slug_of(&with.db, which).await?;
    reviews::keep::remove(&with.db, with.user.id, &slug).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Report a review
///
/// Tells the shop that it should not stand there. Reporting the same one again changes nothing; one's own cannot be reported.
#[utoipa::path(
    post,
    path = "/reviews/{id}/report",
    operation_id = "report_review",
    tag = "catalogue",
    security(("access_token" = ["shopping"])),
    params(("id" = Uuid, Path, description = "The review.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "The shop knows."), NotThere, Clash, TokenProblems)
)]
pub async fn report(
    State(state): State<AppState>,
    with: Permitted<Shopping>,
    Path(id): Path<Uuid>,
) -> Result<StatusCode, Problem> {
    reviews::report::report(&with.db, &state.limits, with.user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
