//! What is heard of a title: the chunks that the speech model hears, and the segments that come of them.
//!
//! A chunk is saved with all its segments in one transaction; a chunk that is done is never heard again, unless an admin
//! asks for the whole step to be redone.

mod plan;

pub(super) use plan::in_order;
pub use plan::{PlannedChunk, plan_chunks};

use super::jobs::subject;
use super::steps::rows;
use super::{ChunkStatus, Step};
use crate::entities::chunks;
use crate::jobs::{self, Claim};
use crate::spoken::index;
use crate::transcript::TranscribedSegment;
use crate::transcript::keep::{self, Stretch};
use crate::{Db, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// A chunk that waits to be heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    pub id: Uuid,
    pub position: i32,
    pub part_id: Uuid,
    pub start_ms: i64,
    pub end_ms: i64,
    /// Tries that failed so far.
    pub attempt: i32,
}

impl From<chunks::Model> for Chunk {
    fn from(row: chunks::Model) -> Self {
        let chunks::Model { id, position, part_id, start_ms, end_ms, attempt, .. } = row;
        Self { id, position, part_id, start_ms, end_ms, attempt }
    }
}

/// How many chunks there are, and how they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub done: u32,
    pub failed: u32,
    pub total: u32,
    /// Milliseconds of audio in the chunks that are done, and in all of them.
    pub done_ms: i64,
    pub total_ms: i64,
}

/// The first chunk that nobody has heard yet.
pub async fn next_chunk(db: &Db, audiobook_id: Uuid) -> Result<Option<Chunk>> {
    let row = chunks::Entity::find()
        .filter(chunks::Column::AudiobookId.eq(audiobook_id))
        .filter(chunks::Column::Status.eq(ChunkStatus::Waiting))
        .order_by_asc(chunks::Column::Position)
        .one(db.read())
        .await?;
    Ok(row.map(Chunk::from))
}

/// The first chunks that nobody has heard yet and nobody has failed to hear, at most `most`.
pub async fn next_chunks(db: &Db, audiobook_id: Uuid, most: u64) -> Result<Vec<Chunk>> {
    let rows = chunks::Entity::find()
        .filter(chunks::Column::AudiobookId.eq(audiobook_id))
        .filter(chunks::Column::Status.eq(ChunkStatus::Waiting))
        .filter(chunks::Column::Attempt.eq(0))
        .order_by_asc(chunks::Column::Position)
        .limit(most)
        .all(db.read())
        .await?;
    Ok(rows.into_iter().map(Chunk::from).collect())
}

/// Chunks at places all over a title, in order, as many as asked for: of each equal share of them the middle one.
pub async fn places(db: &Db, audiobook_id: Uuid, number: usize) -> Result<Vec<Chunk>> {
    let all: Vec<Uuid> = chunks::Entity::find()
        .select_only()
        .column(chunks::Column::Id)
        .filter(chunks::Column::AudiobookId.eq(audiobook_id))
        .order_by_asc(chunks::Column::Position)
        .into_tuple()
        .all(db.read())
        .await?;
    let number = Ord::min(number, all.len());
    let chosen = (0..number).map(|place| all[(2 * place + 1) * all.len() / (2 * number)]);
    let rows = chunks::Entity::find().filter(chunks::Column::Id.is_in(chosen)).order_by_asc(chunks::Column::Position);
    Ok(rows.all(db.read()).await?.into_iter().map(Chunk::from).collect())
}

