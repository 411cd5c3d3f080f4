//! The audio files of a title as the pipeline sees them.

mod arrange;
mod keep;
mod lay;
pub mod order;
pub mod shift;
mod shown;
mod text;
mod wanted;

pub use arrange::{put_in_order, remove, swap};
pub use keep::{Probed, save};
pub(super) use lay::lay;
pub use shown::{shown, version};
pub(super) use wanted::meant_for;
pub use wanted::{Wanted, order_of, sources, wanted};

use crate::Result;
use crate::db::BATCH;
use crate::entities::{files, parts};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

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
