//! The chapters of a title.

use super::{Chapter, ChapterSource};
use crate::db::BATCH;
use crate::entities::chapters;
use crate::{Db, Result, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use std::collections::HashMap;
use uuid::Uuid;

/// The chapters of a title, in order.
pub async fn chapters_of(db: &Db, audiobook_id: Uuid) -> Result<Vec<Chapter>> {
    let rows = chapters::Entity::find()
        .filter(chapters::Column::AudiobookId.eq(audiobook_id))
        .order_by_asc(chapters::Column::Position)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(|row| Chapter { title: row.title, start_ms: row.start_ms, end_ms: row.end_ms }).collect())
}

/// The chapters of some titles, in order.
pub async fn chapters_of_titles(db: &Db, audiobook_ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<Chapter>>> {
    let mut all: HashMap<Uuid, Vec<Chapter>> = HashMap::new();
    for some in audiobook_ids.chunks(BATCH) {
        let rows = chapters::Entity::find()
            .filter(chapters::Column::AudiobookId.is_in(some.iter().copied()))
            .order_by_asc(chapters::Column::Position)
            .all(db.read())
            .await?;
        for row in rows {
            let chapter = Chapter { title: row.title, start_ms: row.start_ms, end_ms: row.end_ms };
            all.entry(row.audiobook_id).or_default().push(chapter);
        }
    }
    Ok(all)
}

/// Writes the chapters of a title, unless an admin has written some.
pub async fn save(tx: &Tx, audiobook_id: Uuid, source: ChapterSource, new: &[Chapter]) -> Result<bool> {
    let of_title = || chapters::Column::AudiobookId.eq(audiobook_id);
    let by_hand = chapters::Entity::find()
        .filter(of_title())
        .filter(chapters::Column::Source.eq(ChapterSource::Admin))
        .count(tx)
        .await?;
    if by_hand > 0 {
        return Ok(false);
    }
    chapters::Entity::delete_many().filter(of_title()).exec(tx).await?;
    let rows: Vec<_> = (0..)
        .zip(new)
        .map(|(position, chapter)| chapters::ActiveModel {
            id: Set(Uuid::now_v7()),
            audiobook_id: Set(audiobook_id),
            position: Set(position),
            title: Set(chapter.title.chars().filter(|c| !c.is_control()).take(300).collect()),
            start_ms: Set(chapter.start_ms),
            end_ms: Set(chapter.end_ms),
            source: Set(source),
        })
        .collect();
    for rows in rows.chunks(BATCH) {
        chapters::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(true)
}
