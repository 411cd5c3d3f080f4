//! The audio files of a title as the pipeline sees them.

use super::again;
use crate::db::BATCH;
use crate::entities::{audiobooks, files, parts, uploads};
use crate::jobs::{self, Claim};
use crate::production::UploadStatus;
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// Packets may promise more or less than decoding gives, by less than this.
const ROUNDING_MS: i64 = 2_000;

/// A stored file of a title, in the order of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub file_id: Uuid,
    pub storage_key: String,
    pub sha256: String,
    /// In bytes.
    pub size: i64,
    pub media_type: String,
    pub original_name: String,
}

/// A part of a book after the probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub id: Uuid,
    pub position: i32,
    /// From the start of the book, in milliseconds.
    pub start_ms: i64,
    pub duration_ms: i64,
    pub source: Source,
}

/// What the probe found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    pub file_id: Uuid,
    pub duration_ms: i64,
    pub codec: String,
    /// Samples a second.
    pub sample_rate: i32,
    pub channels: i32,
}

/// The files of a title in order: those that arrived last, or else those that it has.
pub async fn sources(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Source>> {
    let arrived: Vec<Uuid> = uploads::Entity::find()
        .filter(uploads::Column::AudiobookId.eq(audiobook_id))
        .filter(uploads::Column::Status.eq(UploadStatus::Done))
        .order_by_asc(uploads::Column::Position)
        .order_by_asc(uploads::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|upload| upload.file_id)
        .collect();
    if arrived.is_empty() {
        return Ok(parts(db, audiobook_id).await?.into_iter().map(|part| part.source).collect());
    }
    let mut files = files_by_id(db, &arrived).await?;
    Ok(arrived.iter().filter_map(|id| files.remove(id)).collect())
}

/// The parts of a title in order.
pub async fn parts(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Part>> {
    let rows = parts::Entity::find()
        .filter(parts::Column::AudiobookId.eq(audiobook_id))
        .order_by_asc(parts::Column::Position)
        .all(db)
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.file_id).collect();
    let files = files_by_id(db, &ids).await?;
    let part = |row: parts::Model| {
        let source = files.get(&row.file_id)?.clone();
        Some(Part { id: row.id, position: row.position, start_ms: row.start_ms, duration_ms: row.duration_ms, source })
    };
    Ok(rows.into_iter().filter_map(part).collect())
}

async fn files_by_id(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<HashMap<Uuid, Source>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(BATCH) {
        let rows = files::Entity::find().filter(files::Column::Id.is_in(ids.iter().copied())).all(db).await?;
        found.extend(rows.into_iter().map(|row| (row.id, source(row))));
    }
    Ok(found)
}

fn source(row: files::Model) -> Source {
    Source {
        file_id: row.id,
        storage_key: row.storage_key,
        sha256: row.sha256,
        size: row.size,
        media_type: row.media_type,
        original_name: row.original_name,
    }
}

/// Writes what the probe found: the parts in this order and the length of the book. Parts of the same files keep their
/// ids, so that a probe done again does not throw the transcript away.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands.
pub async fn save(tx: &Tx, claim: &Claim, audiobook_id: Uuid, probed: &[Probed]) -> Result<()> {
    let now = tx.now();
    jobs::hold(tx, claim).await?;
    let there = parts(tx, audiobook_id).await?;
    let unchanged = there.len() == probed.len()
        && there.iter().zip(probed).all(|(part, new)| {
            part.source.file_id == new.file_id && (part.duration_ms - new.duration_ms).abs() < ROUNDING_MS
        });
    // What was decoded of a part counts, once it was.
    let duration_ms: i64 = match unchanged {
        true => there.iter().map(|part| part.duration_ms).sum(),
        false => probed.iter().map(|part| part.duration_ms).sum(),
    };
    if !unchanged {
        again::other_recording(tx, audiobook_id).await?;
        parts::Entity::delete_many().filter(parts::Column::AudiobookId.eq(audiobook_id)).exec(tx).await?;
        let mut start_ms = 0;
        let mut rows = Vec::with_capacity(probed.len());
        for (position, part) in (0..).zip(probed) {
            rows.push(parts::ActiveModel {
                id: Set(Uuid::now_v7()),
                audiobook_id: Set(audiobook_id),
                file_id: Set(part.file_id),
                position: Set(position),
                start_ms: Set(start_ms),
                duration_ms: Set(part.duration_ms),
                codec: Set(part.codec.clone()),
                sample_rate: Set(part.sample_rate),
                channels: Set(part.channels),
                created_at: Set(now),
            });
            start_ms += part.duration_ms;
        }
        parts::Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    audiobooks::Entity::update_many()
        .col_expr(audiobooks::Column::DurationMs, Expr::value(duration_ms))
        .col_expr(audiobooks::Column::UpdatedAt, Expr::value(now))
        .filter(audiobooks::Column::Id.eq(audiobook_id))
        .exec(tx)
        .await?;
    Ok(())
}