/// How the chunks of a title stand.
pub async fn counts(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Counts> {
    let rows: Vec<(ChunkStatus, i64, i64)> = chunks::Entity::find()
        .select_only()
        .column(chunks::Column::Status)
        .column(chunks::Column::StartMs)
        .column(chunks::Column::EndMs)
        .filter(chunks::Column::AudiobookId.eq(audiobook_id))
        .into_tuple()
        .all(db)
        .await?;
    let mut counts = Counts::default();
    for (status, start_ms, end_ms) in rows {
        counts.total += 1;
        counts.total_ms += end_ms - start_ms;
        match status {
            ChunkStatus::Done => {
                counts.done += 1;
                counts.done_ms += end_ms - start_ms;
            }
            ChunkStatus::Failed => counts.failed += 1,
            ChunkStatus::Waiting => {}
        }
    }
    Ok(counts)
}

/// Saves what was heard in a chunk, cut into sentences, what it is found by, and how far the step is, in one transaction.
/// Saying it twice changes nothing.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands.
pub async fn save_chunk(
    db: &Db,
    claim: &Claim,
    chunk: &Chunk,
    heard_by: &str,
    heard: &[TranscribedSegment],
) -> Result<()> {
    let (audiobook_id, _) = subject(claim)?;
    db.transaction(async |tx| {
        let now = tx.now();
        jobs::achieved(&tx, claim).await?;
        let marked = chunks::Entity::update_many()
            .col_expr(chunks::Column::Status, Expr::value(ChunkStatus::Done))
            .col_expr(chunks::Column::TranscribedBy, Expr::value(heard_by))
            .col_expr(chunks::Column::Failure, Expr::value(None::<String>))
            .col_expr(chunks::Column::FinishedAt, Expr::value(now))
            .filter(chunks::Column::Id.eq(chunk.id))
            .filter(chunks::Column::Status.ne(ChunkStatus::Done))
            .exec(&tx)
            .await?;
        if marked.rows_affected == 1 {
            let position = chunk.position.saturating_mul(plan::POSITIONS);
            let (start_ms, end_ms) = (chunk.start_ms, chunk.end_ms);
            let stretch = Stretch { audiobook_id, chunk_id: chunk.id, start_ms, end_ms, position };
            let beside = keep::chunk(&tx, stretch, heard.to_vec()).await?.unwrap_or((start_ms, end_ms));
            index::refresh(&tx, audiobook_id, beside.0.min(start_ms), beside.1.max(end_ms)).await?;
        }
        note_chunks(&tx, audiobook_id).await?;
        Ok(())
    })
    .await
}

/// A chunk could not be heard. After `most` tries it is left out, and the run goes on without it.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands.
pub async fn chunk_failed(db: &Db, claim: &Claim, chunk: &Chunk, reason: &str, most: i32) -> Result<()> {
    let (audiobook_id, _) = subject(claim)?;
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        let status = if chunk.attempt + 1 >= most { ChunkStatus::Failed } else { ChunkStatus::Waiting };
        chunks::Entity::update_many()
            .col_expr(chunks::Column::Status, Expr::value(status))
            .col_expr(chunks::Column::Attempt, Expr::value(chunk.attempt + 1))
            .col_expr(chunks::Column::Failure, Expr::value(reason))
            .filter(chunks::Column::Id.eq(chunk.id))
            .filter(chunks::Column::Status.ne(ChunkStatus::Done))
            .exec(&tx)
            .await?;
        note_chunks(&tx, audiobook_id).await?;
        Ok(())
    })
    .await
}

async fn note_chunks(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    let of_title = || chunks::Entity::find().filter(chunks::Column::AudiobookId.eq(audiobook_id));
    let total = of_title().count(tx).await?;
    let over = of_title().filter(chunks::Column::Status.ne(ChunkStatus::Waiting)).count(tx).await?;
    let permille = i32::try_from(over * 1000 / total.max(1)).unwrap_or(1000);
    let message = format!("{over} of {total} stretches heard.");
    rows::note_progress(tx, audiobook_id, Step::Transcribe, permille, Some(&message)).await
}

/// The chunks that could not be heard are tried again.
pub(super) async fn try_failed_again(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    chunks::Entity::update_many()
        .col_expr(chunks::Column::Status, Expr::value(ChunkStatus::Waiting))
        .filter(chunks::Column::AudiobookId.eq(audiobook_id))
        .filter(chunks::Column::Status.eq(ChunkStatus::Failed))
        .exec(tx)
        .await?;
    Ok(())
}

/// Every chunk is to be heard again. Its old segments stay until the new ones are there.
pub(super) async fn forget_chunks(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    chunks::Entity::update_many()
        .col_expr(chunks::Column::Status, Expr::value(ChunkStatus::Waiting))
        .col_expr(chunks::Column::Attempt, Expr::value(0))
        .col_expr(chunks::Column::Failure, Expr::value(None::<String>))
        .col_expr(chunks::Column::FinishedAt, Expr::value(None::<i64>))
        .filter(chunks::Column::AudiobookId.eq(audiobook_id))
        .exec(tx)
        .await?;
    Ok(())
}
