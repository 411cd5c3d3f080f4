//! The queue as those see it who look after the shop: what waits, runs and died; to put back, to call off, to forget.

use super::kind::{Change, Kinds};
use super::rows::ended;
use super::{JobStatus, JobView, KindCounts};
use crate::audit::{self, Action, Entry};
use crate::entities::jobs::{Column, Entity, Model};
use crate::keyset::{Keys, Part, Place, Walk};
use crate::{Db, Error, Page, PageRequest, Result, Timestamp, Tx, trace};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};
use std::collections::HashSet;
use uuid::Uuid;

/// Jobs put back in one transaction.
const REQUEUED_AT_ONCE: u64 = 500;
/// How long a job is kept that was cancelled, and one that was given up, in milliseconds.
const KEEP_CANCELLED_MS: i64 = 24 * 60 * 60 * 1000;
const KEEP_DEAD_MS: i64 = 30 * 24 * 60 * 60 * 1000;

#[derive(FromQueryResult)]
struct Count {
    kind: String,
    status: JobStatus,
    number: i64,
    oldest: Option<Timestamp>,
}

/// How many jobs of each kind wait, run and are dead; kinds without any are left out.
pub async fn counts(db: &Db) -> Result<Vec<KindCounts>> {
    let rows = Entity::find()
        .select_only()
        .columns([Column::Kind, Column::Status])
        .column_as(Column::Id.count(), "number")
        .column_as(Column::RunAt.min(), "oldest")
        .filter(Column::Status.is_in([JobStatus::Queued, JobStatus::Running, JobStatus::Dead]))
        .group_by(Column::Kind)
        .group_by(Column::Status)
        .order_by_asc(Column::Kind)
        .into_model::<Count>()
        .all(db.read())
        .await?;
    let mut counts: Vec<KindCounts> = Vec::new();
    for row in rows {
        if counts.last().is_none_or(|last| last.kind != row.kind) {
            counts.push(KindCounts { kind: row.kind, ..KindCounts::default() });
        }
        let Some(last) = counts.last_mut() else { continue };
        let number = u64::try_from(row.number).unwrap_or(0);
        match row.status {
            JobStatus::Queued => (last.waiting, last.oldest_waiting) = (number, row.oldest),
            JobStatus::Running => last.running = number,
            _ => last.dead = number,
        }
    }
    Ok(counts)
}

/// Jobs of a status, of one kind or of all (an empty name), those that changed last first.
pub async fn list(db: &Db, status: JobStatus, kind: &str, page: PageRequest) -> Result<Page<JobView>> {
    let found = found(status, kind);
    let total = found.clone().count(db.read()).await?;
    let rows = changed_last().order(found).offset(page.offset()).limit(u64::from(page.size)).all(db.read()).await?;
    Ok(Page::new(rows.into_iter().map(JobView::from).collect(), total, page))
}

/// A part of the same list, for programs. A job that changes on the way is seen again at its beginning.
///
/// # Errors
/// [`Error::Invalid`] for a place of another list.
pub async fn walk(db: &Db, status: JobStatus, kind: &str, walk: Walk<'_>) -> Result<Part<JobView>> {
    let rows = walk.of(found(status, kind), &changed_last())?.all(db.read()).await?;
    let part = walk.part(rows, |row| Place::at_number(row.updated_at.0, row.id));
    Ok(Part { items: part.items.into_iter().map(JobView::from).collect(), next: part.next })
}

fn changed_last() -> Keys {
    Keys::number(Column::UpdatedAt.into_expr(), Column::Id.into_expr(), Order::Desc)
}

fn found(status: JobStatus, kind: &str) -> Select<Entity> {
    let found = Entity::find().filter(Column::Status.eq(status));
    if kind.is_empty() { found } else { found.filter(Column::Kind.eq(kind)) }
}

/// Puts a dead job back into the queue, with all its tries.
///
/// # Errors
/// [`Error::Conflict`] when it is not dead, or another one does the same already; [`Error::NotFound`].
pub async fn requeue(db: &Db, kinds: &Kinds, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let row = Entity::find_by_id(id).one(&tx).await?.ok_or(Error::NotFound("job"))?;
        if row.status != JobStatus::Dead {
            return Err(Error::conflict("job.not-dead"));
        }
        if put_back(&tx, kinds, vec![row]).await? == 0 {
            return Err(Error::conflict("job.doubled"));
        }
        audit::record(&tx, Entry::new(Action::JobRequeued).on("job", id)).await
    })
    .await
}

