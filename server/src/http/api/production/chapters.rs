//! The chapters of a title, as they are kept.

use super::edits::{Edited, TextEdit};
use super::id_of;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::production::chaptering;
use domain::transcript::ChapterSource;
use domain::transcript::edits::log::Mark;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A chapter. Times are from the start of the book.
#[derive(Serialize, ToSchema)]
pub struct KeptChapter {
    #[schema(example = "The Storm")]
    pub title: String,
    #[schema(example = 61_000)]
    pub start_ms: i64,
    #[schema(example = 640_000)]
    pub end_ms: i64,
    /// `container` (marked in the files), `part` (one for each file), `detected` (heard) or `admin`.
    #[schema(value_type = String, example = "admin")]
    pub source: ChapterSource,
}

/// The chapters of a title.
#[derive(Serialize, ToSchema)]
pub struct KeptChapters {
    pub chapters: Vec<KeptChapter>,
    /// Stands for exactly these: give it with a change.
    #[schema(example = "5c1f0d7f8f7a4a0b9a3c")]
    pub seen: String,
}

/// Where a chapter begins.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChapterMark {
    #[schema(example = "The Storm", max_length = 300)]
    pub title: String,
    /// From the start of the book.
    #[schema(example = 61_000, minimum = 0)]
    pub start_ms: i64,
}

/// All chapters of a title: each ends where the next one begins.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChapters {
    #[schema(min_items = 1, max_items = 1000)]
    chapters: Vec<ChapterMark>,
    /// What `kept_chapters` said of those that these come in place of.
    #[schema(example = "5c1f0d7f8f7a4a0b9a3c", max_length = 100)]
    seen: String,
}

/// What is announced in the text.
#[derive(Serialize, ToSchema)]
pub struct SpokenHeadings {
    pub chapters: Vec<ChapterMark>,
}

/// The chapters of a title, to change them
///
/// Whatever its status, with where they came from. For admins with the permission `catalogue` or `production`.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/kept-chapters",
    operation_id = "kept_chapters",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock")),
    responses((status = 200, description = "The chapters.", body = KeptChapters), Unchanged, TokenProblems, NotThere)
)]
pub async fn read(
    Permitted { db, .. }: Permitted<Titles>,
    Path(which): Path<Which>,
) -> Result<Json<KeptChapters>, Problem> {
    let id = id_of(&db, &which).await?;
    let kept = chaptering::contents(&db, id).await?.kept;
    let chapters = kept.chapters.into_iter().map(|chapter| KeptChapter {
        title: chapter.title,
        start_ms: chapter.start_ms,
        end_ms: chapter.end_ms,
        source: chapter.source,
    });
    Ok(Json(KeptChapters { chapters: chapters.collect(), seen: kept.seen }))
}

/// Change the chapters
///
/// All at once: those that are sent take the place of those that there are. From then on no step of production writes over them.
/// It is one edit, which `undo_edit` takes back.
#[utoipa::path(
    put,
    path = "/audiobooks/{which}/kept-chapters",
    operation_id = "change_chapters",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock")),
    request_body = NewChapters,
    responses(
        (status = 200, description = "They are changed.", body = Edited),
        BodyProblems, TokenProblems, NotThere, Clash,
    )
)]
pub async fn change(
    Permitted { db, .. }: Permitted<Titles>,
    Path(which): Path<Which>,
    Body(wish): Body<NewChapters>,
) -> Result<Json<Edited>, Problem> {
    let id = id_of(&db, &which).await?;
    let marks: Vec<Mark> =
        wish.chapters.into_iter().map(|mark| Mark { title: mark.title, start_ms: mark.start_ms }).collect();
    let edit = chaptering::replace(&db, id, &wish.seen, &marks).await?;
    Ok(Json(Edited { edit: edit.map(TextEdit::from) }))
}

/// The headings that are spoken in a title
///
/// Such as “Chapter two” after a silence: to be sent as its chapters. None when fewer than two are found.
#[utoipa::path(
    get,
    path = "/audiobooks/{which}/headings",
    operation_id = "spoken_headings",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    params(("which" = String, Path, description = "The id or the slug of the title.", example = "the-bell-at-north-rock")),
    responses((status = 200, description = "The headings.", body = SpokenHeadings), Unchanged, TokenProblems, NotThere)
)]
pub async fn headings(
    Permitted { db, .. }: Permitted<Titles>,
    Path(which): Path<Which>,
) -> Result<Json<SpokenHeadings>, Problem> {
    let id = id_of(&db, &which).await?;
    let found = chaptering::spoken(&db, id).await?;
    let mark = |chapter: domain::transcript::Chapter| ChapterMark { title: chapter.title, start_ms: chapter.start_ms };
    Ok(Json(SpokenHeadings { chapters: found.into_iter().map(mark).collect() }))
}
