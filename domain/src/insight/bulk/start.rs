//! Beginning a change to many titles: which ones is settled now.

use super::ChangeMany;
use crate::audit::{self, Action, Entry};
use crate::catalog::bulk::BulkChange;
use crate::db::BATCH;
use crate::entities::{audiobooks, bulk_items, bulk_runs};
use crate::insight::{ItemOutcome, TitleFilter, titles};
use crate::{Db, Error, Result, Timestamp, Tx, jobs};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect, QueryTrait,
};
use serde_json::json;
use uuid::Uuid;

/// So many titles are changed while the person waits; more than that by a job.
pub const AT_ONCE: u64 = 50;
/// How long the job leaves the request that changes a few to do it, in milliseconds.
const AFTER_MS: i64 = 30_000;
/// How long a run that is over can be looked at, in milliseconds.
const KEEP_MS: i64 = 90 * Timestamp::DAY_MS;

/// Which titles are changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    These(Vec<Uuid>),
    /// All that fit now.
    Fitting(TitleFilter),
}

/// Begins a change, under the key that the page gave it: sent again, it is the same one. A few titles are changed before this
/// returns, many by a job.
///
/// # Errors
/// [`Error::Invalid`] when no title was chosen.
pub async fn start(db: &Db, key: Uuid, change: &BulkChange, selection: &Selection) -> Result<()> {
    let begun = db.transaction(async |tx| begin(&tx, key, change, selection).await).await;
    let few = match begun {
        Err(error) if error.is_unique_violation() => false,
        begun => begun?,
    };
    // Whatever stops it half way, the job goes on.
    if few && let Err(error) = super::run(db, key).await {
        tracing::warn!(%error, run = %key, "a change to a few titles broke off; its job goes on with it");
    }
    Ok(())
}

/// Whether it is small enough to be done at once, and is new.
async fn begin(tx: &Tx, key: Uuid, change: &BulkChange, selection: &Selection) -> Result<bool> {
    if bulk_runs::Entity::find_by_id(key).one(tx).await?.is_some() {
        return Ok(false);
    }
    forget_old(tx).await?;
    let actor = tx.actor();
    let run = bulk_runs::Model {
        id: key,
        change: serde_json::to_string(change)?,
        user_id: actor.user_id,
        who: actor.who.clone(),
        ip: actor.ip.map(|ip| ip.to_string()),
        user_agent: actor.user_agent.clone(),
        token_id: actor.machine.as_ref().map(|machine| machine.token_id),
        token_name: actor.machine.as_ref().map(|machine| machine.name.clone()),
        stopped: None,
        created_at: tx.now(),
        finished_at: None,
    };
    run.into_active_model().insert(tx).await?;
    match selection {
        Selection::These(ids) => {
            for ids in ids.chunks(BATCH) {
                choose(tx, key, audiobooks::Entity::find().filter(audiobooks::Column::Id.is_in(ids.iter().copied())))
                    .await?;
            }
        }
        Selection::Fitting(filter) => {
            choose(tx, key, titles::fitting(tx.get_database_backend(), filter, tx.now())).await?
        }
    }
    let number = bulk_items::Entity::find().filter(bulk_items::Column::BulkId.eq(key)).count(tx).await?;
    if number == 0 {
        return Err(Error::invalid("ids", "bulk.nothing-chosen"));
    }
    let wait = if number <= AT_ONCE { AFTER_MS } else { 0 };
    jobs::enqueue_at(tx, &ChangeMany { bulk_id: key }, tx.now().plus_ms(wait)).await?;
    let details = json!({ "change": change.words(), "titles": number });
    audit::record(tx, Entry::new(Action::BulkBegun).on("bulk", key).with(details)).await?;
    Ok(number <= AT_ONCE)
}

/// Writes the list inside the database: it may be long.
async fn choose(tx: &Tx, key: Uuid, titles: sea_orm::Select<audiobooks::Entity>) -> Result<()> {
    use bulk_items::Column;
    let mut chosen: SelectStatement = titles.select_only().column(audiobooks::Column::Id).distinct().into_query();
    chosen.expr(Expr::val(key)).expr(Expr::val(ItemOutcome::Waiting));
    let mut insert = Query::insert();
    insert
        .into_table(bulk_items::Entity)
        .columns([Column::AudiobookId, Column::BulkId, Column::Outcome])
        .select_from(chosen)
        .map_err(|error| Error::Damaged(error.to_string()))?;
    tx.execute(&insert).await?;
    Ok(())
}

async fn forget_old(tx: &Tx) -> Result<()> {
    bulk_runs::Entity::delete_many()
        .filter(bulk_runs::Column::FinishedAt.lt(tx.now().plus_ms(-KEEP_MS)))
        .exec(tx)
        .await?;
    Ok(())
}
