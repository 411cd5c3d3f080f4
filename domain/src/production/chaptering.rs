//! Chapters kept by hand: added, moved, renamed and removed, or taken from the headings that are spoken.

use super::editing::told;
use super::parts;
use crate::audit::{self, Action, Entry};
use crate::catalog::titles::{by_id, locked};
use crate::entities::audiobooks;
use crate::transcript::edits::chaptering as rows;
use crate::transcript::edits::log::Mark;
use crate::transcript::edits::{Edit, KeptChapters};
use crate::transcript::{Chapter, headings, segments};
use crate::{Db, Error, Result, Tx};
use uuid::Uuid;

/// The chapters of a title with what is needed to hear and keep them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    pub title: String,
    pub slug: String,
    pub kept: KeptChapters,
    /// How long the book is, in milliseconds.
    pub duration_ms: i64,
    /// Where each part of the book begins, in milliseconds, in order.
    pub parts: Vec<i64>,
}

/// The chapters of a title.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title.
pub async fn contents(db: &Db, audiobook_id: Uuid) -> Result<Contents> {
    let title = by_id(db.read(), audiobook_id).await?;
    let parts = parts::parts(db.read(), audiobook_id).await?;
    Ok(Contents {
        title: title.title,
        slug: title.slug,
        kept: rows::kept(db.read(), audiobook_id).await?,
        duration_ms: title.duration_ms,
        parts: parts.into_iter().map(|part| part.start_ms).collect(),
    })
}

/// Puts these chapters in place of those that somebody saw, which `seen` stands for. `None` when they are the same.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title; [`Error::Conflict`] when somebody has changed them since; [`Error::Invalid`]
/// for a name that is empty or too long, a beginning beyond the book or two at once, or no chapter at all.
pub async fn replace(db: &Db, audiobook_id: Uuid, seen: &str, chapters: &[Mark]) -> Result<Option<Edit>> {
    db.transaction(async |tx| {
        let title = locked(&tx, audiobook_id).await?;
        put(&tx, &title, seen, chapters.to_vec()).await
    })
    .await
}

/// Adds a chapter.
///
/// # Errors
/// As [`replace`].
pub async fn add(db: &Db, audiobook_id: Uuid, seen: &str, mark: &Mark) -> Result<Option<Edit>> {
    change(db, audiobook_id, seen, |marks| {
        marks.push((Uuid::nil(), mark.clone()));
        true
    })
    .await
}

/// Moves or renames a chapter.
///
/// # Errors
/// As [`replace`]; [`Error::Conflict`] when it is not there any more.
pub async fn set(db: &Db, audiobook_id: Uuid, seen: &str, chapter: Uuid, mark: &Mark) -> Result<Option<Edit>> {
    change(db, audiobook_id, seen, |marks| match marks.iter_mut().find(|(id, _)| *id == chapter) {
        Some((_, old)) => {
            *old = mark.clone();
            true
        }
        None => false,
    })
    .await
}

/// Removes a chapter; what it held belongs to the one before.
///
/// # Errors
/// As [`set`].
pub async fn remove(db: &Db, audiobook_id: Uuid, seen: &str, chapter: Uuid) -> Result<Option<Edit>> {
    change(db, audiobook_id, seen, |marks| {
        let before = marks.len();
        marks.retain(|(id, _)| *id != chapter);
        marks.len() < before
    })
    .await
}

/// The chapters that are announced in the text, such as “Chapter two” after a silence; none when fewer than two are.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title.
pub async fn spoken(db: &Db, audiobook_id: Uuid) -> Result<Vec<Chapter>> {
    let title = by_id(db.read(), audiobook_id).await?;
    let sentences = segments::sentences(db.read(), audiobook_id).await?;
    // A long book is looked through beside those who wait for an answer.
    let found = tokio::task::spawn_blocking(move || headings::find(&sentences, title.duration_ms));
    found.await.map_err(|error| Error::Damaged(error.to_string()))
}

/// Takes the chapters that are announced in the text in place of those that somebody saw.
///
/// # Errors
/// As [`replace`]; [`Error::Conflict`] when none are announced.
pub async fn from_headings(db: &Db, audiobook_id: Uuid, seen: &str) -> Result<Option<Edit>> {
    let found = spoken(db, audiobook_id).await?;
    if found.is_empty() {
        return Err(Error::conflict("chapters.no-headings"));
    }
    let marks: Vec<Mark> =
        found.into_iter().map(|chapter| Mark { title: chapter.title, start_ms: chapter.start_ms }).collect();
    replace(db, audiobook_id, seen, &marks).await
}

/// Changes the list that somebody saw; `change` says whether it found what it is about.
async fn change(
    db: &Db,
    audiobook_id: Uuid,
    seen: &str,
    change: impl Fn(&mut Vec<(Uuid, Mark)>) -> bool + Sync,
) -> Result<Option<Edit>> {
    db.transaction(async |tx| {
        // Held, so that edits of a title have one order.
        let title = locked(&tx, audiobook_id).await?;
        let there = rows::kept(&tx, audiobook_id).await?.chapters;
        let mark = |title, start_ms| Mark { title, start_ms };
        let mut marks: Vec<(Uuid, Mark)> =
            there.into_iter().map(|row| (row.id, mark(row.title, row.start_ms))).collect();
        if !change(&mut marks) {
            return Err(Error::conflict("chapters.changed"));
        }
        put(&tx, &title, seen, marks.into_iter().map(|(_, mark)| mark).collect()).await
    })
    .await
}

async fn put(tx: &Tx, title: &audiobooks::Model, seen: &str, marks: Vec<Mark>) -> Result<Option<Edit>> {
    let edit = rows::replace(tx, title.id, seen, marks, title.duration_ms).await?;
    if let Some(edit) = &edit {
        let entry = Entry::new(Action::ChaptersChanged).on("title", title.id);
        audit::record(tx, entry.with(told(&title.title, edit))).await?;
    }
    Ok(edit)
}
