//! The moment a file has arrived: it becomes a file of the shop, and with the last one production begins, in one
//! transaction.

use crate::entities::{audiobooks, files, production_steps, uploads};
use crate::production::{Step, UploadStatus, natural_sort, steps};
use crate::{Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{CaseStatement, ExprTrait, OnConflict};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// What was found in a file, whatever its name said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    pub storage_key: String,
    /// In lower-case hexadecimal.
    pub sha256: String,
    pub media_type: &'static str,
}

/// Turns a checked upload into a file of its title; when nothing else is awaited, the files are put in natural order
/// and production begins. Doing it again changes nothing.
///
/// # Errors
/// [`Error::Conflict`] when the upload was cancelled or refused meanwhile.
pub async fn complete(db: &Db, upload_id: Uuid, sound: &Sound) -> Result<()> {
    db.transaction(async |tx| complete_now(&tx, upload_id, sound).await).await
}

async fn complete_now(tx: &Tx, upload_id: Uuid, sound: &Sound) -> Result<()> {
    let Some((upload, audiobook_id)) = checked(tx, upload_id).await? else { return Ok(()) };
    let file_id = file(tx, &upload, sound).await?;
    done(tx, upload_id, Some(file_id)).await?;
    begin_when_all_arrived(tx, audiobook_id).await
}

/// Closes a checked upload that is no part of the book but lay beside it, and says what it was and of which title; none when
/// that was done before. When nothing else is awaited, production begins with the audio there is.
///
/// # Errors
/// [`Error::Conflict`] when the upload was cancelled or refused meanwhile.
pub(in crate::production) async fn arrived_beside(tx: &Tx, upload_id: Uuid) -> Result<Option<(uploads::Model, Uuid)>> {
    let Some((upload, audiobook_id)) = checked(tx, upload_id).await? else { return Ok(None) };
    done(tx, upload_id, None).await?;
    begin_when_all_arrived(tx, audiobook_id).await?;
    Ok(Some((upload, audiobook_id)))
}

/// An upload that is to be closed now, and its title, which is held; none when it is closed already.
async fn checked(tx: &Tx, upload_id: Uuid) -> Result<Option<(uploads::Model, Uuid)>> {
    let upload =
        uploads::Entity::find_by_id(upload_id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound("upload"))?;
    match upload.status {
        UploadStatus::Done => return Ok(None),
        UploadStatus::Checking => {}
        _ => return Err(Error::conflict("upload.given-up")),
    }
    let audiobook_id = upload.audiobook_id.ok_or(Error::NotFound("title"))?;
    hold_title(tx, audiobook_id).await?;
    Ok(Some((upload, audiobook_id)))
}

async fn done(tx: &Tx, upload_id: Uuid, file_id: Option<Uuid>) -> Result<()> {
    uploads::Entity::update_many()
        .col_expr(uploads::Column::Status, Expr::value(UploadStatus::Done))
        .col_expr(uploads::Column::FileId, Expr::value(file_id))
        .col_expr(uploads::Column::StorageState, Expr::value(None::<String>))
        .col_expr(uploads::Column::Failure, Expr::value(None::<String>))
        .col_expr(uploads::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(uploads::Column::Id.eq(upload_id))
        .exec(tx)
        .await?;
    Ok(())
}

/// Uploads of one title end one after the other: each asks whether it is the last.
pub(super) async fn hold_title(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    audiobooks::Entity::find_by_id(audiobook_id)
        .select_only()
        .column(audiobooks::Column::Id)
        .lock_exclusive()
        .into_tuple::<Uuid>()
        .one(tx)
        .await?
        .ok_or(Error::NotFound("title"))?;
    Ok(())
}

/// The row of the file; one for equal content, whoever sent it.
async fn file(tx: &Tx, upload: &uploads::Model, sound: &Sound) -> Result<Uuid> {
    let now = tx.now();
    let row = files::ActiveModel {
        id: Set(Uuid::now_v7()),
        storage_key: Set(sound.storage_key.clone()),
        sha256: Set(sound.sha256.clone()),
        size: Set(upload.size),
        media_type: Set(sound.media_type.to_owned()),
        original_name: Set(upload.file_name.clone()),
        created_at: Set(now),
        tags: Set(None),
        cover_key: Set(None),
    };
    files::Entity::insert(row)
        .on_conflict(OnConflict::column(files::Column::StorageKey).do_nothing_on([files::Column::Id]).to_owned())
        .exec_without_returning(tx)
        .await?;
    let there = files::Entity::find().filter(files::Column::StorageKey.eq(&sound.storage_key)).one(tx).await?;
    there.map(|file| file.id).ok_or_else(|| Error::Damaged("a file that was just written is gone".to_owned()))
}

/// Begins production when no upload of the title is open and there is something that no earlier run began with.
pub(super) async fn begin_when_all_arrived(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    if waiting(tx, audiobook_id).await? {
        return Ok(());
    }
    let arrived = uploads::Entity::find()
        .filter(uploads::Column::AudiobookId.eq(audiobook_id))
        .filter(uploads::Column::Status.eq(UploadStatus::Done))
        // What lies beside the audio is no part of the book.
        .filter(uploads::Column::FileId.is_not_null())
        .order_by_asc(uploads::Column::Position)
        .order_by_asc(uploads::Column::Id)
        .all(tx)
        .await?;
    let begun = production_steps::Entity::find()
        .filter(production_steps::Column::AudiobookId.eq(audiobook_id))
        .filter(production_steps::Column::Step.eq(Step::Upload))
        .one(tx)
        .await?;
    let is_new = |upload: &uploads::Model| begun.as_ref().is_none_or(|step| upload.updated_at >= step.updated_at);
    if !arrived.iter().any(is_new) {
        return Ok(());
    }
    put_in_order(tx, audiobook_id, arrived).await?;
    steps::start_run(tx, audiobook_id).await
}

/// Numbers the files in the natural order of their paths; equal paths stay in the order in which they were dropped.
async fn put_in_order(tx: &Tx, audiobook_id: Uuid, mut files: Vec<uploads::Model>) -> Result<()> {
    files.sort_by(|left, right| natural_sort::compare(&left.relative_path, &right.relative_path));
    let mut place = CaseStatement::new();
    for (file, position) in files.iter().zip(0i32..) {
        place = place.case(Expr::col(uploads::Column::Id).eq(file.id), position);
    }
    uploads::Entity::update_many()
        .col_expr(uploads::Column::Position, place.finally(Expr::col(uploads::Column::Position)).into())
        .filter(uploads::Column::AudiobookId.eq(audiobook_id))
        .filter(uploads::Column::Status.eq(UploadStatus::Done))
        .filter(uploads::Column::FileId.is_not_null())
        .exec(tx)
        .await?;
    Ok(())
}

/// Whether a title still waits for a file.
async fn waiting(tx: &Tx, audiobook_id: Uuid) -> Result<bool> {
    let open = uploads::Entity::find()
        .filter(uploads::Column::AudiobookId.eq(audiobook_id))
        .filter(uploads::Column::Status.is_in([UploadStatus::Receiving, UploadStatus::Checking]))
        .count(tx)
        .await?;
    Ok(open > 0)
}
