//! Which picture is whose.

use super::{CoverSource, MakeSizes, PictureOf};
use crate::audit::{self, Action, Entry};
use crate::catalog::{Status, titles};
use crate::entities::{audiobooks, files, parts, people};
use crate::{Db, Error, Result, Tx, jobs};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;
use uuid::Uuid;

/// Gives a title or contributor the picture that is stored under `key`. Its sizes are made in a job; until then what was
/// shown before stays.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title or contributor.
pub async fn put(db: &Db, of: PictureOf, key: &str) -> Result<()> {
    db.transaction(async |tx| set(&tx, of, key, CoverSource::Uploaded).await).await
}

/// Takes an uploaded or found picture away: a cover is drawn again.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title or contributor.
pub async fn remove(db: &Db, of: PictureOf) -> Result<()> {
    db.transaction(async |tx| {
        let now = tx.now();
        let rows = match of {
            PictureOf::Title(id) => {
                use audiobooks::Column;
                let update = audiobooks::Entity::update_many()
                    .col_expr(Column::CoverKey, Expr::value(None::<String>))
                    .col_expr(Column::CoverMade, Expr::value(None::<String>))
                    .col_expr(Column::CoverSource, Expr::value(None::<String>))
                    .col_expr(Column::UpdatedAt, Expr::value(now));
                update.filter(Column::Id.eq(id)).exec(&tx).await?.rows_affected
            }
            PictureOf::Contributor(id) => {
                use people::Column;
                let update = people::Entity::update_many()
                    .col_expr(Column::PortraitKey, Expr::value(None::<String>))
                    .col_expr(Column::PortraitMade, Expr::value(None::<String>))
                    .col_expr(Column::PortraitChangedAt, Expr::value(now));
                update.filter(Column::Id.eq(id)).exec(&tx).await?.rows_affected
            }
        };
        found(of, rows)?;
        record(&tx, of, json!({ "removed": true })).await
    })
    .await
}

/// Gives a title the picture that is in its recording.
///
/// # Errors
/// [`Error::Conflict`] when there is none, [`Error::NotFound`] when there is no such title.
pub async fn use_embedded(db: &Db, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        titles::by_id(&tx, id).await?;
        let key = embedded(&tx, id).await?.ok_or_else(|| Error::conflict("cover.none-in-recording"))?;
        set(&tx, PictureOf::Title(id), &key, CoverSource::Embedded).await
    })
    .await
}

/// Gives a draft without a cover the picture that was found with its recording. Says whether it did.
pub async fn offer(tx: &Tx, id: Uuid, key: &str, source: CoverSource) -> Result<bool> {
    let title = titles::by_id(tx, id).await?;
    if title.status != Status::Draft || title.cover_key.is_some() {
        return Ok(false);
    }
    set(tx, PictureOf::Title(id), key, source).await?;
    Ok(true)
}

/// Remembers which picture is in a file.
pub async fn keep_embedded(tx: &Tx, file: Uuid, key: Option<&str>) -> Result<()> {
    files::Entity::update_many()
        .col_expr(files::Column::CoverKey, Expr::value(key.map(str::to_owned)))
        .filter(files::Column::Id.eq(file))
        .exec(tx)
        .await?;
    Ok(())
}

/// The picture in the first file of a title.
pub(super) async fn embedded(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<String>> {
    let first = parts::Entity::find()
        .filter(parts::Column::AudiobookId.eq(id))
        .order_by_asc(parts::Column::Position)
        .one(db)
        .await?;
    let Some(part) = first else { return Ok(None) };
    Ok(files::Entity::find_by_id(part.file_id).one(db).await?.and_then(|file| file.cover_key))
}

async fn set(tx: &Tx, of: PictureOf, key: &str, source: CoverSource) -> Result<()> {
    let rows = match of {
        PictureOf::Title(id) => {
            use audiobooks::Column;
            let update = audiobooks::Entity::update_many()
                .col_expr(Column::CoverKey, Expr::value(key))
                .col_expr(Column::CoverSource, Expr::value(source.name()));
            update.filter(Column::Id.eq(id)).exec(tx).await?.rows_affected
        }
        PictureOf::Contributor(id) => {
            use people::Column;
            let update = people::Entity::update_many().col_expr(Column::PortraitKey, Expr::value(key));
            update.filter(Column::Id.eq(id)).exec(tx).await?.rows_affected
        }
    };
    found(of, rows)?;
    jobs::enqueue(tx, &MakeSizes { of }).await?;
    record(tx, of, json!({ "source": source.name() })).await
}

async fn record(tx: &Tx, of: PictureOf, details: serde_json::Value) -> Result<()> {
    let line = match of {
        PictureOf::Title(id) => Entry::new(Action::CoverChanged).on("title", id),
        PictureOf::Contributor(id) => Entry::new(Action::PortraitChanged).on("contributor", id),
    };
    audit::record(tx, line.with(details)).await
}

pub(super) fn found(of: PictureOf, rows: u64) -> Result<()> {
    let what = match of {
        PictureOf::Title(_) => "title",
        PictureOf::Contributor(_) => "person",
    };
    if rows == 0 { Err(Error::NotFound(what)) } else { Ok(()) }
}
