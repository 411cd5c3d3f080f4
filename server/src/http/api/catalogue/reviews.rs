//! What buyers think of titles.

use super::title::{PartOf, slug_of};
use super::visitor::Visitor;
use crate::AppState;
use crate::http::api::listed::{Cursor, linked};
use crate::http::api::openapi::{NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use domain::reviews::{Breakdown, Review, page};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A review as everybody reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TitleReview {
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    pub id: Uuid,
    /// What its author is called; null for one without a name.
    #[schema(example = "Kim")]
    pub by: Option<String>,
    /// The author owns the title now.
    #[schema(example = true)]
    pub owned: bool,
    /// Stars for the story.
    #[schema(minimum = 1, maximum = 5, example = 5)]
    pub story: u8,
    /// Stars for the performance.
    #[schema(minimum = 1, maximum = 5, example = 4)]
    pub performance: u8,
    /// May be empty.
    #[schema(example = "As if one stood there.")]
    pub text: String,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub at: String,
    /// It was changed after it was written.
    #[schema(example = false)]
    pub edited: bool,
}

impl From<Review> for TitleReview {
    fn from(review: Review) -> Self {
        Self {
            id: review.id,
            by: review.by,
            owned: review.owned,
            story: review.story,
            performance: review.performance,
            text: review.text,
            at: time(review.at),
            edited: review.edited,
        }
    }
}

/// How a title was rated.
#[derive(Debug, Serialize, ToSchema)]
pub struct RatingBreakdown {
    /// How many have rated it.
    #[schema(example = 12)]
    count: u32,
    /// Means in hundredths of a star: 100 to 500.
    #[schema(example = 446)]
    mean_hundredths: u32,
    #[schema(example = 460)]
    story_hundredths: u32,
    #[schema(example = 432)]
    performance_hundredths: u32,
    /// How many gave one star, two, and so on to five; a half counts as the whole above it.
    #[schema(example = json!([0, 0, 1, 3, 8]), min_items = 5, max_items = 5)]
    stars: Vec<u32>,
}

impl From<Breakdown> for RatingBreakdown {
    fn from(breakdown: Breakdown) -> Self {
        Self {
            count: breakdown.all.count,
            mean_hundredths: breakdown.all.hundredths,
            story_hundredths: breakdown.story,
            performance_hundredths: breakdown.performance,
            stars: breakdown.stars.to_vec(),
        }
    }
}

/// A part of the reviews of a title.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reviews {
    /// Newest first.
    items: Vec<TitleReview>,
    /// Give it as `cursor` for what comes next. Missing at the end of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "IjAxOTJmMGMxIg")]
    next: Option<String>,
    /// Null while nobody has rated it.
    breakdown: Option<RatingBreakdown>,
}

/// The reviews of a title
///
/// Newest first, for everybody who sees the title.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/reviews",
    operation_id = "list_reviews",
    tag = "catalogue",
    security((), ("access_token" = [])),
    params(
        ("which" = String, Path, description = "Id or slug of the title.", example = "the-bell-at-north-rock"),
        PartOf
    ),
    responses(
        (status = 200, description = "A part of the list.", body = Reviews),
        Unchanged,
        TokenProblems,
        NotThere,
        QueryProblems
    )
)]
pub async fn list(
    State(state): State<AppState>,
    visitor: Visitor,
    uri: OriginalUri,
    Path(which): Path<Which>,
    Query(part): Query<PartOf>,
) -> Result<Response, Problem> {
    let before: Option<Uuid> = part.cursor.as_ref().map(Cursor::read).transpose()?;
    let slug = slug_of(&state.db, which).await?;
    let size = u64::from(part.limit.unwrap_or_default().0);
    let found = page::reviews_of(&state.db, &slug, visitor.0.as_ref(), before, size).await?;
    let next = found.older.map(|older| Cursor::of(&older).as_str().to_owned());
    let reviews = Reviews {
        items: found.reviews.into_iter().map(TitleReview::from).collect(),
        next: next.clone(),
        breakdown: found.breakdown.map(RatingBreakdown::from),
    };
    Ok(linked(&reviews, next.as_deref(), &uri))
}
