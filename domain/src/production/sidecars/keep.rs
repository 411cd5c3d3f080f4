//! What was found beside a recording, kept with its title.

use super::Said;
use crate::catalog::covers::{self, CoverSource};
use crate::entities::{sidecars, uploads};
use crate::production::recorded;
use crate::production::uploads::arrived_beside;
use crate::{Db, Result, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// A text beside the recording of a title has arrived: it is kept, for the steps that come, and fills the form of a draft that
/// nobody has edited. Doing it again changes nothing.
///
/// # Errors
/// [`Error::Conflict`](crate::Error::Conflict) when the upload was cancelled or refused meanwhile.
pub async fn arrived(db: &Db, upload: Uuid, said: &Said) -> Result<()> {
    db.transaction(async |tx| {
        let Some((row, title)) = arrived_beside(&tx, upload).await? else { return Ok(()) };
        keep(&tx, title, &row, said).await?;
        recorded::fill_in(&tx, title, &said.tags, &row.relative_path).await
    })
    .await
}

/// A picture that is to be the cover has arrived and is stored under `key`: a draft without a cover gets it. Doing it again
/// changes nothing.
///
/// # Errors
/// [`Error::Conflict`](crate::Error::Conflict) when the upload was cancelled or refused meanwhile.
pub async fn arrived_with_cover(db: &Db, upload: Uuid, key: &str) -> Result<()> {
    db.transaction(async |tx| {
        let Some((_, title)) = arrived_beside(&tx, upload).await? else { return Ok(()) };
        covers::offer(&tx, title, key, CoverSource::Folder).await?;
        Ok(())
    })
    .await
}

async fn keep(tx: &Tx, title: Uuid, upload: &uploads::Model, said: &Said) -> Result<()> {
    // The same file once more says what it says now.
    sidecars::Entity::delete_many()
        .filter(sidecars::Column::AudiobookId.eq(title))
        .filter(sidecars::Column::Name.eq(&upload.file_name))
        .exec(tx)
        .await?;
    let row = sidecars::ActiveModel {
        id: Set(upload.id),
        audiobook_id: Set(title),
        name: Set(upload.file_name.clone()),
        said: Set(serde_json::to_string(said)?),
        created_at: Set(tx.now()),
    };
    sidecars::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(())
}

/// What was found beside the recording of a title, in the order of its arrival. What cannot be read back is left out.
pub async fn of(db: &impl ConnectionTrait, title: Uuid) -> Result<Vec<Said>> {
    let rows = sidecars::Entity::find()
        .filter(sidecars::Column::AudiobookId.eq(title))
        .order_by_asc(sidecars::Column::Id)
        .all(db)
        .await?;
    Ok(rows.iter().filter_map(|row| serde_json::from_str(&row.said).ok()).collect())
}
