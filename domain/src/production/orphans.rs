//! Files in the storage that nothing names any more: found, and a day later deleted. Whoever stores a file under a key
//! [reserves](reserve) the key first, so that it is not deleted between being stored and being named.

use crate::catalog::covers::naming;
use crate::entities::{audiobooks, file_copies, files, orphans, people};
use crate::{Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;

/// How long a file that nothing names is kept, in milliseconds: whoever is about to name it has done so by then.
pub const KEEP_MS: i64 = 24 * 60 * 60 * 1000;
/// Keys looked up in one statement.
const AT_ONCE: usize = 500;

/// Looks for what names these stored files: those that nothing does are remembered, the others are forgotten.
pub async fn note(db: &Db, keys: &[String]) -> Result<()> {
    for keys in keys.chunks(AT_ONCE) {
        db.transaction(async |tx| {
            let named = named(&tx, keys).await?;
            let (named, nameless): (Vec<&String>, Vec<&String>) = keys.iter().partition(|key| named.contains(*key));
            if !named.is_empty() {
                orphans::Entity::delete_many().filter(orphans::Column::StorageKey.is_in(named)).exec(&tx).await?;
            }
            if !nameless.is_empty() {
                let rows = nameless.into_iter().map(|key| orphans::ActiveModel {
                    storage_key: Set(key.clone()),
                    found_at: Set(tx.now()),
                    deleting: Set(false),
                });
                let there = OnConflict::column(orphans::Column::StorageKey)
                    .do_nothing_on([orphans::Column::StorageKey])
                    .to_owned();
                orphans::Entity::insert_many(rows).on_conflict(there).exec_without_returning(&tx).await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

/// Files that nothing has named for long enough, the longest first; those too whose deletion was cut off.
pub async fn due(db: &Db, most: u64) -> Result<Vec<String>> {
    let old = orphans::Column::FoundAt.lte(db.now().plus_ms(-KEEP_MS));
    Ok(orphans::Entity::find()
        .select_only()
        .column(orphans::Column::StorageKey)
        .filter(old)
        .order_by_asc(orphans::Column::FoundAt)
        .limit(most)
        .into_tuple()
        .all(db.read())
        .await?)
}

/// Whether a file may be deleted now. From then on, until it is [`gone`], nobody may store one under its key.
pub async fn begin_deleting(db: &Db, key: &str) -> Result<bool> {
    db.transaction(async |tx| {
        let marked = orphans::Entity::update_many()
            .col_expr(orphans::Column::Deleting, Expr::value(true))
            .filter(orphans::Column::StorageKey.eq(key))
            .filter(orphans::Column::FoundAt.lte(tx.now().plus_ms(-KEEP_MS)))
            .exec(&tx)
            .await?;
        if marked.rows_affected == 0 {
            return Ok(false);
        }
        if named(&tx, &[key.to_owned()]).await?.is_empty() {
            return Ok(true);
        }
        orphans::Entity::delete_by_id(key).exec(&tx).await?;
        Ok(false)
    })
    .await
}

/// A file is deleted.
pub async fn gone(db: &Db, key: &str) -> Result<()> {
    db.transaction(async |tx| {
        orphans::Entity::delete_by_id(key).exec(&tx).await?;
        Ok(())
    })
    .await
}

/// Keeps a key from being cleaned away for the next day: somebody is about to store a file under it and to name it.
///
/// # Errors
/// [`Error::Busy`] while a file is being deleted under it: store it a moment later.
pub async fn reserve(db: &Db, key: &str) -> Result<()> {
    db.transaction(async |tx| {
        orphans::Entity::delete_many()
            .filter(orphans::Column::StorageKey.eq(key))
            .filter(orphans::Column::Deleting.eq(false))
            .exec(&tx)
            .await?;
        match orphans::Entity::find_by_id(key).one(&tx).await? {
            Some(_) => Err(Error::Busy),
            None => Ok(()),
        }
    })
    .await
}

/// Those of the keys that something names. The sizes of a picture are named together, by what their keys begin with.
async fn named(tx: &Tx, keys: &[String]) -> Result<HashSet<String>> {
    let mut named: HashSet<String> = HashSet::new();
    named.extend(column(tx, files::Entity::find(), files::Column::StorageKey, keys).await?);
    named.extend(column(tx, files::Entity::find(), files::Column::CoverKey, keys).await?);
    named.extend(column(tx, file_copies::Entity::find(), file_copies::Column::StorageKey, keys).await?);
    named.extend(column(tx, audiobooks::Entity::find(), audiobooks::Column::SampleKey, keys).await?);
    named.extend(column(tx, audiobooks::Entity::find(), audiobooks::Column::CoverKey, keys).await?);
    named.extend(column(tx, people::Entity::find(), people::Column::PortraitKey, keys).await?);
    let mut bases: Vec<String> = keys.iter().filter_map(|key| naming::base_of(key)).map(str::to_owned).collect();
    bases.sort_unstable();
    bases.dedup();
    if !bases.is_empty() {
        let mut made: HashSet<String> = HashSet::new();
        made.extend(column(tx, audiobooks::Entity::find(), audiobooks::Column::CoverMade, &bases).await?);
        made.extend(column(tx, people::Entity::find(), people::Column::PortraitMade, &bases).await?);
        let is_made = |key: &&String| naming::base_of(key).is_some_and(|base| made.contains(base));
        named.extend(keys.iter().filter(is_made).cloned());
    }
    Ok(named)
}

async fn column<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    rows: sea_orm::Select<E>,
    column: E::Column,
    keys: &[String],
) -> Result<Vec<String>> {
    Ok(rows.select_only().column(column).filter(column.is_in(keys)).into_tuple().all(connection).await?)
}
