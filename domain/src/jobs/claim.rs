//! Who works on a job: claims with a lease, kept by heartbeats, taken back when a worker stops answering.

use super::kind::{Change, Kinds, Queue};
use super::rows::{ended, one_more};
use super::{JobStatus, unique};
use crate::entities::jobs::{Column, Entity, Model};
use crate::{Db, Result, Timestamp, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

/// What is said of a job whose worker is gone.
const FAILED_REASON: &str = "the worker stopped answering";

/// Expired leases taken back in one go.
const EXPIRED_AT_ONCE: u64 = 100;

/// The right to do a job, until the lease ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    pub id: Uuid,
    pub kind: String,
    /// The job itself, as JSON.
    pub payload: String,
    /// What it belongs to, such as `title:` and an id.
    pub group: Option<String>,
    pub owner: String,
    /// The fence: of two claims to one job the higher is valid.
    pub attempt: i32,
    /// Failed tries in a row before this one.
    pub failures: i32,
    pub max_attempts: i32,
    /// Where in which trace it was asked for: `traceparent` of W3C Trace Context.
    pub trace_parent: Option<String>,
}

/// Takes the next jobs of a queue, at most `most`: those that go first, then the oldest. Jobs whose worker stopped
/// answering are taken back before. Nothing is written when there is nothing to take.
pub async fn claim(db: &Db, kinds: &Kinds, queue: Queue, owner: &str, lease_ms: i64, most: u64) -> Result<Vec<Claim>> {
    let names = kinds.in_queue(queue);
    let now = db.now();
    // A read, so that idle workers take no write lock.
    let due_now = due(now, queue, &names).limit(1).one(db.read()).await?.is_some();
    if names.is_empty() || (!due_now && expired(now, queue, &names).limit(1).one(db.read()).await?.is_none()) {
        return Ok(Vec::new());
    }
    db.transaction(async |tx| {
        take_back(&tx, kinds, queue, &names).await?;
        take(&tx, kinds, queue, &names, owner, lease_ms, most).await
    })
    .await
}

fn due(now: Timestamp, queue: Queue, names: &[&str]) -> Select<Entity> {
    Entity::find()
        .filter(Column::Queue.eq(queue))
        .filter(Column::Status.eq(JobStatus::Queued))
        .filter(Column::Kind.is_in(names.iter().copied()))
        .filter(Column::RunAt.lte(now))
        .order_by_asc(Column::Priority)
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
}

fn expired(now: Timestamp, queue: Queue, names: &[&str]) -> Select<Entity> {
    Entity::find()
        .filter(Column::Queue.eq(queue))
        .filter(Column::Status.eq(JobStatus::Running))
        .filter(Column::Kind.is_in(names.iter().copied()))
        .filter(Column::LeaseUntil.lt(now))
        .order_by_asc(Column::LeaseUntil)
}

/// When the next job of a queue is due, or the next lease in it ends; `None` for an empty queue.
pub async fn next_look(db: &Db, kinds: &Kinds, queue: Queue) -> Result<Option<Timestamp>> {
    let names = kinds.in_queue(queue);
    let of = |status: JobStatus, time: Column| {
        Entity::find()
            .select_only()
            .column(time)
            .filter(Column::Queue.eq(queue))
            .filter(Column::Status.eq(status))
            .filter(Column::Kind.is_in(names.iter().copied()))
            .order_by_asc(time)
            .limit(1)
            .into_tuple::<Option<Timestamp>>()
    };
    let due = of(JobStatus::Queued, Column::RunAt).one(db.read()).await?.flatten();
    let lost = of(JobStatus::Running, Column::LeaseUntil).one(db.read()).await?.flatten();
    Ok(due.into_iter().chain(lost).min())
}

async fn take(
    tx: &Tx,
    kinds: &Kinds,
    queue: Queue,
    names: &[&str],
    owner: &str,
    lease_ms: i64,
    most: u64,
) -> Result<Vec<Claim>> {
    let now = tx.now();
    let locked = due(now, queue, names).limit(most).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    let rows = locked.all(tx).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(JobStatus::Running))
        .col_expr(Column::LeaseOwner, Expr::value(owner))
        .col_expr(Column::LeaseUntil, Expr::value(now.plus_ms(lease_ms)))
        .col_expr(Column::Attempt, one_more(Column::Attempt))
        .col_expr(Column::UniqueKey, unique::while_running())
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.is_in(rows.iter().map(|row| row.id)))
        .exec(tx)
        .await?;
    let mut claims = Vec::with_capacity(rows.len());
    for row in rows {
        kinds.follow(tx, row.id, &row.kind, &row.payload, Change::Claimed).await?;
        claims.push(Claim {
            id: row.id,
            attempt: row.attempt + 1,
            kind: row.kind,
            payload: row.payload,
            group: row.group_key,
            owner: owner.to_owned(),
            failures: row.failures,
            max_attempts: row.max_attempts,
            trace_parent: row.trace_parent,
        });
    }
    Ok(claims)
}

/// Takes jobs back whose lease ended: each counts as a failed try, and the last one makes it dead.
async fn take_back(tx: &Tx, kinds: &Kinds, queue: Queue, names: &[&str]) -> Result<()> {
    let now = tx.now();
    let rows = expired(now, queue, names)
        .limit(EXPIRED_AT_ONCE)
        .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
        .all(tx)
        .await?;
    // As many rounds as workers died at one moment: few.
    for row in rows {
        if row.failures + 1 >= row.max_attempts {
            end_lost(tx, kinds, row).await?;
        } else if unique::may_wait_again(tx, row.id, row.unique_name.as_deref(), row.unique_running).await? {
            Entity::update_many()
                .col_expr(Column::Status, Expr::value(JobStatus::Queued))
                .col_expr(Column::RunAt, Expr::value(now))
                .col_expr(Column::Failures, one_more(Column::Failures))
                .col_expr(Column::UniqueKey, Expr::col(Column::UniqueName))
                .col_expr(Column::LeaseOwner, Expr::value(None::<String>))
                .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
                .col_expr(Column::LastError, Expr::value(FAILED_REASON))
                .col_expr(Column::UpdatedAt, Expr::value(now))
                .filter(Column::Id.eq(row.id))
                .exec(tx)
                .await?;
            kinds.follow(tx, row.id, &row.kind, &row.payload, Change::Lost).await?;
        }
    }
    Ok(())
}

async fn end_lost(tx: &Tx, kinds: &Kinds, row: Model) -> Result<()> {
    ended(JobStatus::Dead, tx.now())
        .col_expr(Column::Failures, one_more(Column::Failures))
        .col_expr(Column::LastError, Expr::value(FAILED_REASON))
        .filter(Column::Id.eq(row.id))
        .exec(tx)
        .await?;
    let died = Change::Died { reason: FAILED_REASON.to_owned(), lost: true };
    kinds.follow(tx, row.id, &row.kind, &row.payload, died).await
}

/// Renews the lease; false when the claim no longer stands (cancelled, or another worker has it).
pub async fn heartbeat(db: &Db, claim: &Claim, lease_ms: i64) -> Result<bool> {
    let renewed = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(db.now().plus_ms(lease_ms)))
        .filter(held(claim))
        .exec(db.read())
        .await?;
    Ok(renewed.rows_affected == 1)
}

/// The row of a claim that stands.
pub(super) fn held(claim: &Claim) -> Condition {
    Condition::all()
        .add(Column::Id.eq(claim.id))
        .add(Column::Attempt.eq(claim.attempt))
        .add(Column::LeaseOwner.eq(claim.owner.as_str()))
        .add(Column::Status.eq(JobStatus::Running))
}
