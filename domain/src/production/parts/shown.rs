//! The parts of a title as those see them who may change them.

use super::parts;
use crate::catalog::titles;
use crate::entities::{upload_parts, uploads};
use crate::production::copies::{self, Standing};
use crate::production::{CopyView, PartView, PartsView, UploadStatus};
use crate::{Db, Result};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use std::collections::HashMap;
use uuid::Uuid;

/// The parts of a title in order, with what is known of their copies and of recordings that come to take their places.
///
/// # Errors
/// [`crate::Error::NotFound`] when there is no such title.
pub async fn shown(db: &Db, audiobook_id: Uuid) -> Result<PartsView> {
    let title = titles::by_id(db.read(), audiobook_id).await?;
    let there = parts(db.read(), audiobook_id).await?;
    let files: Vec<Uuid> = there.iter().map(|part| part.source.file_id).collect();
    let copies = copies::of(db.read(), &files).await?;
    let mut coming = coming(db.read(), audiobook_id).await?;
    let view = |part: super::Part| PartView {
        id: part.id,
        position: part.position,
        start_ms: part.start_ms,
        duration_ms: part.duration_ms,
        copy: copy(copies.get(&part.source.file_id)),
        coming: coming.remove(&part.id),
        file_name: part.source.original_name,
        media_type: part.source.media_type,
        size: part.source.size,
        sha256: part.source.sha256,
    };
    Ok(PartsView { version: title.parts_version, parts: there.into_iter().map(view).collect() })
}

/// How often the parts of a title were changed, and one.
///
/// # Errors
/// As [`shown`].
pub async fn version(db: &Db, audiobook_id: Uuid) -> Result<i32> {
    Ok(titles::by_id(db.read(), audiobook_id).await?.parts_version)
}

fn copy(standing: Option<&Standing>) -> CopyView {
    match standing {
        Some(Standing { made: true, .. }) => CopyView::Made,
        Some(Standing { failure: Some(failure), .. }) => CopyView::Failed(failure.clone()),
        Some(Standing { reason: Some(_), .. }) => CopyView::Waiting,
        Some(_) | None => CopyView::NotNeeded,
    }
}

/// The names of files that are on their way to take the place of a part, or have arrived and are not looked into yet.
async fn coming(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<HashMap<Uuid, String>> {
    let open = [UploadStatus::Receiving, UploadStatus::Checking, UploadStatus::Done];
    let there = uploads::Entity::find()
        .filter(uploads::Column::AudiobookId.eq(audiobook_id))
        .filter(uploads::Column::Status.is_in(open))
        .all(db)
        .await?;
    let names: HashMap<Uuid, String> = there.into_iter().map(|upload| (upload.id, upload.file_name)).collect();
    let ids: Vec<Uuid> = names.keys().copied().collect();
    let mut coming = HashMap::new();
    for ids in ids.chunks(crate::db::BATCH) {
        let bound = upload_parts::Entity::find()
            .filter(upload_parts::Column::UploadId.is_in(ids.iter().copied()))
            .filter(upload_parts::Column::Taken.eq(false))
            .all(db)
            .await?;
        coming.extend(bound.into_iter().filter_map(|row| Some((row.part_id, names.get(&row.upload_id)?.clone()))));
    }
    Ok(coming)
}
