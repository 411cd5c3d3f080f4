//! Where a listener was in each book, what they marked and on which days they heard: to take along, and to forget.

use super::{Position, days};
use crate::catalog::titles::names_of;
use crate::entities::bookmarks;
use crate::entities::positions::{Column, Entity};
use crate::{Db, Result, Timestamp, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Where somebody is in a book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookPosition {
    pub audiobook_id: Uuid,
    pub slug: String,
    pub title: String,
    pub position: Position,
}

/// Some of the positions of a listener: those in books whose id is beyond `after`, at most `most`.
pub async fn positions_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<BookPosition>> {
    let mut query = Entity::find().filter(Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(Column::AudiobookId.gt(after));
    }
    let rows = query.order_by_asc(Column::AudiobookId).limit(most).all(db.read()).await?;
    let titles: Vec<Uuid> = rows.iter().map(|row| row.audiobook_id).collect();
    let mut names = names_of(db, &titles).await?;
    let position = |row: &crate::entities::positions::Model| {
        let (slug, title) = names.remove(&row.audiobook_id).unwrap_or_default();
        BookPosition { audiobook_id: row.audiobook_id, slug, title, position: row.into() }
    };
    Ok(rows.iter().map(position).collect())
}

/// A bookmark with its book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub position_ms: i64,
    pub note: String,
    pub at: Timestamp,
}

/// Some of the bookmarks of a listener: those whose id is beyond `after`, at most `most`.
pub async fn bookmarks_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<Marked>> {
    let mut query = bookmarks::Entity::find().filter(bookmarks::Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(bookmarks::Column::Id.gt(after));
    }
    let rows = query.order_by_asc(bookmarks::Column::Id).limit(most).all(db.read()).await?;
    let names = names_of(db, &rows.iter().map(|row| row.audiobook_id).collect::<Vec<_>>()).await?;
    let marked = |row: bookmarks::Model| {
        let (slug, title) = names.get(&row.audiobook_id).cloned().unwrap_or_default();
        Marked { id: row.id, slug, title, position_ms: row.position_ms, note: row.note, at: row.created_at }
    };
    Ok(rows.into_iter().map(marked).collect())
}

/// Forgets every position, bookmark and day of a listener. Belongs into the transaction that deletes the account.
pub async fn forget_listener(tx: &Tx, user_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(tx).await?;
    bookmarks::Entity::delete_many().filter(bookmarks::Column::UserId.eq(user_id)).exec(tx).await?;
    days::forget(tx, user_id).await
}
