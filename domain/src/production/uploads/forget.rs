//! Taking a file away that has arrived and has not become a part of its title, such as one that cannot be heard.

use crate::audit::{self, Action, Entry};
use crate::entities::{upload_parts, uploads};
use crate::production::jobs::{STEP_KINDS, group};
use crate::production::{UploadStatus, deletion, steps};
use crate::{Db, Error, Result, jobs};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

/// Takes such a file away; the title is begun anew with the others.
///
/// # Errors
/// [`Error::NotFound`] when the title has no such upload, [`Error::Conflict`] when it has not arrived, or is a part.
pub async fn forget(db: &Db, audiobook_id: Uuid, upload: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        // In the order in which an upload that arrives, and a worker, take what they change.
        let row = uploads::Entity::find_by_id(upload)
            .filter(uploads::Column::AudiobookId.eq(audiobook_id))
            .lock_exclusive()
            .one(&tx)
            .await?
            .ok_or(Error::NotFound("upload"))?;
        let bound = upload_parts::Entity::find_by_id(upload).one(&tx).await?;
        let Some(file) = row.file_id.filter(|_| row.status == UploadStatus::Done) else {
            return Err(Error::conflict("upload.not-arrived"));
        };
        if bound.is_some_and(|bound| bound.taken) {
            return Err(Error::conflict("upload.is-a-part"));
        }
        jobs::cancel_group(&tx, &group(audiobook_id), &STEP_KINDS).await?;
        super::arrival::hold_title(&tx, audiobook_id).await?;
        uploads::Entity::delete_by_id(upload).exec(&tx).await?;
        deletion::delete_files(&tx, &[file]).await?;
        steps::start_run(&tx, audiobook_id).await?;
        let details = serde_json::json!({ "file": row.file_name, "title": audiobook_id });
        audit::record(&tx, Entry::new(Action::UploadCancelled).on("upload", upload).with(details)).await
    })
    .await
}
