//! Text whose sound lies elsewhere in its book by now, or is gone: also what somebody put right.

use super::Word;
use crate::db::BATCH;
use crate::entities::segments::{Column, Entity};
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{CaseStatement, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use std::ops::Range;
use uuid::Uuid;

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
            words = words.case(Column::Id.eq(piece.id), serde_json::to_string(&said)?);
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

/// Forgets what was heard in a stretch of a title, in milliseconds, and what somebody put right there: its sound is gone.
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
