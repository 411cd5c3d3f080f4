//! Finding words in the text of a title, and replacing them.

use super::edits::{Edited, TextEdit};
use super::id_of;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::production::editing;
use domain::transcript::edits::Matches;
use domain::transcript::edits::matching::Replacement;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What is looked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WordsSought {
    /// Words within a sentence; at most 200 characters.
    #[param(example = "lamb", max_length = 200)]
    find: String,
    /// What would come in their place; without it they would go.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "lamp", max_length = 200)]
    put: String,
    /// Capitals count.
    #[serde(default)]
    #[param(value_type = Option<bool>, example = false)]
    exact_case: bool,
    /// Only whole words: `ship` is not found in `shipwreck`.
    #[serde(default)]
    #[param(value_type = Option<bool>, example = true)]
    whole_words: bool,
}

/// A place where words would be replaced.
#[derive(Serialize, ToSchema)]
pub struct WordMatch {
    /// The id of the sentence.
    pub sentence: Uuid,
    /// From the start of the book.
    #[schema(example = 61_000)]
    pub start_ms: i64,
    #[schema(example = "The lamb was lit.")]
    pub before: String,
    #[schema(example = "The lamp was lit.")]
    pub after: String,
}

/// What would be replaced.
#[derive(Serialize, ToSchema)]
pub struct WordMatches {
    /// In the order of the book; at most two hundred, which are replaced at once.
    pub places: Vec<WordMatch>,
    /// There are more than these.
    pub more: bool,
    /// Stands for exactly these places at exactly these texts: give it to replace them.
    #[schema(example = "5c1f0d7f8f7a4a0b9a3c")]
    pub seen: String,
}

impl From<Matches> for WordMatches {
    fn from(found: Matches) -> Self {
        let places = found.places.into_iter().map(|place| WordMatch {
            sentence: place.id,
            start_ms: place.start_ms,
            before: place.before,
            after: place.after,
        });
        Self { places: places.collect(), more: found.more, seen: found.seen }
    }
}

/// A replacement of what was shown.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WordReplacement {
    #[schema(example = "lamb", max_length = 200)]
    find: String,
    /// What comes in its place; empty to take it out.
    #[serde(default)]
    #[schema(example = "lamp", max_length = 200)]
    put: String,
    /// Capitals count.
    #[serde(default)]
    #[schema(example = false)]
    exact_case: bool,
    /// Only whole words.
    #[serde(default)]
    #[schema(example = true)]
    whole_words: bool,
    /// What `matches` said of the places that it showed.
    #[schema(example = "5c1f0d7f8f7a4a0b9a3c", max_length = 100)]
    seen: String,
}

/// Find words, and see what replacing them would change
///
/// Nothing is changed by it. For admins with the permission `catalogue` or `production`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/sentences-found",
    operation_id = "find_words",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        WordsSought,
    ),
    responses(
        (status = 200, description = "What would be replaced.", body = WordMatches),
        Unchanged, TokenProblems, QueryProblems, NotThere,
    )
)]
pub async fn find(
    Permitted { db, .. }: Permitted<Titles>,
    Path(which): Path<Which>,
    Query(asked): Query<WordsSought>,
) -> Result<Json<WordMatches>, Problem> {
    let id = id_of(&db, &which).await?;
    let WordsSought { find, put, exact_case, whole_words } = asked;
    let wanted = Replacement { find, put, exact_case, whole_words };
    Ok(Json(editing::matches(&db, id, &wanted).await?.into()))
}

/// Replace words
///
/// In the sentences that `find_words` showed and no other: as one edit, which is undone as one.
#[utoipa::path(
    post,
    path = "/audiobooks/{which}/sentences-found/replace",
    operation_id = "replace_words",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock")),
    request_body = WordReplacement,
    responses(
        (status = 200, description = "They are replaced.", body = Edited),
        BodyProblems, TokenProblems, NotThere, Clash,
    )
)]
pub async fn replace(
    Permitted { db, .. }: Permitted<Titles>,
    Path(which): Path<Which>,
    Body(wish): Body<WordReplacement>,
) -> Result<Json<Edited>, Problem> {
    let id = id_of(&db, &which).await?;
    let WordReplacement { find, put, exact_case, whole_words, seen } = wish;
    let wanted = Replacement { find, put, exact_case, whole_words };
    let edit = editing::replace(&db, id, &wanted, &seen).await?;
    Ok(Json(Edited { edit: edit.map(TextEdit::from) }))
}
