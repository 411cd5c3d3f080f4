//! Editing what is said in a title, by hand: each edit is one transaction, told in the audit trail, and undone in order.

use super::parts;
use crate::audit::{self, Action, Entry};
use crate::catalog::titles::{by_id, locked};
use crate::keyset::{Part, Walk};
use crate::spoken::index;
use crate::transcript::edits::change::{self, Change};
use crate::transcript::edits::find::{self, changed};
use crate::transcript::edits::matching::Replacement;
use crate::transcript::edits::{Edit, EditKind, Line, Matches, Undone, Window, lines, log, undo};
use crate::{Db, Result, Tx};
use serde_json::json;
use uuid::Uuid;

/// A stretch of a title's text with what is needed to hear and edit it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desk {
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

/// The sentences of a title from a moment on, at most `most`.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such title.
pub async fn desk(db: &Db, audiobook_id: Uuid, from_ms: i64, most: u64) -> Result<Desk> {
    let title = by_id(db.read(), audiobook_id).await?;
    let parts = parts::parts(db.read(), audiobook_id).await?;
    Ok(Desk {
        title: title.title,
        slug: title.slug,
        window: lines::window(db, audiobook_id, from_ms.max(0), most).await?,
        parts: parts.into_iter().map(|part| part.start_ms).collect(),
        duration_ms: title.duration_ms,
        last: log::last(db.read(), audiobook_id).await?,
    })
}

/// A part of the sentences of a title from a moment on, for programs.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such title, [`Error::Invalid`](crate::Error::Invalid) for a place of another list.
pub async fn walk(db: &Db, audiobook_id: Uuid, from_ms: i64, walk: Walk<'_>) -> Result<Part<Line>> {
    by_id(db.read(), audiobook_id).await?;
    lines::walk(db, audiobook_id, from_ms, walk).await
}

/// A sentence of a title.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound).
pub async fn sentence(db: &Db, audiobook_id: Uuid, id: Uuid) -> Result<Line> {
    lines::read(db, audiobook_id, id).await
}

/// Changes a sentence that is at the version that somebody knows. `None` when nothing is another by it.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such title; [`Error::Conflict`](crate::Error::Conflict) when the sentence is not there any more, somebody else has
/// changed it (the refusal has its text), or it cannot be joined; [`Error::Invalid`](crate::Error::Invalid) for a text or a name that is empty or too
/// long.
pub async fn edit(db: &Db, audiobook_id: Uuid, id: Uuid, version: i32, change: &Change) -> Result<Option<Edit>> {
    db.transaction(async |tx| {
        // Held, so that edits of a title have one order.
        let title = locked(&tx, audiobook_id).await?;
        let parts: Vec<i64> = match change {
            // What is one sentence goes where its part goes.
            Change::Join => parts::parts(&tx, audiobook_id).await?.into_iter().map(|part| part.start_ms).collect(),
            _ => Vec::new(),
        };
        let edit = change::apply(&tx, audiobook_id, id, version, change, &parts).await?;
        if let Some(edit) = &edit {
            found_by(&tx, audiobook_id, edit).await?;
            let entry = Entry::new(Action::TextEdited).on("title", audiobook_id);
            audit::record(&tx, entry.with(told(&title.title, edit))).await?;
        }
        Ok(edit)
    })
    .await
}

/// What replacing words would change.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such title, [`Error::Invalid`](crate::Error::Invalid) when nothing is looked for, or it is too long.
pub async fn matches(db: &Db, audiobook_id: Uuid, wanted: &Replacement) -> Result<Matches> {
    by_id(db.read(), audiobook_id).await?;
    find::matches(db, audiobook_id, wanted).await
}

/// Replaces words in the sentences that somebody saw, which `seen` stands for. `None` when there are none.
///
/// # Errors
/// As [`matches`]; [`Error::Conflict`](crate::Error::Conflict) when what would be changed is not what they saw.
pub async fn replace(db: &Db, audiobook_id: Uuid, wanted: &Replacement, seen: &str) -> Result<Option<Edit>> {
    // Looked through before the title is held: a long book takes a moment.
    let found = matches(db, audiobook_id, wanted).await?;
    if found.seen != seen {
        return Err(changed());
    }
    db.transaction(async |tx| {
        let title = locked(&tx, audiobook_id).await?;
        let edit = find::replace(&tx, audiobook_id, wanted, &found).await?;
        if let Some(edit) = &edit {
            found_by(&tx, audiobook_id, edit).await?;
            let details = json!({
                "title": title.title, "find": wanted.find, "put": wanted.put, "places": edit.places,
            });
            audit::record(&tx, Entry::new(Action::TextReplaced).on("title", audiobook_id).with(details)).await?;
        }
        Ok(edit)
    })
    .await
}

/// The edits of a title, the newest first.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such title, [`Error::Invalid`](crate::Error::Invalid) for a place of another list.
pub async fn edits(db: &Db, audiobook_id: Uuid, walk: Walk<'_>) -> Result<Part<Edit>> {
    by_id(db.read(), audiobook_id).await?;
    log::walk(db, audiobook_id, walk).await
}

/// Undoes the last edit of a title, which has to be the one that somebody saw.
///
/// # Errors
/// [`Error::NotFound`](crate::Error::NotFound) when there is no such title, [`Error::Conflict`](crate::Error::Conflict) when there is nothing to undo, or somebody else has
/// edited or undone since.
pub async fn undo(db: &Db, audiobook_id: Uuid, seen: Uuid) -> Result<Undone> {
    db.transaction(async |tx| {
        let title = locked(&tx, audiobook_id).await?;
        let undone = undo::last(&tx, audiobook_id, seen).await?;
        if undone.possible {
            found_by(&tx, audiobook_id, &undone.edit).await?;
            let entry = Entry::new(Action::TextEditUndone).on("title", audiobook_id);
            audit::record(&tx, entry.with(told(&title.title, &undone.edit))).await?;
        }
        Ok(undone)
    })
    .await
}

/// Has the text found by what an edit, or undoing it, made of it.
async fn found_by(tx: &Tx, audiobook_id: Uuid, edit: &Edit) -> Result<()> {
    match (edit.kind, edit.places) {
        (EditKind::Chapters, _) => Ok(()),
        (EditKind::Joined, _) | (_, 1) => index::refresh(tx, audiobook_id, edit.at_ms, edit.at_ms).await,
        // Its places may lie anywhere.
        _ => index::whole(tx, audiobook_id).await,
    }
}

/// An edit as the trail tells it.
pub(super) fn told(title: &str, edit: &Edit) -> serde_json::Value {
    json!({
        "title": title, "what": edit.kind, "at_ms": edit.at_ms, "places": edit.places, "before": edit.before,
        "after": edit.after,
    })
}
