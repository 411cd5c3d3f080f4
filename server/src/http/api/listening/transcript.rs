//! What is said in a book.

use crate::http::api::brief::slug_of;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Listening, Permitted};
use crate::http::api::problem::Problem;
use crate::http::listen::{TextFormat, written};
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::catalog::titles;
use domain::listening::player;
use domain::transcript::{Segment, Word};
use http::HeaderMap;
use http::header::{ACCEPT, HeaderValue, VARY};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A sentence or so of what is said.
#[derive(Serialize, ToSchema)]
pub struct SpokenSegment {
    /// From the start of the book.
    #[schema(example = 12_400)]
    start_ms: i64,
    #[schema(example = 14_900)]
    end_ms: i64,
    #[schema(example = "Once there was a bell.")]
    text: String,
    /// Who says it, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The keeper")]
    speaker: Option<String>,
    words: Vec<SpokenWord>,
}

/// A spoken word.
#[derive(Serialize, ToSchema)]
pub struct SpokenWord {
    /// From the start of the book.
    #[schema(example = 12_400)]
    start_ms: i64,
    #[schema(example = 12_700)]
    end_ms: i64,
    /// With its punctuation.
    #[schema(example = "Once")]
    text: String,
    /// How sure the shop is of it: 0 to 1.
    #[schema(example = 0.98)]
    confidence: f32,
}

impl From<Word> for SpokenWord {
    fn from(word: Word) -> Self {
        Self { start_ms: word.start_ms, end_ms: word.end_ms, text: word.text, confidence: word.confidence }
    }
}

impl From<Segment> for SpokenSegment {
    fn from(segment: Segment) -> Self {
        let words = segment.words.into_iter().map(Into::into).collect();
        let Segment { start_ms, end_ms, text, speaker, .. } = segment;
        Self { start_ms, end_ms, text, speaker, words }
    }
}

/// What is wanted of a transcript.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WantedText {
    /// How it is written. Without it the header `Accept` chooses, and JSON is what comes without either.
    #[param(inline, example = "json")]
    format: Option<WrittenAs>,
    /// How many segments at most, in JSON: 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// `next` of the part before, in JSON.
    #[param(value_type = Option<String>, example = "WzEyNDAwLDNd")]
    cursor: Option<Cursor>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum WrittenAs {
    Json,
    Txt,
    Vtt,
    Srt,
}

impl WrittenAs {
    fn file(self) -> Option<TextFormat> {
        match self {
            Self::Json => None,
            Self::Txt => Some(TextFormat::Txt),
            Self::Vtt => Some(TextFormat::Vtt),
            Self::Srt => Some(TextFormat::Srt),
        }
    }

    /// The first of what a program accepts that there is.
    fn accepted(headers: &HeaderMap) -> Self {
        let lists = headers.get_all(ACCEPT).iter().filter_map(|list| list.to_str().ok());
        let mut types = lists.flat_map(|list| list.split(',')).filter_map(|one| one.split(';').next());
        let known = |one: &str| match one.trim() {
            "application/json" => Some(Self::Json),
            "text/plain" => Some(Self::Txt),
            "text/vtt" => Some(Self::Vtt),
            "application/x-subrip" => Some(Self::Srt),
            _ => None,
        };
        types.find_map(known).unwrap_or(Self::Json)
    }
}

/// Read the transcript of a book
///
/// As JSON with the times of single words, a part at a time (one may be empty where nothing is said for long), or whole as a
/// file. A text that may only be read along is no file (403), and one that is kept inside is not there at all (403).
#[utoipa::path(
    get,
    path = "/my-books/{which}/transcript",
    operation_id = "read_transcript",
    tag = "listening",
    params(
        ("which" = String, Path, description = "The id or the slug of the book.", example = "the-snow-queen"),
        WantedText,
    ),
    security(("access_token" = ["listening"])),
    responses(
        (status = 200, description = "The transcript.", content(
            (Listed<SpokenSegment> = "application/json"),
            (String = "text/plain"), (String = "text/vtt"), (String = "application/x-subrip"),
        )),
        Unchanged, NotThere, QueryProblems, TokenProblems,
    )
)]
pub async fn read(
    listener: Permitted<Listening>,
    Path(which): Path<Which>,
    Query(wanted): Query<WantedText>,
    headers: HeaderMap,
    uri: OriginalUri,
) -> Result<Response, Problem> {
    let (db, viewer) = (&listener.db, &listener.user);
    let slug = slug_of(db, &which).await?;
    let written_as = wanted.format.unwrap_or_else(|| WrittenAs::accepted(&headers));
    let mut response = match written_as.file() {
        Some(format) => written(db, viewer, titles::id_of(db, &slug).await?, format).await?,
        None => {
            let after = wanted.cursor.as_ref().map(Cursor::read).transpose()?;
            let (segments, next) = player::transcript_part(db, viewer, &slug, after, wanted.limit.0 as usize).await?;
            let segments = segments.into_iter().map(SpokenSegment::from).collect();
            Listed::new(segments, next.map(|next| Cursor::of(&next))).answer(&uri)
        }
    };
    response.headers_mut().insert(VARY, HeaderValue::from_static("accept"));
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_accepts_first_is_what_it_gets() {
        let accepted =
            |list: &'static str| WrittenAs::accepted(&[(ACCEPT, HeaderValue::from_static(list))].into_iter().collect());
        assert_eq!(accepted("text/vtt, application/json"), WrittenAs::Vtt);
        assert_eq!(accepted("text/html, text/plain; charset=utf-8"), WrittenAs::Txt);
        assert_eq!(accepted("*/*"), WrittenAs::Json);
        assert_eq!(WrittenAs::accepted(&HeaderMap::new()), WrittenAs::Json);
    }
}
