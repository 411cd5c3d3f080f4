//! What goes with a draft that is deleted.

use super::desk::id_of;
use crate::http::api::openapi::{Clash, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Which};
use crate::http::api::permitted::{Catalogue, Permitted};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::production::{DraftContents, deletion};
use serde::Serialize;
use utoipa::ToSchema;

/// What goes when a draft is deleted.
#[derive(Serialize, ToSchema)]
pub struct DraftDeletion {
    #[schema(example = "The Bell at North Rock")]
    title: String,
    /// Audio files.
    #[schema(example = 14)]
    files: u64,
    /// How large they are together.
    #[schema(example = 412_000_000)]
    bytes: i64,
    /// Something was heard in it, and may have been reviewed.
    #[schema(example = true)]
    text: bool,
    #[schema(example = 14)]
    chapters: u64,
    #[schema(example = true)]
    sample: bool,
    #[schema(example = true)]
    cover: bool,
    /// Files still on their way.
    #[schema(example = 0)]
    uploads: u64,
    /// A step of its production waits or runs.
    #[schema(example = false)]
    producing: bool,
    /// Carts that hold it from a time when it was on sale.
    #[schema(example = 0)]
    carts: u64,
}

impl From<DraftContents> for DraftDeletion {
    fn from(contents: DraftContents) -> Self {
        let DraftContents { title, files, bytes, text, chapters, sample, cover, uploads, producing, carts } = contents;
        Self { title, files, bytes, text, chapters, sample, cover, uploads, producing, carts }
    }
}

/// See what goes with a draft
///
/// When it is deleted (`DELETE /audiobooks/{which}`). 409 for what is not deleted but archived: no draft, or one that was
/// sold.
#[utoipa::path(
    get,
    path = "/admin/audiobooks/{which}/deletion",
    operation_id = "preview_draft_deletion",
    tag = "catalogue",
    security(("access_token" = ["catalogue"])),
    params(("which" = String, Path, description = "Its id or its slug.", example = "the-bell-at-north-rock")),
    responses(
        (status = 200, description = "What goes.", body = DraftDeletion),
        Unchanged, NotThere, Clash, TokenProblems,
    )
)]
pub async fn preview(with: Permitted<Catalogue>, Path(which): Path<Which>) -> Result<Json<DraftDeletion>, Problem> {
    let id = id_of(&with.db, which).await?;
    Ok(Json(deletion::contents(&with.db, id).await?.into()))
}
