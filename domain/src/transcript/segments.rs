//! What was said in a title. Whoever asks has made sure that it may be shown.

use super::{Segment, Word};
use crate::entities::segments::{Column, Entity, Model};
use crate::{Db, Result};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// No segment is longer than this, in milliseconds: speech models hear half a minute or less at once.
const SEGMENT_MS: i64 = 120_000;

/// A sentence of the transcript, for those who work on its text.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Sentence {
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    pub flag: Option<String>,
}

/// All that was said, without the times of single words.
pub async fn whole(db: &Db, audiobook_id: Uuid) -> Result<Vec<Segment>> {
    without_words(db, sentences_of(audiobook_id)).await
}

/// The first `most` segments, without the times of single words.
pub async fn first(db: &Db, audiobook_id: Uuid, most: u64) -> Result<Vec<Segment>> {
    without_words(db, sentences_of(audiobook_id).limit(most)).await
}

/// Whether anything was heard.
pub async fn any(db: &Db, audiobook_id: Uuid) -> Result<bool> {
    let first: Option<i32> = Entity::find()
        .select_only()
        .column(Column::Position)
        .filter(Column::AudiobookId.eq(audiobook_id))
        .limit(1)
        .into_tuple()
        .one(db.read())
        .await?;
    Ok(first.is_some())
}

/// The segments that are heard between two points of the book, in milliseconds from its start.
pub async fn between(db: &Db, audiobook_id: Uuid, from_ms: i64, to_ms: i64) -> Result<Vec<Segment>> {
    let rows = Entity::find()
        .filter(Column::AudiobookId.eq(audiobook_id))
        // A lower bound of the start, so that the index is entered near and not at the beginning of the book.
        .filter(Column::StartMs.gte(from_ms.saturating_sub(SEGMENT_MS)))
        .filter(Column::StartMs.lt(to_ms))
        .filter(Column::EndMs.gt(from_ms))
        .order_by_asc(Column::StartMs)
        .order_by_asc(Column::Position)
        .all(db.read())
        .await?;
    rows.into_iter().map(segment).collect()
}

/// What is heard between two points and nothing beyond: a sentence that is cut there keeps the words that lie inside.
pub async fn cut(db: &Db, audiobook_id: Uuid, from_ms: i64, to_ms: i64) -> Result<Vec<Segment>> {
    let segments = between(db, audiobook_id, from_ms, to_ms).await?;
    Ok(segments.into_iter().filter_map(|segment| inside(segment, from_ms, to_ms)).collect())
}

fn inside(segment: Segment, from_ms: i64, to_ms: i64) -> Option<Segment> {
    if segment.start_ms >= from_ms && segment.end_ms <= to_ms {
        return Some(segment);
    }
    let mut words = segment.words;
    words.retain(|word| word.start_ms >= from_ms && word.end_ms <= to_ms);
    let (start_ms, end_ms) = (words.first()?.start_ms, words.last()?.end_ms);
    let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    Some(Segment { position: segment.position, start_ms, end_ms, text, words })
}

fn sentences_of(audiobook_id: Uuid) -> Select<Entity> {
    Entity::find()
        .select_only()
        .columns([Column::Position, Column::StartMs, Column::EndMs, Column::Text])
        .filter(Column::AudiobookId.eq(audiobook_id))
        .order_by_asc(Column::StartMs)
        .order_by_asc(Column::Position)
}

/// The whole transcript without its words, in order.
pub async fn sentences(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Sentence>> {
    Ok(Entity::find()
        .select_only()
        .columns([Column::StartMs, Column::EndMs, Column::Text, Column::Flag])
        .filter(Column::AudiobookId.eq(audiobook_id))
        .order_by_asc(Column::StartMs)
        .order_by_asc(Column::Position)
        .into_model::<Sentence>()
        .all(db)
        .await?)
}

async fn without_words(db: &Db, sentences: Select<Entity>) -> Result<Vec<Segment>> {
    let rows: Vec<(i32, i64, i64, String)> = sentences.into_tuple().all(db.read()).await?;
    let segment = |(position, start_ms, end_ms, text)| Segment { position, start_ms, end_ms, text, words: Vec::new() };
    Ok(rows.into_iter().map(segment).collect())
}

fn segment(row: Model) -> Result<Segment> {
    let words: Vec<Word> = serde_json::from_str(&row.words)?;
    Ok(Segment { position: row.position, start_ms: row.start_ms, end_ms: row.end_ms, text: row.text, words })
}
