//! The audio files of a title.

use super::id_of;
use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query, Which};
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::Problem;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::production::parts;
use domain::production::{CopyView, PartView};
use http::header::{ETAG, HeaderValue};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which part of a list is wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PartsAsked {
    /// Items in a part of the list, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Where the list goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A part of a book: one file of sound.
#[derive(Serialize, ToSchema)]
pub struct AudioPart {
    pub id: Uuid,
    /// Its place in the book, counted from 0.
    #[schema(example = 0)]
    pub position: i32,
    /// Where it begins in the book.
    #[schema(example = 0)]
    pub start_ms: i64,
    #[schema(example = 1_800_000)]
    pub duration_ms: i64,
    /// What it was called when it arrived.
    #[schema(example = "chapter-01.mp3")]
    pub file_name: String,
    #[schema(example = "audio/mpeg")]
    pub media_type: String,
    /// In bytes.
    #[schema(example = 48_000_000)]
    pub size: i64,
    /// Of the file, in hexadecimal.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// Whether players get a copy of it that they go about in at once: `not-needed`, `waiting`, `made` or `failed`. The download
    /// is the recording as it came.
    #[schema(example = "not-needed")]
    pub copy: &'static str,
    /// Why no copy can be made, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "“chapter-01.mp3” is damaged: its audio cannot be decoded.")]
    pub copy_failure: Option<String>,
    /// The name of a file that is on its way to take its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "chapter-01-remastered.flac")]
    pub coming: Option<String>,
}

impl From<PartView> for AudioPart {
    fn from(part: PartView) -> Self {
        let (copy, copy_failure) = match part.copy {
            CopyView::NotNeeded => ("not-needed", None),
            CopyView::Waiting => ("waiting", None),
            CopyView::Made => ("made", None),
            CopyView::Failed(why) => ("failed", Some(why)),
        };
        Self {
            id: part.id,
            position: part.position,
            start_ms: part.start_ms,
            duration_ms: part.duration_ms,
            file_name: part.file_name,
            media_type: part.media_type,
            size: part.size,
            sha256: part.sha256,
            copy,
            copy_failure,
            coming: part.coming,
        }
    }
}

/// The parts of a title
///
/// In the order of the book, once they were looked into (the step `probe`). Another part is added by uploading it with the
/// id of the title, and takes the place of one that it names in `replaces`. The tag of the answer is what `If-Match` names when
/// the parts are changed. For admins with the permission `catalogue` or `production`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/parts",
    operation_id = "audiobook_parts",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(
        ("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock"),
        PartsAsked,
    ),
    responses(
        (status = 200, description = "A part of the list.", body = Listed<AudioPart>),
        Unchanged, TokenProblems, QueryProblems, NotThere,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Titles>,
    uri: OriginalUri,
    Path(which): Path<Which>,
    Query(asked): Query<PartsAsked>,
) -> Result<Response, Problem> {
    let id = id_of(&db, &which).await?;
    // A book has some hundred files at most: its parts are read whole, as for every step.
    let shown = parts::shown(&db, id).await?;
    let (items, next) = Cursor::part(shown.parts, asked.cursor.as_ref(), asked.limit)?;
    let items: Vec<AudioPart> = items.into_iter().map(AudioPart::from).collect();
    let said = domain::secret::digest(&serde_json::to_string(&items).map_err(Problem::internal)?);
    let mut answer = Listed::new(items, next).answer(&uri);
    let tag = HeaderValue::try_from(format!("\"v{}-{said}\"", shown.version)).map_err(Problem::internal)?;
    answer.headers_mut().insert(ETAG, tag);
    Ok(answer)
}
