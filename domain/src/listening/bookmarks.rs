//! Places in books that their listeners mark, each with a note. They stay when a book is paid back, and are seen again when it
//! is bought again.

use super::access;
use crate::account::{User, users};
use crate::catalog::form::paragraphs;
use crate::entities::audiobooks;
use crate::entities::bookmarks::{ActiveModel, Column, Entity, Model};
use crate::{Db, Error, Result, Timestamp};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use uuid::Uuid;

/// Bookmarks that one person may have in a book.
pub const MOST: u64 = 1000;
/// Longest note, in characters.
pub const NOTE_MAX: usize = 1000;

/// A place that was marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bookmark {
    pub id: Uuid,
    /// From the start of the book.
    pub position_ms: i64,
    /// May be empty.
    pub note: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl From<Model> for Bookmark {
    fn from(row: Model) -> Self {
        let Model { id, position_ms, note, created_at, updated_at, .. } = row;
        Self { id, position_ms, note, created_at, updated_at }
    }
}

fn missing() -> Error {
    Error::NotFound("bookmark")
}

fn within(title: &audiobooks::Model, position_ms: i64) -> i64 {
    position_ms.clamp(0, title.duration_ms.max(0))
}

/// Some of the bookmarks of a listener in a book, in the order of their places: those beyond `after`, at most `most`.
///
/// # Errors
/// `NotFound` when there is no such book or it is not this person's to hear.
pub async fn list(db: &Db, viewer: &User, slug: &str, after: Option<(i64, Uuid)>, most: u64) -> Result<Vec<Bookmark>> {
    let title = access::title_at(db, viewer, slug).await?;
    let mut query = Entity::find().filter(Column::UserId.eq(viewer.id)).filter(Column::AudiobookId.eq(title.id));
    if let Some((position_ms, id)) = after {
        let same_place = Condition::all().add(Column::PositionMs.eq(position_ms)).add(Column::Id.gt(id));
        query = query.filter(Condition::any().add(Column::PositionMs.gt(position_ms)).add(same_place));
    }
    let rows = query.order_by_asc(Column::PositionMs).order_by_asc(Column::Id).limit(most).all(db.read()).await?;
    Ok(rows.into_iter().map(Bookmark::from).collect())
}

/// Marks a place in a book. One beyond its end is its end.
///
/// # Errors
/// `NotFound` when there is no such book or it is not this person's to hear; `Invalid` on the field `note`; `Conflict` when
/// there are [`MOST`] in it.
pub async fn add(db: &Db, viewer: &User, slug: &str, position_ms: i64, note: &str) -> Result<Bookmark> {
    let title = access::title_at(db, viewer, slug).await?;
    let note = paragraphs("note", note, NOTE_MAX)?;
    db.transaction(async |tx| {
        // Two at once are counted one after the other, and whoever leaves at this moment leaves none behind.
        users::lock(&tx, viewer.id).await?;
        let there = Entity::find().filter(Column::UserId.eq(viewer.id)).filter(Column::AudiobookId.eq(title.id));
        if there.count(&tx).await? >= MOST {
            return Err(Error::conflict("bookmarks.full").with("most", MOST));
        }
        let row = Model {
            id: Uuid::now_v7(),
            user_id: viewer.id,
            audiobook_id: title.id,
            position_ms: within(&title, position_ms),
            note: note.clone(),
            created_at: tx.now(),
            updated_at: tx.now(),
        };
        Entity::insert(row.clone().into_active_model()).exec_without_returning(&tx).await?;
        Ok(row.into())
    })
    .await
}

/// Moves a bookmark or changes its note; what is `None` stays.
///
/// # Errors
/// As [`add`]; `NotFound` also when there is no such bookmark of this person in this book.
pub async fn change(
    db: &Db,
    viewer: &User,
    slug: &str,
    id: Uuid,
    position_ms: Option<i64>,
    note: Option<&str>,
) -> Result<Bookmark> {
    let title = access::title_at(db, viewer, slug).await?;
    let row = Entity::find_by_id(id)
        .filter(Column::UserId.eq(viewer.id))
        .filter(Column::AudiobookId.eq(title.id))
        .one(db.read())
        .await?
        .ok_or_else(missing)?;
    let note = note.map(|note| paragraphs("note", note, NOTE_MAX)).transpose()?;
    let changed = Model {
        position_ms: position_ms.map_or(row.position_ms, |position_ms| within(&title, position_ms)),
        note: note.unwrap_or(row.note),
        updated_at: db.now(),
        ..row
    };
    let set = ActiveModel {
        position_ms: Set(changed.position_ms),
        note: Set(changed.note.clone()),
        updated_at: Set(changed.updated_at),
        ..Default::default()
    };
    let done = Entity::update_many().set(set).filter(Column::Id.eq(id)).exec(db.read()).await?;
    // It may have gone in the meantime.
    if done.rows_affected == 0 { Err(missing()) } else { Ok(changed.into()) }
}

/// Takes a bookmark out.
///
/// # Errors
/// `NotFound` when there is no such book, it is not this person's to hear, or it has no such bookmark of theirs.
pub async fn remove(db: &Db, viewer: &User, slug: &str, id: Uuid) -> Result<()> {
    let title = access::title_at(db, viewer, slug).await?;
    let gone = Entity::delete_by_id(id)
        .filter(Column::UserId.eq(viewer.id))
        .filter(Column::AudiobookId.eq(title.id))
        .exec(db.read())
        .await?;
    if gone.rows_affected == 0 { Err(missing()) } else { Ok(()) }
}
