//! How far a change to many titles is.

use crate::catalog::bulk::BulkChange;
use crate::catalog::titles;
use crate::entities::{bulk_items, bulk_runs};
use crate::insight::{BulkRefusal, BulkView, ItemOutcome};
use crate::{Db, Error, Result};
use bulk_items::{Column, Entity};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Most refused titles that are named.
const NAMED: u64 = 200;

/// # Errors
/// [`Error::NotFound`] when there is no such run, or it was forgotten.
pub async fn view(db: &Db, id: Uuid) -> Result<BulkView> {
    let run = bulk_runs::Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound("change"))?;
    let change: BulkChange = serde_json::from_str(&run.change)?;
    let counts: Vec<(ItemOutcome, i64)> = Entity::find()
        .select_only()
        .column(Column::Outcome)
        .column_as(Expr::col(Column::AudiobookId).count(), "number")
        .filter(Column::BulkId.eq(id))
        .group_by(Column::Outcome)
        .into_tuple()
        .all(db.read())
        .await?;
    let counts: HashMap<ItemOutcome, i64> = counts.into_iter().collect();
    let number = |outcome| counts.get(&outcome).and_then(|number| u64::try_from(*number).ok()).unwrap_or(0);
    Ok(BulkView {
        id,
        words: change.words(),
        who: run.who,
        created_at: run.created_at,
        finished_at: run.finished_at,
        stopped: run.stopped,
        waiting: number(ItemOutcome::Waiting),
        changed: number(ItemOutcome::Changed),
        unchanged: number(ItemOutcome::Unchanged),
        refused: number(ItemOutcome::Refused),
        refusals: refusals(db, id).await?,
    })
}

async fn refusals(db: &Db, id: Uuid) -> Result<Vec<BulkRefusal>> {
    let rows = Entity::find()
        .filter(Column::BulkId.eq(id))
        .filter(Column::Outcome.eq(ItemOutcome::Refused))
        .order_by_asc(Column::AudiobookId)
        .limit(NAMED)
        .all(db.read())
        .await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.audiobook_id).collect();
    let mut names = titles::names_of(db, &ids).await?;
    let refusal = |row: bulk_items::Model| BulkRefusal {
        title: names.remove(&row.audiobook_id).map(|(_, title)| title),
        id: row.audiobook_id,
        reason: row.reason.unwrap_or_default(),
    };
    Ok(rows.into_iter().map(refusal).collect())
}
