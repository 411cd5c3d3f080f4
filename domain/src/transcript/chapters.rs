//! The chapters of a title.

use super::Chapter;
use crate::entities::chapters;
use crate::{Db, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// The chapters of a title, in order.
pub async fn chapters_of(db: &Db, audiobook_id: Uuid) -> Result<Vec<Chapter>> {
    let rows = chapters::Entity::find()
        .filter(chapters::Column::AudiobookId.eq(audiobook_id))
        .order_by_asc(chapters::Column::Position)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(|row| Chapter { title: row.title, start_ms: row.start_ms, end_ms: row.end_ms }).collect())
}
