//! Doing a change to many titles, one after the other.

use crate::catalog::bulk::{self, BulkChange};
use crate::entities::{bulk_items, bulk_runs};
use crate::insight::ItemOutcome;
use crate::{ActingMachine, Actor, Db, Error, Result, Tx};
use bulk_items::{Column, Entity};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Titles read at a time.
const PAGE: u64 = 200;

/// Changes the titles that nobody has got to yet, in the name of whoever asked for it. Two that do it at once share the work.
///
/// # Errors
/// [`Error::NotFound`] when there is no such run; from the database, and then it can be gone on with.
pub async fn run(db: &Db, id: Uuid) -> Result<()> {
    let row = bulk_runs::Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound("change"))?;
    let change: BulkChange = serde_json::from_str(&row.change)?;
    let db = db.acting(Actor {
        user_id: row.user_id,
        who: row.who,
        ip: row.ip.and_then(|ip| ip.parse().ok()),
        user_agent: row.user_agent,
        machine: row.token_id.zip(row.token_name).map(|(token_id, name)| ActingMachine { token_id, name }),
    });
    loop {
        let waiting: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::AudiobookId)
            .filter(Column::BulkId.eq(id))
            .filter(Column::Outcome.eq(ItemOutcome::Waiting))
            .order_by_asc(Column::AudiobookId)
            .limit(PAGE)
            .into_tuple()
            .all(db.read())
            .await?;
        if waiting.is_empty() {
            break;
        }
        for title in waiting {
            one(&db, id, title, &change).await?;
        }
    }
    db.transaction(async |tx| {
        bulk_runs::Entity::update_many()
            .col_expr(bulk_runs::Column::FinishedAt, Expr::value(tx.now()))
            .filter(bulk_runs::Column::Id.eq(id))
            .filter(bulk_runs::Column::FinishedAt.is_null())
            .exec(&tx)
            .await?;
        Ok(())
    })
    .await
}

/// A title is changed and crossed off, or refused and crossed off.
async fn one(db: &Db, run: Uuid, title: Uuid, change: &BulkChange) -> Result<()> {
    let done = db.transaction(async |tx| {
        // Crossed off first: whoever else is at this title waits here, and finds it done.
        if !cross_off(&tx, run, title, ItemOutcome::Changed, None).await? {
            return Ok(());
        }
        if !bulk::apply(&tx, run, title, change).await? {
            settle(&tx, run, title, ItemOutcome::Unchanged).await?;
        }
        Ok(())
    });
    let reason = match done.await {
        Err(error @ (Error::Invalid { .. } | Error::Conflict(_))) => error.to_string(),
        Err(Error::NotFound(_)) => "It has been deleted.".to_owned(),
        done => return done,
    };
    db.transaction(async |tx| {
        cross_off(&tx, run, title, ItemOutcome::Refused, Some(&reason)).await?;
        Ok(())
    })
    .await
}

/// False when somebody has done so.
async fn cross_off(tx: &Tx, run: Uuid, title: Uuid, outcome: ItemOutcome, reason: Option<&str>) -> Result<bool> {
    let crossed = Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(outcome))
        .col_expr(Column::Reason, Expr::value(reason))
        .filter(Column::BulkId.eq(run))
        .filter(Column::AudiobookId.eq(title))
        .filter(Column::Outcome.eq(ItemOutcome::Waiting));
    Ok(crossed.exec(tx).await?.rows_affected == 1)
}

async fn settle(tx: &Tx, run: Uuid, title: Uuid, outcome: ItemOutcome) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Outcome, Expr::value(outcome))
        .filter(Column::BulkId.eq(run))
        .filter(Column::AudiobookId.eq(title))
        .exec(tx)
        .await?;
    Ok(())
}
