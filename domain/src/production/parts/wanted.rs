//! The files that are to be the parts of a title: those that are, with what has arrived to take the place of one, and what
//! has arrived besides.

use super::order::{self, Placed};
use super::{Part, Source, files_by_id, parts};
use crate::entities::{upload_parts, uploads};
use crate::production::UploadStatus;
use crate::production::recorded::FileTags;
use crate::{Result, Tx};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// A file that is to be a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub source: Source,
    /// The part that it is, or takes the place of; none for a new one.
    pub part: Option<Uuid>,
    /// The upload that brought it, while it is not a part yet.
    pub upload: Option<Uuid>,
    /// Its path below the folder that was dropped, or its name.
    pub path: String,
}

/// The files that are to be the parts of a title, in order, the new ones last.
pub async fn wanted(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Wanted>> {
    let there = parts(db, audiobook_id).await?;
    let arrived = uploads::Entity::find()
        .filter(uploads::Column::AudiobookId.eq(audiobook_id))
        .filter(uploads::Column::Status.eq(UploadStatus::Done))
        .filter(uploads::Column::FileId.is_not_null())
        .order_by_asc(uploads::Column::Position)
        .order_by_asc(uploads::Column::Id)
        .all(db)
        .await?;
    let bound = bound(db, &arrived).await?;
    let fresh: Vec<&uploads::Model> =
        arrived.iter().filter(|upload| bound.get(&upload.id).is_none_or(|bound| !bound.taken)).collect();
    let ids: Vec<Uuid> = fresh.iter().filter_map(|upload| upload.file_id).collect();
    let files = files_by_id(db, &ids).await?;
    let of_upload = |upload: &uploads::Model, part: Option<Uuid>| {
        let source = files.get(&upload.file_id?)?.clone();
        Some(Wanted { source, part, upload: Some(upload.id), path: upload.relative_path.clone() })
    };
    let replaces = |upload: &uploads::Model| bound.get(&upload.id).map(|bound| bound.part_id);
    let path_of = |part: Uuid| {
        let taken =
            |upload: &&uploads::Model| bound.get(&upload.id).is_some_and(|bound| bound.taken && bound.part_id == part);
        arrived.iter().rev().find(taken).map(|upload| upload.relative_path.clone())
    };
    let mut wanted = Vec::with_capacity(there.len() + fresh.len());
    for part in &there {
        // Of several recordings that were sent of one part the last counts.
        let better = fresh.iter().filter(|upload| replaces(upload) == Some(part.id)).max_by_key(|upload| upload.id);
        let better = better.and_then(|upload| of_upload(upload, Some(part.id)));
        wanted.push(better.unwrap_or_else(|| Wanted {
            source: part.source.clone(),
            part: Some(part.id),
            upload: None,
            path: path_of(part.id).unwrap_or_else(|| part.source.original_name.clone()),
        }));
    }
    let is_there = |part: Uuid| there.iter().any(|other| other.id == part);
    let new = fresh.into_iter().filter(|upload| !replaces(upload).is_some_and(is_there));
    wanted.extend(new.filter_map(|upload| of_upload(upload, None)));
    Ok(wanted)
}

async fn bound(db: &impl ConnectionTrait, arrived: &[uploads::Model]) -> Result<HashMap<Uuid, upload_parts::Model>> {
    let mut found = HashMap::new();
    for arrived in arrived.chunks(crate::db::BATCH) {
        let ids = arrived.iter().map(|upload| upload.id);
        let rows = upload_parts::Entity::find().filter(upload_parts::Column::UploadId.is_in(ids)).all(db).await?;
        found.extend(rows.into_iter().map(|row| (row.upload_id, row)));
    }
    Ok(found)
}

/// The same, as files alone.
pub async fn sources(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Source>> {
    Ok(wanted(db, audiobook_id).await?.into_iter().map(|wanted| wanted.source).collect())
}

/// The order of the book for files that are to be its parts, by what they say of themselves: the first is the place of the one
/// that comes first.
pub fn order_of(wanted: &[Wanted], tags: &HashMap<Uuid, FileTags>) -> Vec<usize> {
    let placed = |wanted: &Wanted| {
        let said = tags.get(&wanted.source.file_id);
        let (disc, track) = said.map_or((None, None), |said| (said.disc, said.track));
        Placed { path: wanted.path.clone(), disc, track }
    };
    let placed: Vec<Placed> = wanted.iter().map(placed).collect();
    let there = wanted.iter().take_while(|wanted| wanted.part.is_some()).count();
    if there == wanted.len() {
        // Nobody asked for another order.
        return (0..there).collect();
    }
    order::with_new(&placed, there)
}

/// An upload is to take the place of a part.
pub(in crate::production) async fn meant_for(tx: &Tx, upload: Uuid, part: Uuid) -> Result<()> {
    bind(tx, upload, part, false).await
}

/// An upload has become a part. Recordings of that part which came before it are forgotten: left where they are, one of them
/// would take its place the next time. Says which files they were.
pub(super) async fn taken(tx: &Tx, upload: Uuid, part: Uuid) -> Result<Vec<Uuid>> {
    bind(tx, upload, part, true).await?;
    let bound = upload_parts::Entity::find()
        .filter(upload_parts::Column::PartId.eq(part))
        .filter(upload_parts::Column::Taken.eq(false))
        .all(tx)
        .await?;
    let earlier: Vec<Uuid> = bound.iter().map(|bound| bound.upload_id).filter(|id| *id < upload).collect();
    if earlier.is_empty() {
        return Ok(Vec::new());
    }
    // One that is still on its way is looked at when it arrives.
    let passed_over = uploads::Entity::find()
        .filter(uploads::Column::Id.is_in(earlier))
        .filter(uploads::Column::Status.eq(UploadStatus::Done))
        .all(tx)
        .await?;
    let ids: Vec<Uuid> = passed_over.iter().map(|upload| upload.id).collect();
    uploads::Entity::delete_many().filter(uploads::Column::Id.is_in(ids)).exec(tx).await?;
    Ok(passed_over.into_iter().filter_map(|upload| upload.file_id).collect())
}

async fn bind(tx: &Tx, upload: Uuid, part: Uuid, taken: bool) -> Result<()> {
    let row = upload_parts::ActiveModel { upload_id: Set(upload), part_id: Set(part), taken: Set(taken) };
    let there = OnConflict::column(upload_parts::Column::UploadId)
        .update_columns([upload_parts::Column::PartId, upload_parts::Column::Taken])
        .to_owned();
    upload_parts::Entity::insert(row).on_conflict(there).exec_without_returning(tx).await?;
    Ok(())
}

/// Forgets the uploads that had become a part, all but `but`: their sound is in the book no more.
pub(super) async fn forget_uploads(tx: &Tx, part: &Part, but: Option<Uuid>) -> Result<()> {
    let bound = upload_parts::Entity::find().filter(upload_parts::Column::PartId.eq(part.id)).all(tx).await?;
    let old: Vec<Uuid> =
        bound.iter().filter(|bound| bound.taken && Some(bound.upload_id) != but).map(|bound| bound.upload_id).collect();
    if !old.is_empty() {
        uploads::Entity::delete_many().filter(uploads::Column::Id.is_in(old)).exec(tx).await?;
    }
    Ok(())
}
