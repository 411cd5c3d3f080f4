//! Places of a title's text that somebody has to hear.

use super::id_of;
use crate::http::api::body::Body;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::{FieldError, Problem};
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::Walk;
use domain::production::review;
use domain::transcript::places::Verdict;
use domain::transcript::{Doubt, Place, Shown, Standing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which places are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PlacesAsked {
    /// `doubtful` (what waits for a decision), `decided` or `all`.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "doubtful")]
    show: Shown,
    /// Places in a part of the list, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Where the list goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A place of a title's text. Times are from the start of the book.
#[derive(Serialize, ToSchema)]
pub struct ReviewPlace {
    pub id: Uuid,
    #[schema(example = 61_000)]
    pub start_ms: i64,
    #[schema(example = 64_500)]
    pub end_ms: i64,
    #[schema(example = "Thank you for watching.")]
    pub text: String,
    /// What was heard, where the text is another by now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Thank you for watching.")]
    pub heard: Option<String>,
    /// Why it is not believed: `repetition`, `no-speech`, `unsure` or `pace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, nullable = false, example = "no-speech")]
    pub doubt: Option<Doubt>,
    /// `heard`, `doubtful`, `accepted`, `corrected` or `dropped`.
    #[schema(value_type = String, example = "doubtful")]
    pub standing: Standing,
    /// What is said before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The bell rang.")]
    pub before: Option<String>,
    /// What is said after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Nobody came.")]
    pub after: Option<String>,
}

impl From<Place> for ReviewPlace {
    fn from(place: Place) -> Self {
        Self {
            id: place.id,
            start_ms: place.start_ms,
            end_ms: place.end_ms,
            text: place.text,
            heard: place.heard,
            doubt: place.doubt,
            standing: place.standing,
            before: place.before,
            after: place.after,
        }
    }
}

/// What is made of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ruling {
    /// This is said there.
    Accept,
    /// Nothing of the kind is said there.
    Drop,
}

/// A decision about a place.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceDecision {
    #[schema(inline, example = "accept")]
    verdict: Ruling,
    /// What is said there: as it was heard, or corrected. Needed to accept it.
    #[serde(default)]
    #[schema(example = "Thank you for waiting.", max_length = 2000)]
    text: Option<String>,
}

/// What became of a place.
#[derive(Serialize, ToSchema)]
pub struct PlaceStanding {
    /// `accepted`, `corrected` or `dropped`.
    #[schema(value_type = String, example = "corrected")]
    standing: Standing,
}

/// Places to review
///
/// What the speech model heard and what is not believed stays with the shop until somebody has listened to it. In the order
/// of the book. For admins with the permission `catalogue` or `production`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/review-places",
    operation_id = "review_places",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        PlacesAsked,
    ),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<ReviewPlace>),
        Unchanged, TokenProblems, QueryProblems, NotThere,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Titles>,
    uri: OriginalUri,
    Path(which): Path<Which>,
    Query(asked): Query<PlacesAsked>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    let after = Cursor::place(asked.cursor.as_ref())?;
    let walk = Walk { after: after.as_ref(), limit: asked.limit.0 };
    Ok(Listed::<ReviewPlace>::of(review::walk(&db, id, asked.show, walk).await?).answer(&uri))
}

/// Decide about a place
///
/// Accepts it, with what was corrected in it, or drops it. A decision can be changed by another.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/review-places/{place}",
    operation_id = "decide_place",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        ("place" = Uuid, Path, description = "The id of the place.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1c"),
    ),
    request_body = PlaceDecision,
    responses(
        (status = 200, description = "It is decided.", body = PlaceStanding),
        BodyProblems, TokenProblems, NotThere, Clash,
    )
)]
pub async fn decide(
    Permitted { db, .. }: Permitted<Titles>,
    Path((which, place)): Path<(Which, Uuid)>,
    Body(wish): Body<PlaceDecision>,
) -> Result<Json<PlaceStanding>, Problem> {
    let id = id_of(&db, &which).await?;
    let verdict = match (wish.verdict, wish.text) {
        (Ruling::Drop, None) => Verdict::Drop,
        (Ruling::Accept, Some(text)) => Verdict::Said(text),
        (ruling, _) => {
            let message = match ruling {
                Ruling::Accept => "Say what is said there.",
                Ruling::Drop => "What is dropped has no text.",
            };
            let (field, code) = ("text".to_owned(), "text.fits-not-the-verdict".to_owned());
            return Err(Problem::invalid(vec![FieldError { field, code, message: message.to_owned() }]));
        }
    };
    Ok(Json(PlaceStanding { standing: review::decide(&db, id, place, &verdict).await? }))
}
