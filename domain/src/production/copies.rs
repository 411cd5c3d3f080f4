//! Copies of recordings for players: which files need one, and the one that was made. A copy is of a file, whatever titles
//! have it; the original stays as it came, and is what is downloaded.

use super::CopyReason;
use super::jobs::StreamCopy;
use super::parts::Source;
use crate::db::BATCH;
use crate::entities::{file_copies, files, parts};
use crate::jobs::{self, Claim};
use crate::{Db, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{ExprTrait, JoinType, OnConflict, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Titles asked for in one transaction.
const AT_ONCE: u64 = 100;

/// A file whose copy is still to be made, or that nobody has looked into yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub source: Source,
    /// Milliseconds of its sound.
    pub duration_ms: i64,
    /// It is known to need one.
    pub known: bool,
}

/// How the copy of a file stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub reason: Option<CopyReason>,
    pub made: bool,
    pub failure: Option<String>,
}

/// Keeps what was found out about files. What is known of a file stays as it is: its bytes tell it. Only what could not be
/// copied before is tried again.
pub async fn note(tx: &Tx, found: &[(Uuid, Option<CopyReason>)]) -> Result<()> {
    let rows: Vec<_> = found
        .iter()
        .map(|(file, reason)| file_copies::ActiveModel {
            file_id: Set(*file),
            reason: Set(*reason),
            storage_key: Set(None),
            size: Set(None),
            failure: Set(None),
            updated_at: Set(tx.now()),
        })
        .collect();
    for rows in rows.chunks(BATCH) {
        let known =
            OnConflict::column(file_copies::Column::FileId).do_nothing_on([file_copies::Column::FileId]).to_owned();
        file_copies::Entity::insert_many(rows.to_vec()).on_conflict(known).exec_without_returning(tx).await?;
    }
    for found in found.chunks(BATCH) {
        file_copies::Entity::update_many()
            .col_expr(file_copies::Column::Failure, Expr::value(None::<String>))
            .filter(file_copies::Column::FileId.is_in(found.iter().map(|(file, _)| *file)))
            .filter(file_copies::Column::Failure.is_not_null())
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Asks for the copies that a title still lacks.
pub async fn ask(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    if missing(tx, audiobook_id).await?.is_some() {
        jobs::enqueue(tx, &StreamCopy { audiobook_id }).await?;
    }
    Ok(())
}

#[derive(FromQueryResult)]
struct Row {
    file_id: Uuid,
    storage_key: String,
    sha256: String,
    size: i64,
    media_type: String,
    original_name: String,
    duration_ms: i64,
    copied: Option<Uuid>,
}

/// The first file of a title whose copy is missing; none when nothing is.
pub async fn missing(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Option<Missing>> {
    let copy = |column: file_copies::Column| Expr::col((file_copies::Entity, column));
    let unmade = copy(file_copies::Column::Reason)
        .is_not_null()
        .and(copy(file_copies::Column::StorageKey).is_null())
        .and(copy(file_copies::Column::Failure).is_null());
    let mut query = parts::Entity::find()
        .select_only()
        .column_as(files::Column::Id, "file_id")
        .column_as(files::Column::StorageKey, "storage_key")
        .column_as(files::Column::Sha256, "sha256")
        .column_as(files::Column::Size, "size")
        .column_as(files::Column::MediaType, "media_type")
        .column_as(files::Column::OriginalName, "original_name")
        .column_as(parts::Column::DurationMs, "duration_ms")
        .column_as(file_copies::Column::FileId, "copied")
        .filter(parts::Column::AudiobookId.eq(audiobook_id))
        .filter(copy(file_copies::Column::FileId).is_null().or(unmade))
        .order_by_asc(parts::Column::Position)
        .limit(1);
    QuerySelect::query(&mut query)
        .join(
            JoinType::InnerJoin,
            files::Entity,
            Expr::col((files::Entity, files::Column::Id)).equals((parts::Entity, parts::Column::FileId)),
        )
        .join(
            JoinType::LeftJoin,
            file_copies::Entity,
            copy(file_copies::Column::FileId).equals((parts::Entity, parts::Column::FileId)),
        );
    let row = query.into_model::<Row>().one(db).await?;
    Ok(row.map(|row| Missing {
        source: Source {
            file_id: row.file_id,
            storage_key: row.storage_key,
            sha256: row.sha256,
            size: row.size,
            media_type: row.media_type,
            original_name: row.original_name,
        },
        duration_ms: row.duration_ms,
        known: row.copied.is_some(),
    }))
}

/// Keeps what a look into a file of an older shop found, and goes on with what else the title lacks.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands, as for [`keep`] and [`give_up`].
pub async fn looked(db: &Db, claim: &Claim, audiobook_id: Uuid, file: Uuid, reason: Option<CopyReason>) -> Result<()> {
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        note(&tx, &[(file, reason)]).await?;
        ask(&tx, audiobook_id).await
    })
    .await
}

/// Keeps a copy of `size` bytes that is stored under `key`, and goes on with what else the title lacks.
///
/// # Errors
/// As [`looked`].
pub async fn keep(db: &Db, claim: &Claim, audiobook_id: Uuid, file: Uuid, key: &str, size: i64) -> Result<()> {
    let made = file_copies::ActiveModel {
        storage_key: Set(Some(key.to_owned())),
        size: Set(Some(size)),
        failure: Set(None),
        ..Default::default()
    };
    change(db, claim, audiobook_id, file, made).await
}

/// No copy of a file can be made, for this reason: the original is played. Goes on with what else the title lacks.
///
/// # Errors
/// As [`looked`].
pub async fn give_up(db: &Db, claim: &Claim, audiobook_id: Uuid, file: Uuid, reason: &str) -> Result<()> {
    let failed = file_copies::ActiveModel { failure: Set(Some(reason.to_owned())), ..Default::default() };
    change(db, claim, audiobook_id, file, failed).await
}

async fn change(db: &Db, claim: &Claim, audiobook_id: Uuid, file: Uuid, set: file_copies::ActiveModel) -> Result<()> {
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        let set = file_copies::ActiveModel { updated_at: Set(tx.now()), ..set.clone() };
        file_copies::Entity::update_many().set(set).filter(file_copies::Column::FileId.eq(file)).exec(&tx).await?;
        ask(&tx, audiobook_id).await
    })
    .await
}

