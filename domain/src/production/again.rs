//! What stays of a title's text, and what goes, when its recording is heard again.

use super::chunks::counts;
use crate::entities::chunks;
use crate::spoken::index;
use crate::transcript::keep;
use crate::{Result, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

/// Whether the recording of a title was cut into chunks; that of one that was transcribed elsewhere was not.
pub(super) async fn planned(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<bool> {
    let of_title = chunks::Entity::find().filter(chunks::Column::AudiobookId.eq(audiobook_id));
    Ok(of_title.limit(1).count(db).await? > 0)
}

/// Every chunk was heard: what was heard of the title when its recording was cut otherwise has nothing left to stand for.
pub(super) async fn all_heard(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    if counts(tx, audiobook_id).await?.done > 0 && keep::no_leftovers(tx, audiobook_id).await? {
        index::whole(tx, audiobook_id).await?;
    }
    Ok(())
}
