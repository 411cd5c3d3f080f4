//! The beginning of an upload: what is known of the file before its first byte.

use super::{Upload, get, received_all};
use crate::audit::{self, Action, Entry};
use crate::entities::parts as rows;
use crate::entities::uploads::{ActiveModel, Column, Entity};
use crate::production::{UploadStatus, parts};
use crate::{Db, Error, Result, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

/// Uploads of one person that are not finished, at most: more than a book has files.
const MOST_OPEN: u64 = 500;
/// Files that a title is made of, at most: a book of a hundred hours in pieces of three minutes.
const MOST_PARTS: u64 = 2_000;
/// Longest file name and path kept, in characters.
const NAME: usize = 255;
const PATH: usize = 600;

/// An upload that is about to begin.
#[derive(Clone, Debug)]
pub struct NewUpload {
    pub id: Uuid,
    pub user_id: Uuid,
    pub audiobook_id: Uuid,
    pub position: i32,
    /// The file's own name.
    pub file_name: String,
    /// Its path below the folder that was dropped; the name where it came alone.
    pub relative_path: String,
    pub media_type: Option<String>,
    /// What the browser knows the file by when it is chosen again.
    pub fingerprint: Option<String>,
    /// As the client sent it.
    pub metadata: String,
    /// In bytes.
    pub size: i64,
    pub storage_state: String,
    /// How long it is kept when nobody goes on with it, in milliseconds.
    pub keep_ms: i64,
}

/// The name of a file without folders and control characters, cut to what is kept.
pub fn plain_name(text: &str) -> String {
    let name = text.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(NAME).collect();
    let name = name.trim();
    if name.is_empty() || name == "." || name == ".." { "audio".to_owned() } else { name.to_owned() }
}

/// Takes note of an upload.
///
/// # Errors
/// As [`begin_for`].
pub async fn begin(db: &Db, new: NewUpload) -> Result<Upload> {
    begin_for(db, new, None).await
}

/// Takes note of an upload that is to take the place of a part of its title; of none where it is `None`.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title, or it has no such part; [`Error::Conflict`] when it has as many as a title
/// can have.
pub async fn begin_for(db: &Db, new: NewUpload, replaces: Option<Uuid>) -> Result<Upload> {
    let now = db.now();
    let row = ActiveModel {
        id: Set(new.id),
        user_id: Set(new.user_id),
        audiobook_id: Set(Some(new.audiobook_id)),
        position: Set(new.position),
        file_name: Set(plain_name(&new.file_name)),
        relative_path: Set(new.relative_path.chars().filter(|c| !c.is_control()).take(PATH).collect()),
        media_type: Set(new.media_type.map(|text| text.chars().take(100).collect())),
        fingerprint: Set(new.fingerprint.map(|text| text.chars().take(200).collect())),
        metadata: Set(Some(new.metadata)),
        size: Set(new.size),
        received: Set(0),
        storage_state: Set(Some(new.storage_state)),
        status: Set(UploadStatus::Receiving),
        failure: Set(None),
        file_id: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        expires_at: Set(now.plus_ms(new.keep_ms)),
    };
    let details = serde_json::json!({ "file": row.file_name.as_ref(), "bytes": new.size, "title": new.audiobook_id });
    let line = Entry::new(Action::UploadBegun).on("upload", new.id).with(details);
    db.transaction(async |tx| {
        note(&tx, row.clone(), new.size).await?;
        match replaces {
            Some(part) => replace(&tx, new.audiobook_id, part, new.id, row.file_name.as_ref()).await?,
            None => room(&tx, new.audiobook_id).await?,
        }
        audit::record(&tx, line.clone()).await
    })
    .await?;
    get(db, new.id).await
}

/// An upload is to take the place of a part.
async fn replace(tx: &Tx, audiobook_id: Uuid, part: Uuid, upload: Uuid, file_name: &str) -> Result<()> {
    let there = parts::parts(tx, audiobook_id).await?;
    let there = there.iter().find(|other| other.id == part).ok_or(Error::NotFound("part"))?;
    parts::meant_for(tx, upload, part).await?;
    let before = there.source.original_name.as_str();
    let details = serde_json::json!({ "part": there.position + 1, "before": before, "file": file_name });
    audit::record(tx, Entry::new(Action::PartReplaced).on("title", audiobook_id).with(details)).await
}

/// Refuses one file too many. The one that is about to begin is counted.
async fn room(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    let parts = rows::Entity::find().filter(rows::Column::AudiobookId.eq(audiobook_id)).count(tx).await?;
    let open = [UploadStatus::Receiving, UploadStatus::Checking, UploadStatus::Done];
    let uploads = Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).filter(Column::Status.is_in(open));
    // Those that have become parts are counted in both.
    if parts >= MOST_PARTS || uploads.count(tx).await? > MOST_PARTS {
        return Err(Error::conflict("parts.too-many").with("most", MOST_PARTS));
    }
    Ok(())
}

async fn note(tx: &Tx, row: ActiveModel, size: i64) -> Result<()> {
    let open = Entity::find()
        .filter(Column::UserId.eq(*row.user_id.as_ref()))
        .filter(Column::Status.eq(UploadStatus::Receiving));
    if open.count(tx).await? >= MOST_OPEN {
        return Err(Error::conflict("upload.too-many-open").with("most", MOST_OPEN));
    }
    let id = *row.id.as_ref();
    Entity::insert(row).exec_without_returning(tx).await.map_err(|error| match error.sql_err() {
        Some(sea_orm::SqlErr::ForeignKeyConstraintViolation(_)) => Error::NotFound("title"),
        _ => error.into(),
    })?;
    if size == 0 { received_all(tx, id).await } else { Ok(()) }
}
