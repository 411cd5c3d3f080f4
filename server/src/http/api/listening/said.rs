//! Looking for words in what is said in a book.

use crate::AppState;
use crate::http::api::brief::slug_of;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Listening, Permitted};
use crate::http::api::problem::{FieldError, Problem};
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use domain::listening::player;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest words that are looked for, in characters.
const LONGEST: usize = 200;

/// A sentence in which the words stand.
#[derive(Serialize, ToSchema)]
pub struct FoundSentence {
    /// From the start of the book: play from here.
    #[schema(example = 12_400)]
    start_ms: i64,
    #[schema(example = 14_900)]
    end_ms: i64,
    #[schema(example = "Once there was a bell.")]
    text: String,
}

/// What is looked for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedWords {
    /// Words that stand one after the other; capitals don't matter.
    #[param(example = "bell", min_length = 1, max_length = 200)]
    text: String,
    /// How many sentences at most: 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the part before.
    #[param(value_type = Option<String>, example = "MTI0MDA")]
    cursor: Option<Cursor>,
}

/// Look for words in a book
///
/// The sentences that hold them, in the order of the book. A text that is kept inside is not looked through (403). The book is
/// read whole each time, so that it is limited by account (429).
#[utoipa::path(
    get,
    path = "/my-books/{which}/search",
    operation_id = "search_book",
    tag = "listening",
    params(
        ("which" = String, Path, description = "The id or the slug of the book.", example = "the-snow-queen"),
        WantedWords,
    ),
    security(("access_token" = ["listening"])),
    responses(
        (status = 200, description = "The sentences.", body = Listed<FoundSentence>),
        Unchanged, NotThere, QueryProblems, TokenProblems,
    )
)]
pub async fn look(
    State(state): State<AppState>,
    listener: Permitted<Listening>,
    Path(which): Path<Which>,
    Query(wanted): Query<WantedWords>,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    if wanted.text.chars().count() > LONGEST {
        let message = format!("Look for at most {LONGEST} characters.");
        return Err(Problem::invalid(vec![FieldError {
            field: "text".to_owned(),
            code: "text.too-long".to_owned(),
            message,
        }]));
    }
    let (db, most) = (&listener.db, wanted.limit.0 as usize);
    let slug = slug_of(db, &which).await?;
    let after = wanted.cursor.as_ref().map(Cursor::read).transpose()?;
    let mut found = player::said(db, &state.limits, &listener.user, &slug, &wanted.text, after, most + 1).await?;
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|last| Cursor::of(&last.start_ms));
    let found = found.into_iter().map(|sentence| FoundSentence {
        start_ms: sentence.start_ms,
        end_ms: sentence.end_ms,
        text: sentence.text,
    });
    Ok(Listed::new(found.collect(), next).answer(&uri))
}
