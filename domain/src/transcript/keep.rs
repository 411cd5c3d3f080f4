//! Keeping what was heard: cut into sentences, with what is doubtful marked, and what an admin decided before kept.

use super::cut::sentences;
use super::trust::loops_across;
use super::{Doubt, Standing, TranscribedSegment, Word};
use crate::db::BATCH;
use crate::entities::segments::{ActiveModel, Column, Entity};
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{CaseStatement, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};
use std::ops::Range;
use uuid::Uuid;

/// Pieces before and after a chunk that are looked at with it for a loop.
const NEIGHBOURS: u64 = 40;
/// The same text is the same place if it begins within this of where it began before, in milliseconds.
const SAME_PLACE_MS: i64 = 2_000;

/// Which chunk was heard. Times from the start of the book, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub audiobook_id: Uuid,
    pub chunk_id: Uuid,
    pub start_ms: i64,
    /// Of the first piece; those after it count on.
    pub position: i32,
}

/// A piece that an admin has decided about.
#[derive(FromQueryResult)]
struct Decided {
    start_ms: i64,
    text: String,
    words: String,
    standing: Standing,
    heard_text: Option<String>,
}

/// A piece beside the chunk.
#[derive(FromQueryResult)]
struct Neighbour {
    id: Uuid,
    text: String,
    standing: Standing,
}

/// Puts what was heard in a chunk in place of what was heard in it before. What an admin decided stays where the same text
/// was heard at the same place.
pub(crate) async fn chunk(tx: &Tx, stretch: Stretch, heard: Vec<TranscribedSegment>) -> Result<()> {
    let of_chunk = Column::ChunkId.eq(stretch.chunk_id);
    let mut decided = Entity::find()
        .filter(of_chunk.clone())
        .filter(Column::Standing.is_in(Standing::DECIDED))
        .into_model::<Decided>()
        .all(tx)
        .await?;
    Entity::delete_many().filter(of_chunk).exec(tx).await?;
    let mut pieces = sentences(heard);
    if pieces.is_empty() {
        return Ok(());
    }
    mark_loops(tx, stretch, &mut pieces).await?;
    let mut rows = Vec::with_capacity(pieces.len());
    for (index, piece) in (0..).zip(pieces) {
        let position = stretch.position.saturating_add(index);
        let same = decided.iter().position(|before| {
            before.heard_text.as_ref().unwrap_or(&before.text) == &piece.text
                && (before.start_ms - piece.start_ms).abs() <= SAME_PLACE_MS
        });
        let mut row = row(stretch.audiobook_id, Some(stretch.chunk_id), position, &piece)?;
        if let Some(before) = same.map(|place| decided.swap_remove(place)) {
            row.standing = Set(before.standing);
            if before.standing == Standing::Corrected || before.heard_text.is_some() {
                (row.text, row.words) = (Set(before.text), Set(before.words));
                row.heard_text = Set(before.heard_text);
            }
        }
        rows.push(row);
    }
    insert(tx, rows).await
}

/// A loop may show only over the borders of chunks: then its beginning is marked as well.
async fn mark_loops(tx: &Tx, stretch: Stretch, pieces: &mut [TranscribedSegment]) -> Result<()> {
    let beside = || -> Select<Entity> {
        Entity::find()
            .select_only()
            .columns([Column::Id, Column::Text, Column::Standing])
            .filter(Column::AudiobookId.eq(stretch.audiobook_id))
            .limit(NEIGHBOURS)
    };
    let before = beside()
        .filter(Column::StartMs.lt(stretch.start_ms))
        .order_by_desc(Column::StartMs)
        .into_model::<Neighbour>()
        .all(tx)
        .await?;
    let after = beside()
        .filter(Column::StartMs.gte(stretch.start_ms))
        .order_by_asc(Column::StartMs)
        .into_model::<Neighbour>()
        .all(tx)
        .await?;
    let beside: Vec<_> = before.iter().rev().chain(&after).collect();
    let mut texts: Vec<&str> = beside.iter().map(|row| row.text.as_str()).collect();
    texts.splice(before.len()..before.len(), pieces.iter().map(|piece| piece.text.as_str()));
    let mut loops = loops_across(&texts);
    let own: Vec<bool> = loops.splice(before.len()..before.len() + pieces.len(), []).collect();
    for (piece, _) in pieces.iter_mut().zip(own).filter(|(_, in_loop)| *in_loop) {
        piece.flag = Some(Doubt::Repetition);
    }
    let caught = beside.iter().zip(loops).filter(|(row, in_loop)| *in_loop && row.standing == Standing::Heard);
    let ids: Vec<Uuid> = caught.map(|(row, _)| row.id).collect();
    if !ids.is_empty() {
        Entity::update_many()
            .col_expr(Column::Flag, Expr::value(Doubt::Repetition))
            .col_expr(Column::Standing, Expr::value(Standing::Doubtful))
            .filter(Column::Id.is_in(ids))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Keeps a whole transcript that was made elsewhere.
pub(crate) async fn whole(tx: &Tx, audiobook_id: Uuid, pieces: &[TranscribedSegment]) -> Result<()> {
    let rows = (0..).zip(pieces).map(|(position, piece)| row(audiobook_id, None, position, piece));
    insert(tx, rows.collect::<Result<_>>()?).await
}

/// Forgets all that was heard in a title.
pub(crate) async fn nothing(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::AudiobookId.eq(audiobook_id)).exec(tx).await?;
    Ok(())
}

/// A stretch of a book that lies elsewhere now, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    pub from_ms: i64,
    pub to_ms: i64,
    pub by_ms: i64,
}

