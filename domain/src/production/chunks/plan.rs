//! Which chunks there are, and in which order. What was heard in a part is not heard again while the part is cut as before.

use crate::db::BATCH;
use crate::entities::chunks;
use crate::jobs::{self, Claim};
use crate::production::ChunkStatus;
use crate::transcript::moved;
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{CaseStatement, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Segment positions set aside for each chunk: positions grow through the book, with gaps.
pub(super) const POSITIONS: i32 = 1_000;
/// Places beyond every plan: chunks wait there while they change places, as no two may have the same.
const ASIDE: i32 = 10_000_000;

/// A stretch of audio to be heard at once. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedChunk {
    pub part_id: Uuid,
    pub start_ms: i64,
    pub end_ms: i64,
}

/// Writes the plan of chunks. A part whose chunks are as they were keeps them, with all that was heard. The others are to be
/// heard anew: readers keep the text that there is until they are, stretch by stretch, and what somebody put right stays for
/// good.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands.
pub async fn plan_chunks(tx: &Tx, claim: &Claim, audiobook_id: Uuid, plan: &[PlannedChunk]) -> Result<()> {
    jobs::hold(tx, claim).await?;
    let there = of_title(tx, audiobook_id).await?;
    let stay = unchanged(&there, plan);
    forget_others(tx, &stay, &there).await?;
    let mut places = Vec::new();
    let mut rows = Vec::new();
    for (position, chunk) in (0..).zip(plan) {
        let same = |row: &&chunks::Model| row.part_id == chunk.part_id && row.start_ms == chunk.start_ms;
        match there.iter().find(same).filter(|_| stay.contains(&chunk.part_id)) {
            Some(row) => places.push((row.id, row.position, position)),
            None => rows.push(row(audiobook_id, position, chunk)),
        }
    }
    place(tx, audiobook_id, &places).await?;
    for rows in rows.chunks(BATCH) {
        chunks::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Counts the chunks of a title anew, in the order in which they are heard.
pub(in crate::production) async fn in_order(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    let mut rows = of_title(tx, audiobook_id).await?;
    rows.sort_by_key(|row| row.start_ms);
    let places: Vec<_> = rows.iter().zip(0..).map(|(row, position)| (row.id, row.position, position)).collect();
    place(tx, audiobook_id, &places).await
}

async fn of_title(tx: &Tx, audiobook_id: Uuid) -> Result<Vec<chunks::Model>> {
    Ok(chunks::Entity::find()
        .filter(chunks::Column::AudiobookId.eq(audiobook_id))
        .order_by_asc(chunks::Column::Position)
        .all(tx)
        .await?)
}

/// The parts whose chunks are what is planned for them.
fn unchanged(there: &[chunks::Model], plan: &[PlannedChunk]) -> HashSet<Uuid> {
    let mut as_planned: HashMap<Uuid, Vec<(i64, i64)>> = HashMap::new();
    for chunk in plan {
        as_planned.entry(chunk.part_id).or_default().push((chunk.start_ms, chunk.end_ms));
    }
    let mut as_it_is: HashMap<Uuid, Vec<(i64, i64)>> = HashMap::new();
    for row in there {
        as_it_is.entry(row.part_id).or_default().push((row.start_ms, row.end_ms));
    }
    as_it_is.into_iter().filter(|(part, is)| as_planned.get(part) == Some(is)).map(|(part, _)| part).collect()
}

/// Forgets the chunks of all other parts.
async fn forget_others(tx: &Tx, stay: &HashSet<Uuid>, there: &[chunks::Model]) -> Result<()> {
    let gone: Vec<Uuid> = there.iter().filter(|row| !stay.contains(&row.part_id)).map(|row| row.id).collect();
    for gone in gone.chunks(BATCH) {
        chunks::Entity::delete_many().filter(chunks::Column::Id.is_in(gone.iter().copied())).exec(tx).await?;
    }
    Ok(())
}

/// Gives chunks other places, and the pieces of text in them; of each its id, the place it has and the one it gets.
async fn place(tx: &Tx, audiobook_id: Uuid, places: &[(Uuid, i32, i32)]) -> Result<()> {
    use chunks::Column;
    if places.iter().all(|(_, has, gets)| has == gets) {
        return Ok(());
    }
    chunks::Entity::update_many()
        .col_expr(Column::Position, Expr::col(Column::Position).add(ASIDE))
        .filter(Column::AudiobookId.eq(audiobook_id))
        .exec(tx)
        .await?;
    for places in places.chunks(BATCH) {
        let mut position = CaseStatement::new();
        for (id, _, gets) in places {
            position = position.case(Column::Id.eq(*id), *gets);
        }
        chunks::Entity::update_many()
            .col_expr(Column::Position, position.finally(Expr::col(Column::Position)).into())
            .filter(Column::Id.is_in(places.iter().map(|(id, ..)| *id)))
            .exec(tx)
            .await?;
    }
    let mut counted: BTreeMap<i32, Vec<Uuid>> = BTreeMap::new();
    for (id, has, gets) in places.iter().filter(|(_, has, gets)| has != gets) {
        counted.entry(gets - has).or_default().push(*id);
    }
    for (by, ids) in counted {
        moved::renumber(tx, &ids, by.saturating_mul(POSITIONS)).await?;
    }
    Ok(())
}

fn row(audiobook_id: Uuid, position: i32, chunk: &PlannedChunk) -> chunks::ActiveModel {
    chunks::ActiveModel {
        id: Set(Uuid::now_v7()),
        audiobook_id: Set(audiobook_id),
        part_id: Set(chunk.part_id),
        position: Set(position),
        start_ms: Set(chunk.start_ms),
        end_ms: Set(chunk.end_ms),
        status: Set(ChunkStatus::Waiting),
        attempt: Set(0),
        transcribed_by: Set(None),
        failure: Set(None),
        finished_at: Set(None),
    }
}
