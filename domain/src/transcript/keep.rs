//! Keeping what was heard: cut into sentences, with what is doubtful marked, and what an admin put right or decided before
//! kept.

use super::by_hand::around;
use super::cut::sentences;
use super::trust::loops_across;
use super::{Doubt, Standing, TranscribedSegment, Word};
use crate::db::BATCH;
use crate::entities::segments::{ActiveModel, Column, Entity};
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// Pieces before and after a chunk that are looked at with it for a loop.
const NEIGHBOURS: u64 = 40;
/// No sentence is longer than this, in milliseconds.
const SENTENCE_MS: i64 = 120_000;
/// The same text is the same place if it begins within this of where it began before, in milliseconds.
const SAME_PLACE_MS: i64 = 2_000;

/// Which chunk was heard. Times from the start of the book, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub audiobook_id: Uuid,
    pub chunk_id: Uuid,
    pub start_ms: i64,
    pub end_ms: i64,
    /// Of the first piece; those after it count on.
    pub position: i32,
}

/// A piece that an admin has accepted as it was heard.
#[derive(FromQueryResult)]
struct Decided {
    start_ms: i64,
    text: String,
    standing: Standing,
}

/// A piece beside the chunk.
#[derive(FromQueryResult)]
struct Neighbour {
    id: Uuid,
    start_ms: i64,
    text: String,
    standing: Standing,
    by_hand: bool,
}

/// Puts what was heard in a chunk in place of what was heard there before. What somebody put right stays, and what is heard at
/// that place is left out; what an admin accepted stays accepted where the same text was heard at the same place. Says when
/// the first and the last piece beside the chunk begins that is doubted from now on, where there are such.
pub(crate) async fn chunk(tx: &Tx, stretch: Stretch, heard: Vec<TranscribedSegment>) -> Result<Option<(i64, i64)>> {
    let of_chunk = Column::ChunkId.eq(stretch.chunk_id).and(Column::ByHand.eq(false));
    let mut decided = Entity::find()
        .filter(of_chunk.clone())
        .filter(Column::Standing.is_in(Standing::DECIDED))
        .into_model::<Decided>()
        .all(tx)
        .await?;
    Entity::delete_many().filter(of_chunk).exec(tx).await?;
    // What was heard there when the recording was cut otherwise, or elsewhere.
    Entity::delete_many()
        .filter(Column::AudiobookId.eq(stretch.audiobook_id))
        .filter(Column::StartMs.gte(stretch.start_ms))
        .filter(Column::StartMs.lt(stretch.end_ms))
        .filter(Column::ChunkId.is_null())
        .filter(Column::ByHand.eq(false))
        .exec(tx)
        .await?;
    let mut pieces = around(sentences(heard), &put_right(tx, stretch).await?);
    if pieces.is_empty() {
        return Ok(None);
    }
    let beside = mark_loops(tx, stretch, &mut pieces).await?;
    let mut rows = Vec::with_capacity(pieces.len());
    for (index, piece) in (0..).zip(pieces) {
        let position = stretch.position.saturating_add(index);
        let same = decided
            .iter()
            .position(|before| before.text == piece.text && (before.start_ms - piece.start_ms).abs() <= SAME_PLACE_MS);
        let mut row = row(stretch.audiobook_id, Some(stretch.chunk_id), position, &piece)?;
        if let Some(before) = same.map(|place| decided.swap_remove(place)) {
            row.standing = Set(before.standing);
        }
        rows.push(row);
    }
    insert(tx, rows).await?;
    Ok(beside)
}

/// Where somebody has put the text right, in milliseconds from the start of the book.
async fn put_right(tx: &Tx, stretch: Stretch) -> Result<Vec<(i64, i64)>> {
    let rows = Entity::find()
        .select_only()
        .columns([Column::StartMs, Column::EndMs])
        .filter(Column::AudiobookId.eq(stretch.audiobook_id))
        .filter(Column::StartMs.gte(stretch.start_ms.saturating_sub(SENTENCE_MS)))
        .filter(Column::StartMs.lt(stretch.end_ms))
        .filter(Column::EndMs.gt(stretch.start_ms))
        .filter(Column::ByHand.eq(true));
    Ok(rows.into_tuple().all(tx).await?)
}

/// A loop may show only over the borders of chunks: then its beginning is marked as well. Says from where to where it was
/// beside the chunk.
async fn mark_loops(tx: &Tx, stretch: Stretch, pieces: &mut [TranscribedSegment]) -> Result<Option<(i64, i64)>> {
    let beside = || -> Select<Entity> {
        Entity::find()
            .select_only()
            .columns([Column::Id, Column::StartMs, Column::Text, Column::Standing, Column::ByHand])
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
        .filter(Column::StartMs.gte(stretch.end_ms))
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
    let caught =
        beside.iter().zip(loops).filter(|(row, in_loop)| *in_loop && row.standing == Standing::Heard && !row.by_hand);
    let caught: Vec<&Neighbour> = caught.map(|(row, _)| *row).collect();
    if !caught.is_empty() {
        let ids: Vec<Uuid> = caught.iter().map(|row| row.id).collect();
        Entity::update_many()
            .col_expr(Column::Flag, Expr::value(Doubt::Repetition))
            .col_expr(Column::Standing, Expr::value(Standing::Doubtful))
            .filter(Column::Id.is_in(ids))
            .exec(tx)
            .await?;
    }
    let starts = || caught.iter().map(|row| row.start_ms);
    Ok(starts().min().zip(starts().max()))
}

/// Keeps a whole transcript that was made elsewhere.
pub(crate) async fn whole(tx: &Tx, audiobook_id: Uuid, pieces: &[TranscribedSegment]) -> Result<()> {
    let rows = (0..).zip(pieces).map(|(position, piece)| row(audiobook_id, None, position, piece));
    insert(tx, rows.collect::<Result<_>>()?).await
}

/// Forgets what was heard before the recording was cut as it is now, unless somebody put it right. Says whether there was any.
pub(crate) async fn no_leftovers(tx: &Tx, audiobook_id: Uuid) -> Result<bool> {
    let left = Entity::delete_many()
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::ChunkId.is_null())
        .filter(Column::ByHand.eq(false))
        .exec(tx)
        .await?;
    Ok(left.rows_affected > 0)
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
        version: Set(0),
        by_hand: Set(piece.by_hand),
        apart: Set(piece.apart),
        speaker: Set(piece.speaker.clone()),
    })
}

/// Words as a row keeps them.
fn written(words: &[Word]) -> Result<String> {
    Ok(serde_json::to_string(words)?)
}

async fn insert(tx: &Tx, rows: Vec<ActiveModel>) -> Result<()> {
    for rows in rows.chunks(BATCH) {
        Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}
