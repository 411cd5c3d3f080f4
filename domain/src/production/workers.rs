//! The workers and what they say of themselves.

use super::{WorkerFacts, WorkerView};
use crate::entities::workers::{ActiveModel, Column, Entity};
use crate::providers::fetches;
use crate::{Db, Error, Result};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

/// A worker that was not seen for so many milliseconds is taken for gone.
pub const GONE_AFTER_MS: i64 = 60_000;
/// Of a file that somebody put beside the models that can be fetched.
pub const UNKNOWN_LICENCE: &str = "unknown";
/// A row of a worker that has been gone for so long is of no interest any more.
const FORGOTTEN_AFTER_MS: i64 = 24 * 3_600_000;

/// A worker is here; what it says replaces what it said before.
pub async fn seen(db: &Db, id: &str, facts: &WorkerFacts) -> Result<()> {
    let now = db.now();
    let row = ActiveModel {
        id: Set(id.to_owned()),
        facts: Set(serde_json::to_string(facts)?),
        started_at: Set(now),
        seen_at: Set(now),
    };
    let replace = OnConflict::column(Column::Id).update_columns([Column::Facts, Column::SeenAt]).to_owned();
    Entity::insert(row).on_conflict(replace).exec_without_returning(db.read()).await?;
    Ok(())
}

/// A worker says goodbye. Rows of workers long gone go with it.
pub async fn left(db: &Db, id: &str) -> Result<()> {
    let long_ago = db.now().plus_ms(-FORGOTTEN_AFTER_MS);
    Entity::delete_many()
        .filter(Condition::any().add(Column::Id.eq(id)).add(Column::SeenAt.lt(long_ago)))
        .exec(db.read())
        .await?;
    Ok(())
}

/// The workers that were seen lately.
///
/// # Errors
/// From the database, and when a record is damaged.
pub async fn list(db: &Db) -> Result<Vec<WorkerView>> {
    live_at(db.read(), db.now().plus_ms(-GONE_AFTER_MS)).await
}

/// Has every worker fetch a model that one of them knows.
///
/// # Errors
/// [`Error::NotFound`] when none knows it, as where no worker runs.
pub async fn fetch(db: &Db, name: &str) -> Result<()> {
    let workers = list(db).await?;
    let mut models = workers.iter().flat_map(|worker| &worker.facts.models);
    if models.any(|model| model.name == name && model.licence != UNKNOWN_LICENCE && !model.demonstration) {
        fetches::ask(db, name).await
    } else {
        Err(Error::NotFound("model"))
    }
}

async fn live_at(db: &impl ConnectionTrait, since: crate::Timestamp) -> Result<Vec<WorkerView>> {
    let rows = Entity::find().filter(Column::SeenAt.gte(since)).order_by_asc(Column::Id).all(db).await?;
    let view = |row: crate::entities::workers::Model| {
        Ok(WorkerView { facts: serde_json::from_str(&row.facts)?, id: row.id, seen_at: row.seen_at })
    };
    rows.into_iter().map(view).collect()
}
