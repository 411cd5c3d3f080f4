//! From draft to shelf, and off it again.

use super::titles::{by_id, entry, held_at, job_group, locked};
use super::{ContributorRole, Status, scheduled};
use crate::audit::{self, Action};
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, parts};
use crate::jobs;
use crate::pricing::reduced;
use crate::webhooks::happened;
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
};
use uuid::Uuid;

/// What the kinds of job begin with that made the title out of files.
const MADE_BY: &str = "production.";

/// Puts a title on sale. It keeps the date of its first publication.
///
/// # Errors
/// [`Error::Invalid`] with everything that is missing, [`Error::NotFound`] when there is no such title.
#[tracing::instrument(skip_all, fields(title = %id))]
pub async fn publish(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        if let Some(title) = publish_in(&tx, id).await? {
            audit::record(&tx, entry(Action::TitlePublished, id, &title)).await?;
        }
        Ok(())
    })
    .await
}

/// [`publish`] within the caller's transaction; the title's name when it was not on sale before.
///
/// # Errors
/// As [`publish`].
pub(crate) async fn publish_in(tx: &Tx, id: Uuid) -> Result<Option<String>> {
    publish_dated(tx, id, tx.now()).await
}

/// As [`publish_in`]; a title that is published for the first time was so at `at`. A time at which it was to be published
/// is forgotten.
pub(super) async fn publish_dated(tx: &Tx, id: Uuid, at: Timestamp) -> Result<Option<String>> {
    let title = locked(tx, id).await?;
    if title.status == Status::Published {
        return Ok(None);
    }
    check(tx, id, "title.not-ready").await?;
    if title.publish_at.is_some() {
        scheduled::forget(tx, id).await?;
    }
    // Whoever looks at how the book was made finds from there when it went on sale.
    jobs::trace_of(tx, &job_group(id), MADE_BY).await?;
    let (name, slug) = (title.title.clone(), title.slug.clone());
    let first = title.published_at.unwrap_or(at);
    let mut change = title.into_active_model();
    change.status = Set(Status::Published);
    change.published_at = Set(Some(first));
    change.publish_at = Set(None);
    change.publish_failure = Set(None);
    change.updated_at = Set(tx.now());
    change.update(tx).await?;
    reduced::keep(tx, &[id]).await?;
    happened::title_published(tx, id, &slug, &name).await?;
    Ok(Some(name))
}

/// Takes a title off the shelf to work on it. Those who bought it keep it.
///
/// # Errors
/// [`Error::Conflict`] when it is not published, [`Error::NotFound`] when there is no such title.
pub async fn unpublish(db: &Db, id: Uuid) -> Result<()> {
    alone(db, id, Leave::ToDraft, None).await
}

/// Ends the sale of a title for good. Those who bought it keep it and still see its page.
///
/// # Errors
/// [`Error::Conflict`] for a draft, [`Error::NotFound`] when there is no such title.
pub async fn archive(db: &Db, id: Uuid) -> Result<()> {
    archive_at(db, id, None).await
}

/// [`archive`], only while the title is at a version that is `known`.
///
/// # Errors
/// As [`archive`], and [`Error::Conflict`] when somebody else has saved it since.
pub async fn archive_at(db: &Db, id: Uuid, known: Option<i32>) -> Result<()> {
    alone(db, id, Leave::ToArchive, known).await
}

/// A way off the shelf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    ToDraft,
    ToArchive,
}

impl Leave {
    pub fn action(self) -> Action {
        match self {
            Self::ToDraft => Action::TitleUnpublished,
            Self::ToArchive => Action::TitleArchived,
        }
    }

    fn status(self) -> Status {
        match self {
            Self::ToDraft => Status::Draft,
            Self::ToArchive => Status::Archived,
        }
    }
}

/// Takes a title off the shelf within the caller's transaction; its name, or `None` when it is there already.
///
/// # Errors
/// [`Error::Conflict`] when a draft is to be archived, [`Error::NotFound`].
pub(super) async fn leave(tx: &Tx, id: Uuid, way: Leave) -> Result<Option<String>> {
    let title = locked(tx, id).await?;
    if title.status == way.status() {
        return Ok(None);
    }
    if title.status == Status::Draft {
        return Err(Error::conflict("title.not-for-sale"));
    }
    let name = title.title.clone();
    let mut change: audiobooks::ActiveModel = title.into_active_model();
    change.status = Set(way.status());
    change.updated_at = Set(tx.now());
    change.update(tx).await?;
    Ok(Some(name))
}

async fn alone(db: &Db, id: Uuid, way: Leave, known: Option<i32>) -> Result<()> {
    db.transaction(async |tx| {
        held_at(&tx, id, known).await?;
        match leave(&tx, id, way).await? {
            Some(name) => audit::record(&tx, entry(way.action(), id, &name)).await,
            None => Err(Error::conflict(match way {
                Leave::ToDraft => "title.draft-already",
                Leave::ToArchive => "title.archived-already",
            })),
        }
    })
    .await
}

/// What a title lacks to be sold; empty when it is ready.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title.
pub async fn missing(db: &Db, id: Uuid) -> Result<Vec<&'static str>> {
    lacking(db.read(), id).await
}

/// Refuses a title that lacks something to be sold; the sentence of `code` names all of it.
pub(super) async fn check(tx: &impl ConnectionTrait, id: Uuid, code: &'static str) -> Result<()> {
    let missing = lacking(tx, id).await?;
    let missing = match missing.split_last() {
        None => return Ok(()),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    };
    Err(Error::invalid("publish", code).with("missing", missing))
}

async fn lacking(tx: &impl ConnectionTrait, id: Uuid) -> Result<Vec<&'static str>> {
    let title = by_id(tx, id).await?;
    let categories =
        audiobook_categories::Entity::find().filter(audiobook_categories::Column::AudiobookId.eq(id)).count(tx).await?;
    let authors = audiobook_people::Entity::find()
        .filter(audiobook_people::Column::AudiobookId.eq(id))
        .filter(audiobook_people::Column::Role.eq(ContributorRole::Author))
        .count(tx)
        .await?;
    let parts = parts::Entity::find().filter(parts::Column::AudiobookId.eq(id)).count(tx).await?;
    let needed = [
        (title.priced, "a price (0 for a free title)"),
        (!title.description.is_empty(), "a description"),
        (categories > 0, "a category"),
        (authors > 0, "an author"),
        (parts > 0 && title.duration_ms > 0, "audio"),
    ];
    Ok(needed.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect())
}
