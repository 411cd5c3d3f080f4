//! What admins do about reviews.

use super::audiobook::Named;
use super::reviews::TitleReview;
use super::title::PartOf;
use crate::http::api::body::Body;
use crate::http::api::listed::{Cursor, Listed};
use crate::http::api::openapi::{BodyProblems, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::Problem;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::reviews::ModeratedReview;
use domain::reviews::moderate::{self, Place};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A review as admins look at it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewToModerate {
    review: TitleReview,
    title: Named,
    /// Reports since an admin last looked at it.
    #[schema(example = 2)]
    open_reports: u32,
    /// Why it is hidden; null where it is not.
    #[schema(example = json!(null))]
    hidden: Option<String>,
}

impl From<ModeratedReview> for ReviewToModerate {
    fn from(moderated: ModeratedReview) -> Self {
        Self {
            review: moderated.review.into(),
            title: moderated.title.into(),
            open_reports: moderated.open_reports,
            hidden: moderated.hidden,
        }
    }
}

/// All reviews
///
/// Those with the most open reports first, then the newest.
#[utoipa::path(
    get,
    path = "/admin/reviews",
    operation_id = "list_reviews_to_moderate",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(PartOf),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<ReviewToModerate>),
        Unchanged,
        TokenProblems,
        QueryProblems
    )
)]
pub async fn list(
    with: Permitted<Catalogue>,
    uri: OriginalUri,
    Query(part): Query<PartOf>,
) -> Result<Response, Problem> {
    let place = part.cursor.as_ref().map(Cursor::read::<String>).transpose()?;
    let place: Option<Place> = place.map(|place| place.parse().map_err(|()| Cursor::unknown())).transpose()?;
    let most = u64::from(part.limit.unwrap_or_default().0);
    let (reviews, next) = moderate::list(&with.db, place, most).await?;
    let reviews = reviews.into_iter().map(ReviewToModerate::from).collect();
    Ok(Listed::new(reviews, next.map(|place| Cursor::of(&place.to_string()))).answer(&uri))
}

/// Why a review is hidden.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hiding {
    /// Its author reads it.
    #[schema(min_length = 1, max_length = 300, example = "It tells how the story ends.")]
    reason: String,
}

/// Hide a review
///
/// From everybody but its author, who is shown the reason. It counts no more.
#[utoipa::path(
    post,
    path = "/admin/reviews/{id}/hide",
    operation_id = "hide_review",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("id" = Uuid, Path, description = "The review.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    request_body = Hiding,
    responses((status = 204, description = "It is hidden."), TokenProblems, NotThere, BodyProblems)
)]
pub async fn hide(
    with: Permitted<Catalogue>,
    Path(id): Path<Uuid>,
    Body(hiding): Body<Hiding>,
) -> Result<StatusCode, Problem> {
    moderate::hide(&with.db, id, &hiding.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Show a review
///
/// One that was hidden, or only reported: its reports are done with.
#[utoipa::path(
    post,
    path = "/admin/reviews/{id}/show",
    operation_id = "show_review",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("id" = Uuid, Path, description = "The review.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "Everybody reads it."), NotThere, TokenProblems)
)]
pub async fn show(with: Permitted<Catalogue>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    moderate::show(&with.db, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
