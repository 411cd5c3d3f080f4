//! Who heard the pieces of a title.

use super::{ChunkStatus, Maker};
use crate::Result;
use crate::entities::chunks::{Column, Entity};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

/// Who heard how many pieces of a title, the one that heard most first.
pub async fn of_title(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Maker>> {
    let rows: Vec<(String, i64)> = Entity::find()
        .select_only()
        .column(Column::TranscribedBy)
        .column_as(Column::Id.count(), "pieces")
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::Status.eq(ChunkStatus::Done))
        .filter(Column::TranscribedBy.is_not_null())
        .group_by(Column::TranscribedBy)
        .into_tuple()
        .all(db)
        .await?;
    let maker = |(by, pieces): (String, i64)| Maker { by, pieces: u32::try_from(pieces).unwrap_or(u32::MAX) };
    let mut makers: Vec<Maker> = rows.into_iter().map(maker).collect();
    makers.sort_by(|one, other| other.pieces.cmp(&one.pieces).then_with(|| one.by.cmp(&other.by)));
    Ok(makers)
}
