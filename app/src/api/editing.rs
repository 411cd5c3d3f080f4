//! The text of a title, as admins edit it.
#![expect(clippy::too_many_arguments, reason = "an argument is a field of its form")]

use crate::AppError;
#[cfg(feature = "ssr")]
use crate::paths;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::transcript::edits::{Edit, Matches, Undone, Window};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A stretch of a title's text with what is needed to hear and edit it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextDesk {
    pub title: String,
    pub slug: String,
    pub window: Window,
    /// Where each part of the book begins, in milliseconds, in order.
    pub parts: Vec<i64>,
    /// How long the book is, in milliseconds.
    pub duration_ms: i64,
    /// The edit that would be undone next.
    pub last: Option<Edit>,
}

/// What replacing words would change in a title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub title: String,
    /// Nothing while nothing was looked for.
    pub matches: Option<Matches>,
    pub last: Option<Edit>,
}

/// Sentences on a page.
#[cfg(feature = "ssr")]
const SHOWN: u64 = 50;

/// Whoever keeps titles, or makes them.
#[cfg(feature = "ssr")]
async fn allowed() -> Result<domain::Db, AppError> {
    crate::context::require_any(&[Permission::Catalogue, Permission::Production]).await?;
    crate::context::db()
}

/// The sentences of a title from a moment of the book on.
#[server(name = ReadTextDesk, input = GetUrl, endpoint = "editing/desk")]
pub async fn text_desk(id: Uuid, #[server(default)] from: i64) -> Result<TextDesk, AppError> {
    let db = allowed().await?;
    let desk = domain::production::editing::desk(&db, id, from, SHOWN).await?;
    Ok(TextDesk {
        title: desk.title,
        slug: desk.slug,
        window: desk.window,
        parts: desk.parts,
        duration_ms: desk.duration_ms,
        last: desk.last,
    })
}

/// Edits a sentence at the version that was shown. `change` is `save` (its words and its speaker), `join` (with the next one),
/// `drop` (it is not spoken) or `restore`. `from` is where a form without JavaScript goes back to.
#[server(name = EditSentence, endpoint = "editing/sentence")]
pub async fn edit_sentence(
    id: Uuid,
    sentence: Uuid,
    version: i32,
    #[server(default)] change: String,
    #[server(default)] text: String,
    #[server(default)] speaker: String,
    #[server(default)] reach: u32,
    #[server(default)] from: i64,
) -> Result<Option<Edit>, AppError> {
    use domain::transcript::edits::change::Change;
    let db = allowed().await?;
    let change = match change.as_str() {
        "join" => Change::Join,
        "drop" => Change::Drop,
        "restore" => Change::Restore,
        _ => Change::Said { text: Some(text), speaker: Some(speaker), reach },
    };
    let edit = domain::production::editing::edit(&db, id, sentence, version, &change).await?;
    crate::context::go_on_without_script(&format!("{}#line-{sentence}", paths::admin_editor(id, from)));
    Ok(edit)
}

/// Undoes the last edit of a title, which has to be the one that was shown.
#[server(name = UndoEdit, endpoint = "editing/undo")]
pub async fn undo_edit(
    id: Uuid,
    edit: Uuid,
    #[server(default)] from: i64,
    #[server(default)] chapters: bool,
) -> Result<Undone, AppError> {
    let db = allowed().await?;
    let undone = domain::production::editing::undo(&db, id, edit).await?;
    let back = if chapters { paths::admin_chapters(id) } else { paths::admin_editor(id, from) };
    crate::context::go_on_without_script(&back);
    Ok(undone)
}

/// What replacing words would change.
#[server(name = FindWords, input = GetUrl, endpoint = "editing/find")]
pub async fn find_words(
    id: Uuid,
    #[server(default)] find: String,
    #[server(default)] put: String,
    #[server(default)] exact_case: bool,
    #[server(default)] whole_words: bool,
) -> Result<Found, AppError> {
    use domain::production::editing;
    let db = allowed().await?;
    let desk = editing::desk(&db, id, 0, 0).await?;
    let wanted = domain::transcript::edits::matching::Replacement { find, put, exact_case, whole_words };
    let matches = match wanted.find.trim().is_empty() {
        true => None,
        false => Some(editing::matches(&db, id, &wanted).await?),
    };
    Ok(Found { title: desk.title, matches, last: desk.last })
}

/// Replaces words in the places that were shown, which `seen` stands for.
#[server(name = ReplaceWords, endpoint = "editing/replace")]
pub async fn replace_words(
    id: Uuid,
    #[server(default)] find: String,
    #[server(default)] put: String,
    #[server(default)] exact_case: bool,
    #[server(default)] whole_words: bool,
    #[server(default)] seen: String,
) -> Result<Option<Edit>, AppError> {
    let db = allowed().await?;
    let wanted = domain::transcript::edits::matching::Replacement { find, put, exact_case, whole_words };
    let edit = domain::production::editing::replace(&db, id, &wanted, &seen).await?;
    crate::context::go_on_without_script(&paths::admin_replace(id));
    Ok(edit)
}
