//! Looking for what is said: in a book, and in all that somebody owns.

use crate::AppState;
use crate::http::api::brief::{BriefTitle, slug_of};
use crate::http::api::listed::{Cursor, Limit, Listed, linked};
use crate::http::api::openapi::{Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Listening, Permitted};
use crate::http::api::problem::{FieldError, Problem};
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use domain::listening::{Quote, Quotes, quotes};
use domain::spoken::Piece;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Longest words that are looked for, in characters.
const LONGEST: usize = 200;

/// A sentence in which all the words stand.
#[derive(Serialize, ToSchema)]
pub struct FoundSentence {
    /// From the start of the book: play from here.
    #[schema(example = 12_400)]
    start_ms: i64,
    #[schema(example = 14_900)]
    end_ms: i64,
    #[schema(example = "Once there was a bell.")]
    text: String,
    /// The same text in pieces: which of it is what was looked for.
    pieces: Vec<SentencePiece>,
    /// The chapter in which it is said; missing where the book has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The mirror and its fragments")]
    chapter: Option<String>,
}

/// A piece of a sentence.
#[derive(Serialize, ToSchema)]
pub struct SentencePiece {
    #[schema(example = "bell")]
    text: String,
    /// It is what was looked for.
    #[schema(example = true)]
    found: bool,
}

/// A sentence of one of several books.
#[derive(Serialize, ToSchema)]
pub struct FoundInBook {
    audiobook: BriefTitle,
    sentence: FoundSentence,
}

/// A part of what was found in somebody's books.
#[derive(Serialize, ToSchema)]
pub struct FoundInBooks {
    /// Book by book, the one that was bought last first; within a book in its order.
    items: Vec<FoundInBook>,
    /// Give it as `cursor` for what comes next, with the other parameters as they were. Missing at the end of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJwYWdlIjoyfQ")]
    next: Option<String>,
    /// Books on the way that are not looked through yet: their text is still being put in order.
    #[schema(example = 0)]
    unready: u64,
}

impl From<Piece> for SentencePiece {
    fn from(piece: Piece) -> Self {
        Self { text: piece.text, found: piece.found }
    }
}

impl From<Quote> for FoundSentence {
    fn from(Quote { spot, chapter }: Quote) -> Self {
        Self {
            start_ms: spot.start_ms,
            end_ms: spot.end_ms,
            text: spot.text(),
            pieces: spot.pieces.into_iter().map(Into::into).collect(),
            chapter,
        }
    }
}

impl From<Quotes> for FoundInBooks {
    fn from(quotes: Quotes) -> Self {
        let mut items = Vec::new();
        for book in quotes.books {
            let sentences = book.quotes.into_iter();
            items.extend(
                sentences.map(|quote| FoundInBook { audiobook: (&book.summary).into(), sentence: quote.into() }),
            );
        }
        let next = quotes.next.as_ref().map(|after| Cursor::of(after).as_str().to_owned());
        Self { items, next, unready: quotes.unready }
    }
}

/// What is looked for in a book.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedWords {
    /// Words that a sentence has to have, in any order and inflected otherwise; what stands in quotation marks, one after the
    /// other. Capitals and accents don't matter.
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

/// What is looked for in all books.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedInBooks {
    /// Words that a sentence has to have, in any order and inflected otherwise; what stands in quotation marks, one after the
    /// other. Capitals and accents don't matter.
    #[param(example = "bell", min_length = 1, max_length = 200)]
    text: String,
    /// How many sentences of one book at most: 1 to 100. Without it all are listed.
    #[param(value_type = Option<u32>, example = 3, minimum = 1, maximum = 100)]
    each: Option<Limit>,
    /// How many sentences at most: 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the part before.
    #[param(value_type = Option<String>, example = "eyJwYWdlIjoyfQ")]
    cursor: Option<Cursor>,
}

fn short_enough(text: &str) -> Result<(), Problem> {
    if text.chars().count() <= LONGEST {
        return Ok(());
    }
    let message = format!("Look for at most {LONGEST} characters.");
    let field = FieldError { field: "text".to_owned(), code: "text.too-long".to_owned(), message };
    Err(Problem::invalid(vec![field]))
}

/// Look for words in a book
///
/// The sentences in which all of them are said, in the order of the book. A text that is kept inside is not looked through
/// (403); one that is still being put in order neither (409). Searches are limited by account (429).
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
        Unchanged, Clash, NotThere, QueryProblems, TokenProblems,
    )
)]
pub async fn look(
    State(state): State<AppState>,
    listener: Permitted<Listening>,
    Path(which): Path<Which>,
    Query(wanted): Query<WantedWords>,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    short_enough(&wanted.text)?;
    let (db, most) = (&listener.db, wanted.limit.0 as usize);
    let slug = slug_of(db, &which).await?;
    let after = wanted.cursor.as_ref().map(Cursor::read).transpose()?;
    let mut found = quotes::in_book(db, &state.limits, &listener.user, &slug, &wanted.text, after, most + 1).await?;
    let more = found.len() > most;
    found.truncate(most);
    let next = found.last().filter(|_| more).map(|last| Cursor::of(&last.spot.start_ms));
    let found: Vec<FoundSentence> = found.into_iter().map(Into::into).collect();
    Ok(Listed::new(found, next).answer(&uri))
}

/// Look for words in all your books
///
/// The sentences in which all of them are said, book by book, the one that you bought last first. Books whose text is kept
/// inside are left out, and so is what you gave back. Searches are limited by account (429).
#[utoipa::path(
    get,
    path = "/my-books/search",
    operation_id = "search_my_books",
    tag = "listening",
    params(WantedInBooks),
    security(("access_token" = ["listening"])),
    responses(
        (status = 200, description = "The sentences.", body = FoundInBooks),
        Unchanged, QueryProblems, TokenProblems,
    )
)]
pub async fn look_everywhere(
    State(state): State<AppState>,
    listener: Permitted<Listening>,
    Query(wanted): Query<WantedInBooks>,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    short_enough(&wanted.text)?;
    let (db, most) = (&listener.db, wanted.limit.0 as usize);
    let after = wanted.cursor.as_ref().map(Cursor::read).transpose()?;
    let each = wanted.each.map_or(usize::MAX, |each| each.0 as usize);
    let found = quotes::in_library(db, &state.limits, &listener.user, &wanted.text, after, most, each).await?;
    let found = FoundInBooks::from(found);
    Ok(linked(&found, found.next.as_deref(), &uri))
}
