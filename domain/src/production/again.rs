//! What stays of a title's text, and what goes, when its recording is heard again or is another.

use super::ChunkStatus;
use super::chunks::counts;
use crate::entities::chunks;
use crate::transcript::edits::log;
use crate::transcript::keep;
use crate::{Result, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// The recording of a title is another: nothing of its text and of its chunks fits.
pub(super) async fn other_recording(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    keep::nothing(tx, audiobook_id).await?;
    log::forget(tx, audiobook_id).await?;
    chunks::Entity::delete_many().filter(chunks::Column::AudiobookId.eq(audiobook_id)).exec(tx).await?;
    Ok(())
}

/// Whether the recording of a title was cut into chunks; that of one that was transcribed elsewhere was not.
pub(super) async fn planned(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<bool> {
    let of_title = chunks::Entity::find().filter(chunks::Column::AudiobookId.eq(audiobook_id));
    Ok(of_title.limit(1).count(db).await? > 0)
}

/// Who heard the chunks of a title, and how many each.
pub async fn heard_by(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<(String, u64)>> {
    let rows: Vec<Option<String>> = chunks::Entity::find()
        .select_only()
        .column(chunks::Column::TranscribedBy)
        .filter(chunks::Column::AudiobookId.eq(audiobook_id))
        .filter(chunks::Column::Status.eq(ChunkStatus::Done))
        .order_by_asc(chunks::Column::Position)
        .into_tuple()
        .all(db)
        .await?;
    let mut found: Vec<(String, u64)> = Vec::new();
    for who in rows.into_iter().flatten() {
        match found.iter_mut().find(|(known, _)| *known == who) {
            Some((_, number)) => *number += 1,
            None => found.push((who, 1)),
        }
    }
    Ok(found)
}

/// Every chunk was heard: what was heard of the title when its recording was cut otherwise has nothing left to stand for.
pub(super) async fn all_heard(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    if counts(tx, audiobook_id).await?.done > 0 {
        keep::no_leftovers(tx, audiobook_id).await?;
    }
    Ok(())
}
