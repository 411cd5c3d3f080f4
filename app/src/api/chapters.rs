//! The chapters of a title, as admins keep them.

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::transcript::Chapter;
use domain::transcript::edits::{Edit, KeptChapters};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The chapters of a title with what is needed to hear and keep them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    pub title: String,
    pub kept: KeptChapters,
    /// How long the book is, in milliseconds.
    pub duration_ms: i64,
    /// Where each part of the book begins, in milliseconds, in order.
    pub parts: Vec<i64>,
    /// The edit that would be undone next.
    pub last: Option<Edit>,
    /// The headings that are spoken, where somebody wanted to see them.
    pub spoken: Option<Vec<Chapter>>,
}

#[cfg(feature = "ssr")]
async fn allowed() -> Result<domain::Db, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    crate::context::db()
}

/// A moment as somebody typed it.
#[cfg(feature = "ssr")]
fn moment(text: &str) -> Result<i64, AppError> {
    let read = domain::transcript::moment::read(text);
    Ok(read.ok_or_else(|| domain::Error::invalid("start", "chapters.start-malformed"))?)
}

/// The chapters of a title, and where `headings` asks for them those that are spoken in it: all of the text is looked through.
#[server(name = ReadChapters, input = GetUrl, endpoint = "chapters/kept")]
pub async fn kept_chapters(id: Uuid, #[server(default)] headings: bool) -> Result<Contents, AppError> {
    use domain::production::{chaptering, editing};
    let db = allowed().await?;
    let contents = chaptering::contents(&db, id).await?;
    let spoken = match headings {
        true => Some(chaptering::spoken(&db, id).await?),
        false => None,
    };
    Ok(Contents {
        title: contents.title,
        kept: contents.kept,
        duration_ms: contents.duration_ms,
        parts: contents.parts,
        last: editing::desk(&db, id, 0, 0).await?.last,
        spoken,
    })
}

/// Adds a chapter to those that were shown, which `seen` stands for. `start` is a moment such as `1:02:03`.
#[server(name = AddChapter, endpoint = "chapters/add")]
pub async fn add_chapter(
    id: Uuid,
    #[server(default)] seen: String,
    #[server(default)] title: String,
    #[server(default)] start: String,
) -> Result<Option<Edit>, AppError> {
    let db = allowed().await?;
    let mark = domain::transcript::edits::log::Mark { title, start_ms: moment(&start)? };
    let edit = domain::production::chaptering::add(&db, id, &seen, &mark).await?;
    crate::context::go_on_without_script(&paths::admin_chapters(id));
    Ok(edit)
}

/// Moves or renames a chapter of those that were shown, or removes it (`change` is `remove`).
#[server(name = ChangeChapter, endpoint = "chapters/change")]
pub async fn change_chapter(
    id: Uuid,
    chapter: Uuid,
    #[server(default)] seen: String,
    #[server(default)] change: String,
    #[server(default)] title: String,
    #[server(default)] start: String,
) -> Result<Option<Edit>, AppError> {
    use domain::production::chaptering;
    let db = allowed().await?;
    let edit = if change == "remove" {
        chaptering::remove(&db, id, &seen, chapter).await?
    } else {
        let mark = domain::transcript::edits::log::Mark { title, start_ms: moment(&start)? };
        chaptering::set(&db, id, &seen, chapter, &mark).await?
    };
    crate::context::go_on_without_script(&paths::admin_chapters(id));
    Ok(edit)
}

/// Takes the headings that are spoken in place of the chapters that were shown.
#[server(name = TakeHeadings, endpoint = "chapters/headings")]
pub async fn take_headings(id: Uuid, #[server(default)] seen: String) -> Result<Option<Edit>, AppError> {
    let db = allowed().await?;
    let edit = domain::production::chaptering::from_headings(&db, id, &seen).await?;
    crate::context::go_on_without_script(&paths::admin_chapters(id));
    Ok(edit)
}
