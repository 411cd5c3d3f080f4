//! Files on their way in: what arrived, what is being checked, and when a title has all it waits for.
//!
//! The bytes are in the storage; here is what was acknowledged of them.

mod arrival;
mod begin;
mod forget;

pub(super) use arrival::arrived_beside;
pub use arrival::{Sound, complete};
pub use begin::{NewUpload, begin, begin_for, plain_name};
pub use forget::forget;

use super::jobs::FinishUpload;
use super::{UnfinishedUpload, UploadStatus};
use crate::audit::{self, Action, Entry};
use crate::entities::uploads::{Column, Entity, Model};
use crate::jobs;
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;
use uuid::Uuid;

/// How long that job leaves the receiving process to do it, in milliseconds.
const FINISH_AFTER_MS: i64 = 30_000;

/// An upload as the server goes on with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    pub id: Uuid,
    pub audiobook_id: Option<Uuid>,
    pub file_name: String,
    pub metadata: String,
    pub size: i64,
    /// Bytes that are acknowledged.
    pub received: i64,
    pub storage_state: Option<String>,
    pub status: UploadStatus,
    /// Why it was refused, for the person who sent it.
    pub failure: Option<String>,
    pub expires_at: Timestamp,
}

impl From<Model> for Upload {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            audiobook_id: row.audiobook_id,
            file_name: row.file_name,
            metadata: row.metadata.unwrap_or_default(),
            size: row.size,
            received: row.received,
            storage_state: row.storage_state,
            status: row.status,
            failure: row.failure,
            expires_at: row.expires_at,
        }
    }
}

/// # Errors
/// [`Error::NotFound`] when there is no such upload.
pub async fn get(db: &Db, id: Uuid) -> Result<Upload> {
    Ok(Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound("upload"))?.into())
}

/// Acknowledges the bytes up to `to`, and keeps the upload `keep_ms` milliseconds from now. With the last byte the upload turns to [`UploadStatus::Checking`], and a job makes
/// sure that it is finished even if this process is not there to do it.
///
/// # Errors
/// [`Error::Conflict`] when somebody else acknowledged something since `upload` was read, or it was given up.
pub async fn advance(db: &Db, upload: &Upload, to: i64, storage_state: &str, keep_ms: i64) -> Result<Upload> {
    db.transaction(async |tx| {
        let now = tx.now();
        acknowledge(&tx, upload, to, storage_state, keep_ms).await?;
        let status = if to >= upload.size { UploadStatus::Checking } else { UploadStatus::Receiving };
        Ok(Upload {
            received: to,
            storage_state: Some(storage_state.to_owned()),
            status,
            expires_at: now.plus_ms(keep_ms),
            ..upload.clone()
        })
    })
    .await
}

/// What has arrived of an upload is all of it: of a file in a form it is only known how long it is at most. From then on it is
/// as after the last byte of [`advance`].
///
/// # Errors
/// [`Error::Conflict`] when somebody else acknowledged something since `upload` was read, or it was given up.
pub async fn end(db: &Db, upload: &Upload) -> Result<()> {
    if upload.status == UploadStatus::Checking {
        return Ok(());
    }
    db.transaction(async |tx| {
        let ended = Entity::update_many()
            .col_expr(Column::Size, Expr::value(upload.received))
            .filter(Column::Id.eq(upload.id))
            .filter(Column::Status.eq(UploadStatus::Receiving))
            .filter(Column::Received.eq(upload.received))
            .exec(&tx)
            .await?;
        if ended.rows_affected == 0 {
            return Err(Error::conflict("upload.overtaken"));
        }
        received_all(&tx, upload.id).await
    })
    .await
}

async fn acknowledge(tx: &Tx, upload: &Upload, to: i64, storage_state: &str, keep_ms: i64) -> Result<()> {
    let now = tx.now();
    let moved = Entity::update_many()
        .col_expr(Column::Received, Expr::value(to))
        .col_expr(Column::StorageState, Expr::value(storage_state))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::ExpiresAt, Expr::value(now.plus_ms(keep_ms)))
        .filter(Column::Id.eq(upload.id))
        .filter(Column::Status.eq(UploadStatus::Receiving))
        .filter(Column::Received.eq(upload.received))
        .exec(tx)
        .await?;
    if moved.rows_affected == 0 {
        let ended = Entity::find_by_id(upload.id)
            .filter(Column::Status.is_in([UploadStatus::Cancelled, UploadStatus::Refused]))
            .one(tx)
            .await?;
        return Err(Error::conflict(if ended.is_some() { "upload.given-up" } else { "upload.overtaken" }));
    }
    if to >= upload.size { received_all(tx, upload.id).await } else { Ok(()) }
}