/// How the copies of files stand, as far as they were looked into.
pub async fn of(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Standing>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(BATCH) {
        let rows = file_copies::Entity::find().filter(file_copies::Column::FileId.is_in(ids.iter().copied()));
        let standing = |row: file_copies::Model| {
            let made = row.storage_key.is_some();
            (row.file_id, Standing { reason: row.reason, made, failure: row.failure })
        };
        found.extend(rows.all(db).await?.into_iter().map(standing));
    }
    Ok(found)
}

/// Asks for the copies of titles whose files were uploaded before there were copies, and says of how many.
pub async fn catch_up(db: &Db) -> Result<u64> {
    let looked = Query::select()
        .expr(Expr::val(1))
        .from(file_copies::Entity)
        .and_where(
            Expr::col((file_copies::Entity, file_copies::Column::FileId))
                .equals((parts::Entity, parts::Column::FileId)),
        )
        .to_owned();
    let (mut after, mut asked) = (Uuid::nil(), 0);
    loop {
        let ids: Vec<Uuid> = parts::Entity::find()
            .select_only()
            .column(parts::Column::AudiobookId)
            .distinct()
            .filter(parts::Column::AudiobookId.gt(after))
            .filter(Expr::exists(looked.clone()).not())
            .order_by_asc(parts::Column::AudiobookId)
            .limit(AT_ONCE)
            .into_tuple()
            .all(db.read())
            .await?;
        let Some(last) = ids.last() else { return Ok(asked) };
        after = *last;
        asked += ids.len() as u64;
        db.transaction(async |tx| {
            for audiobook_id in &ids {
                jobs::enqueue(&tx, &StreamCopy { audiobook_id: *audiobook_id }).await?;
            }
            Ok(())
        })
        .await?;
    }
}