/// A piece with the times of its words.
#[derive(FromQueryResult)]
struct Timed {
    id: Uuid,
    start_ms: i64,
    end_ms: i64,
    words: String,
}

/// Takes text along with the sound that it was heard in. No piece reaches from one part of a book into the next.
pub(crate) async fn shift(tx: &Tx, audiobook_id: Uuid, moved: &[Moved]) -> Result<()> {
    if moved.is_empty() {
        return Ok(());
    }
    let by_ms =
        |at_ms: i64| moved.iter().find(|part| (part.from_ms..part.to_ms).contains(&at_ms)).map_or(0, |part| part.by_ms);
    let of_title = || Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).select_only();
    let places: Vec<(Uuid, i64)> = of_title().columns([Column::Id, Column::StartMs]).into_tuple().all(tx).await?;
    let ids: Vec<Uuid> = places.into_iter().filter(|(_, at_ms)| by_ms(*at_ms) != 0).map(|(id, _)| id).collect();
    for ids in ids.chunks(BATCH / 2) {
        let timed = of_title().columns([Column::Id, Column::StartMs, Column::EndMs, Column::Words]);
        let timed = timed.filter(Column::Id.is_in(ids.iter().copied())).into_model::<Timed>().all(tx).await?;
        let (mut starts, mut ends, mut words) = (CaseStatement::new(), CaseStatement::new(), CaseStatement::new());
        for piece in timed {
            let by_ms = by_ms(piece.start_ms);
            let mut said: Vec<Word> = serde_json::from_str(&piece.words)?;
            for word in &mut said {
                word.start_ms += by_ms;
                word.end_ms += by_ms;
            }
            starts = starts.case(Column::Id.eq(piece.id), piece.start_ms + by_ms);
            ends = ends.case(Column::Id.eq(piece.id), piece.end_ms + by_ms);
            words = words.case(Column::Id.eq(piece.id), written(&said)?);
        }
        Entity::update_many()
            .col_expr(Column::StartMs, starts.finally(Expr::col(Column::StartMs)).into())
            .col_expr(Column::EndMs, ends.finally(Expr::col(Column::EndMs)).into())
            .col_expr(Column::Words, words.finally(Expr::col(Column::Words)).into())
            .filter(Column::Id.is_in(ids.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Forgets what was heard in a stretch of a title, in milliseconds.
pub(crate) async fn nothing_between(tx: &Tx, audiobook_id: Uuid, stretch: &Range<i64>) -> Result<()> {
    Entity::delete_many()
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::StartMs.gte(stretch.start))
        .filter(Column::StartMs.lt(stretch.end))
        .exec(tx)
        .await?;
    Ok(())
}

/// Counts the pieces of chunks on, or back.
pub(crate) async fn renumber(tx: &Tx, chunks: &[Uuid], by: i32) -> Result<()> {
    for chunks in chunks.chunks(BATCH) {
        Entity::update_many()
            .col_expr(Column::Position, Expr::col(Column::Position).add(by))
            .filter(Column::ChunkId.is_in(chunks.iter().copied()))
            .exec(tx)
            .await?;
    }
    Ok(())
}

fn row(audiobook_id: Uuid, chunk_id: Option<Uuid>, position: i32, piece: &TranscribedSegment) -> Result<ActiveModel> {
    Ok(ActiveModel {
        id: Set(Uuid::now_v7()),
        audiobook_id: Set(audiobook_id),
        chunk_id: Set(chunk_id),
        position: Set(position),
        start_ms: Set(piece.start_ms),
        end_ms: Set(piece.end_ms),
        text: Set(piece.text.clone()),
        words: Set(written(&piece.words)?),
        confidence: Set(piece.confidence),
        flag: Set(piece.flag),
        standing: Set(if piece.flag.is_some() { Standing::Doubtful } else { Standing::Heard }),
        heard_text: Set(None),
    })
}

/// Words as a row keeps them.
pub(super) fn written(words: &[Word]) -> Result<String> {
    Ok(serde_json::to_string(words)?)
}

async fn insert(tx: &Tx, rows: Vec<ActiveModel>) -> Result<()> {
    for rows in rows.chunks(BATCH) {
        Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}
