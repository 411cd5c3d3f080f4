//! What is said in a title, for the people who run the shop.

use super::id_of;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::{FieldError, Problem};
use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use domain::listening::{export, player};
use domain::transcript::Segment;
use http::header::{CONTENT_TYPE, ETAG};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a transcript is written as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    #[default]
    Json,
    Vtt,
    Srt,
    Txt,
}

/// Which part of a transcript is wanted, and how.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TranscriptAsked {
    /// `json` (a part at a time), or all of it as a file: `vtt`, `srt` or `txt`.
    #[serde(default)]
    #[param(value_type = Option<String>, example = "json")]
    format: Format,
    /// Sentences in a part, about: 1 to 100. Of `json` only.
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Option<Limit>,
    /// Where the transcript goes on, as its part before says in `next`. Of `json` only.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StartsAt {
    from_ms: i64,
}

/// A sentence or so of what is said.
#[derive(Serialize, ToSchema)]
pub struct SaidSentence {
    /// From the start of the book.
    #[schema(example = 61_000)]
    pub start_ms: i64,
    #[schema(example = 64_500)]
    pub end_ms: i64,
    #[schema(example = "Once there was a bell that nobody could hear.")]
    pub text: String,
    /// Who says it, where somebody said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The keeper")]
    pub speaker: Option<String>,
}

impl From<Segment> for SaidSentence {
    fn from(segment: Segment) -> Self {
        Self { start_ms: segment.start_ms, end_ms: segment.end_ms, text: segment.text, speaker: segment.speaker }
    }
}

/// The transcript of a title
///
/// As far as it is believed or was reviewed, whatever its text rights: those are for buyers, who find theirs below
/// `my-books`. For admins with the permission `catalogue` or `production`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/transcript",
    operation_id = "audiobook_transcript",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        TranscriptAsked,
    ),
    responses(
        (status = 200, description = "The transcript, or a part of it.", content(
            (Listed<SaidSentence> = "application/json"),
            (String = "text/vtt", example = "WEBVTT\n\n1\n00:01:01.000 --> 00:01:04.500\nOnce there was a bell.\n"),
            (String = "application/x-subrip", example = "1\n00:01:01,000 --> 00:01:04,500\nOnce there was a bell.\n"),
            (String = "text/plain", example = "Once there was a bell.\n"),
        )),
        Unchanged, TokenProblems, QueryProblems, NotThere,
    )
)]
pub async fn read(
    Permitted { db, user, .. }: Permitted<Titles>,
    uri: OriginalUri,
    Path(which): Path<Which>,
    Query(asked): Query<TranscriptAsked>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    let media_type = match asked.format {
        Format::Json => {
            let place = asked.cursor.map(|cursor| cursor.read::<StartsAt>()).transpose()?;
            let limit = usize::try_from(asked.limit.unwrap_or_default().0).unwrap_or(usize::MAX);
            let from_ms = place.map_or(0, |place| place.from_ms);
            let (said, next) = player::read_on(&db, &user, id, from_ms, limit).await?;
            let next = next.map(|from_ms| Cursor::of(&StartsAt { from_ms }));
            return Ok(Listed::new(said.into_iter().map(SaidSentence::from).collect(), next).answer(&uri));
        }
        Format::Vtt => "text/vtt; charset=utf-8",
        Format::Srt => "application/x-subrip; charset=utf-8",
        Format::Txt => "text/plain; charset=utf-8",
    };
    let parts = [("limit", asked.limit.is_some()), ("cursor", asked.cursor.is_some())];
    if let Some((field, _)) = parts.into_iter().find(|(_, sent)| *sent) {
        let message = "A file comes as a whole.".to_owned();
        let (field, code) = (field.to_owned(), "transcript.whole".to_owned());
        return Err(Problem::invalid(vec![FieldError { field, code, message }]));
    }
    let transcript = player::transcript_of(&db, &user, id).await?;
    // A long book has ten thousand captions: a second's work for a processor.
    let text = tokio::task::spawn_blocking(move || {
        let (said, chapters) = (&transcript.segments, &transcript.chapters);
        match asked.format {
            Format::Vtt => export::vtt(said, chapters),
            Format::Srt => export::srt(said),
            Format::Txt | Format::Json => export::txt(said, chapters),
        }
    });
    let text = text.await.map_err(Problem::internal)?;
    // Its own tag: it may be longer than what is tagged by the way.
    let tag = format!("\"{}\"", domain::secret::digest(&text));
    Ok(([(CONTENT_TYPE, media_type.to_owned()), (ETAG, tag)], text).into_response())
}