async fn received_all(tx: &Tx, id: Uuid) -> Result<()> {
    set_status(tx, id, UploadStatus::Checking, None).await?;
    jobs::enqueue_at(tx, &FinishUpload { upload: id }, tx.now().plus_ms(FINISH_AFTER_MS)).await?;
    Ok(())
}

async fn set_status(tx: &Tx, id: Uuid, status: UploadStatus, failure: Option<&str>) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::Failure, Expr::value(failure.map(str::to_owned)))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Takes a file no longer, and says why. When the title waited for nothing else, production begins with what it has.
pub async fn refuse(db: &Db, id: Uuid, reason: &str) -> Result<()> {
    close(db, id, UploadStatus::Refused, Some(reason), None).await
}

/// The person gave it up.
///
/// # Errors
/// [`Error::Conflict`] when it is done already.
pub async fn cancel(db: &Db, id: Uuid) -> Result<()> {
    close(db, id, UploadStatus::Cancelled, None, Some(Action::UploadCancelled)).await
}

/// Nobody went on with it in time.
pub async fn expire(db: &Db, id: Uuid) -> Result<()> {
    close(db, id, UploadStatus::Cancelled, Some("Nobody went on with this upload in time."), None).await
}

/// Closes an upload; what a person did is told to the audit trail.
async fn close(db: &Db, id: Uuid, status: UploadStatus, reason: Option<&str>, action: Option<Action>) -> Result<()> {
    db.transaction(async |tx| {
        let closed = close_now(&tx, id, status, reason).await?;
        match action {
            Some(action) if closed => audit::record(&tx, Entry::new(action).on("upload", id)).await,
            _ => Ok(()),
        }
    })
    .await
}

/// Whether it was open.
async fn close_now(tx: &Tx, id: Uuid, status: UploadStatus, reason: Option<&str>) -> Result<bool> {
    let row = Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound("upload"))?;
    match row.status {
        UploadStatus::Receiving | UploadStatus::Checking => {}
        UploadStatus::Done => return Err(Error::conflict("upload.arrived")),
        UploadStatus::Refused | UploadStatus::Cancelled => return Ok(false),
    }
    if let Some(audiobook) = row.audiobook_id {
        arrival::hold_title(tx, audiobook).await?;
    }
    set_status(tx, id, status, reason).await?;
    if let Some(audiobook) = row.audiobook_id {
        arrival::begin_when_all_arrived(tx, audiobook).await?;
    }
    Ok(true)
}

/// Uploads that expired and are not closed, oldest first, at most `limit`.
pub async fn expired(db: &Db, limit: u64) -> Result<Vec<Upload>> {
    let rows = Entity::find()
        .filter(Column::Status.eq(UploadStatus::Receiving))
        .filter(Column::ExpiresAt.lt(db.now()))
        .order_by_asc(Column::ExpiresAt)
        .limit(limit)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(Upload::from).collect())
}

/// The ids of all uploads that are under way.
pub async fn open(db: &Db) -> Result<HashSet<Uuid>> {
    let ids = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::Status.is_in([UploadStatus::Receiving, UploadStatus::Checking]))
        .into_tuple::<Uuid>()
        .all(db.read())
        .await?;
    Ok(ids.into_iter().collect())
}

/// An upload under way of which something is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Growing {
    pub id: Uuid,
    /// Bytes that are acknowledged.
    pub received: i64,
    /// All of it is here; it takes its place among the files at any moment.
    pub whole: bool,
}

/// Those whose bytes are still where uploads grow.
pub async fn growing(db: &Db) -> Result<Vec<Growing>> {
    let rows: Vec<(Uuid, i64, UploadStatus)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Received, Column::Status])
        .filter(Column::Status.is_in([UploadStatus::Receiving, UploadStatus::Checking]))
        .filter(Column::Received.gt(0))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db.read())
        .await?;
    let growing = |(id, received, status)| Growing { id, received, whole: status == UploadStatus::Checking };
    Ok(rows.into_iter().map(growing).collect())
}

/// Most unfinished uploads listed at once.
const LISTED: u64 = 200;

/// What this person began and did not finish, newest first.
pub async fn unfinished(db: &Db, user_id: Uuid) -> Result<Vec<UnfinishedUpload>> {
    let rows = Entity::find()
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Status.eq(UploadStatus::Receiving))
        .filter(Column::ExpiresAt.gte(db.now()))
        .filter(Column::AudiobookId.is_not_null())
        .order_by_desc(Column::UpdatedAt)
        .limit(LISTED)
        .all(db.read())
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            Some(UnfinishedUpload {
                id: row.id,
                audiobook_id: row.audiobook_id?,
                file_name: row.file_name,
                fingerprint: row.fingerprint.unwrap_or_default(),
                size: row.size,
                received: row.received,
            })
        })
        .collect())
}
