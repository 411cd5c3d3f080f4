//! From draft to shelf, and off it again.

use super::titles::{by_id, entry};
use super::{ContributorRole, Status};
use crate::audit::{self, Action};
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, parts};
use crate::{Db, Error, Result, Tx};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
};
use uuid::Uuid;

/// Puts a title on sale. It keeps the date of its first publication.
///
/// # Errors
/// [`Error::Invalid`] with everything that is missing, [`Error::NotFound`] when there is no such title.
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
    let now = tx.now();
    let title = by_id(tx, id).await?;
    let mut published = None;
    if title.status != Status::Published {
        check(tx, id, "title.not-ready").await?;
        published = Some(title.title.clone());
        let first = title.published_at.unwrap_or(now);
        let mut change = title.into_active_model();
        change.status = Set(Status::Published);
        change.published_at = Set(Some(first));
        change.updated_at = Set(now);
        change.update(tx).await?;
    }
    Ok(published)
}

/// Takes a title off the shelf to work on it. Those who bought it keep it.
///
/// # Errors
/// [`Error::Conflict`] when it is not published, [`Error::NotFound`] when there is no such title.
pub async fn unpublish(db: &Db, id: Uuid) -> Result<()> {
    change(db, id, Status::Draft, Action::TitleUnpublished, |status| match status {
        Status::Published | Status::Archived => None,
        Status::Draft => Some("title.draft-already"),
    })
    .await
}

/// Ends the sale of a title for good. Those who bought it keep it and still see its page.
///
/// # Errors
/// [`Error::Conflict`] for a draft, [`Error::NotFound`] when there is no such title.
pub async fn archive(db: &Db, id: Uuid) -> Result<()> {
    change(db, id, Status::Archived, Action::TitleArchived, |status| match status {
        Status::Published => None,
        Status::Archived => Some("title.archived-already"),
        Status::Draft => Some("title.not-for-sale"),
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

async fn change(
    db: &Db,
    id: Uuid,
    to: Status,
    action: Action,
    refuse: impl Fn(Status) -> Option<&'static str>,
) -> Result<()> {
    db.transaction(async |tx| {
        let title = by_id(&tx, id).await?;
        if let Some(code) = refuse(title.status) {
            return Err(Error::conflict(code));
        }
        let line = entry(action, id, &title.title);
        let mut change: audiobooks::ActiveModel = title.into_active_model();
        change.status = Set(to);
        change.updated_at = Set(db.now());
        change.update(&tx).await?;
        audit::record(&tx, line).await?;
        Ok(())
    })
    .await
}
