//! Where a listener was in each book: to take along, and to forget.

use super::Position;
use crate::catalog::titles::names_of;
use crate::entities::positions::{Column, Entity};
use crate::{Db, Result, Tx};
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

/// Forgets every position of a listener. Belongs into the transaction that deletes the account.
pub async fn forget_listener(tx: &Tx, user_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}