/// Puts every dead job of a kind back; one that another does the work of already stays. Returns how many.
pub async fn requeue_kind(db: &Db, kinds: &Kinds, kind: &str) -> Result<u64> {
    let mut requeued = 0;
    let mut after = Uuid::nil();
    // Page by page, so that no transaction holds the queue for long.
    loop {
        let (last, number) = db
            .transaction(async |tx| {
                let dead = Entity::find()
                    .filter(Column::Status.eq(JobStatus::Dead))
                    .filter(Column::Kind.eq(kind))
                    .filter(Column::Id.gt(after))
                    .order_by_asc(Column::Id)
                    .limit(REQUEUED_AT_ONCE)
                    .all(&tx)
                    .await?;
                let last = dead.last().map(|row| row.id);
                Ok((last, put_back(&tx, kinds, dead).await?))
            })
            .await?;
        requeued += number;
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    if requeued > 0 {
        let details = serde_json::json!({ "jobs": requeued });
        audit::record(db, Entry::new(Action::JobRequeued).on("job-kind", kind).with(details)).await?;
    }
    Ok(requeued)
}

/// Returns how many went back.
async fn put_back(tx: &Tx, kinds: &Kinds, rows: Vec<Model>) -> Result<u64> {
    let names: Vec<&str> = rows.iter().filter_map(|row| row.unique_name.as_deref()).collect();
    let mut taken: HashSet<String> = if names.is_empty() {
        HashSet::new()
    } else {
        let holders = Entity::find().filter(Column::UniqueKey.is_in(names)).all(tx).await?;
        holders.into_iter().filter_map(|row| row.unique_key).collect()
    };
    let rows: Vec<Model> =
        rows.into_iter().filter(|row| row.unique_name.clone().is_none_or(|name| taken.insert(name))).collect();
    if rows.is_empty() {
        return Ok(0);
    }
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(JobStatus::Queued))
        .col_expr(Column::RunAt, Expr::value(tx.now()))
        .col_expr(Column::Failures, Expr::value(0))
        .col_expr(Column::UniqueKey, Expr::col(Column::UniqueName))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
        .col_expr(Column::FinishedAt, Expr::value(None::<i64>))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    for row in &rows {
        tx.announce(row.queue.topic());
        // It stays part of its own trace; that of the person who puts it back is another one.
        row.trace_parent.iter().for_each(|place| trace::link(place));
        kinds.follow(tx, row.id, &row.kind, &row.payload, Change::Requeued).await?;
    }
    Ok(u64::try_from(rows.len()).unwrap_or(u64::MAX))
}

/// Calls off a job that waits or runs; a worker notices at its next heartbeat.
///
/// # Errors
/// [`Error::Conflict`] when it has ended, [`Error::NotFound`].
pub async fn cancel(db: &Db, kinds: &Kinds, id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let row = Entity::find_by_id(id).one(&tx).await?.ok_or(Error::NotFound("job"))?;
        let cancelled = ended(JobStatus::Cancelled, tx.now())
            .filter(Column::Id.eq(id))
            .filter(Column::Status.is_in([JobStatus::Queued, JobStatus::Running]))
            .exec(&tx)
            .await?;
        if cancelled.rows_affected == 0 {
            return Err(Error::conflict("job.ended"));
        }
        kinds.follow(&tx, id, &row.kind, &row.payload, Change::Cancelled).await?;
        audit::record(&tx, Entry::new(Action::JobCancelled).on("job", id)).await
    })
    .await
}

/// Forgets the jobs that ended long enough ago: done ones as their kind says (a day for kinds that nobody knows any more),
/// cancelled ones after a day, dead ones after thirty. Returns how many there were.
pub async fn prune(db: &Db, kinds: &Kinds) -> Result<u64> {
    let before = |keep_ms: i64| Column::FinishedAt.lt(db.now().plus_ms(-keep_ms));
    let done = Column::Status.eq(JobStatus::Done);
    let mut old = Condition::any()
        .add(Column::Status.eq(JobStatus::Cancelled).and(before(KEEP_CANCELLED_MS)))
        .add(Column::Status.eq(JobStatus::Dead).and(before(KEEP_DEAD_MS)))
        .add(
            done.clone().and(before(KEEP_CANCELLED_MS)).and(Column::Kind.is_not_in(kinds.iter().map(|kind| kind.name))),
        );
    for kind in kinds.iter() {
        old = old.add(done.clone().and(Column::Kind.eq(kind.name)).and(before(kind.keep_done_ms)));
    }
    Ok(Entity::delete_many().filter(old).exec(db.read()).await?.rows_affected)
}

impl From<Model> for JobView {
    fn from(row: Model) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            group: row.group_key,
            status: row.status,
            attempt: row.attempt,
            failures: row.failures,
            max_attempts: row.max_attempts,
            last_error: row.last_error,
            created_at: row.created_at,
            run_at: row.run_at,
            updated_at: row.updated_at,
            finished_at: row.finished_at,
            worker: row.lease_owner,
        }
    }
}
