//! The way of a job through the queue: enqueued, held while it is worked on, completed, failed, given back.

use super::claim::{Claim, held};
use super::kind::{Change, Job, Kinds, Unique};
use super::rows::ended;
use super::{JobStatus, unique};
use crate::entities::jobs::{ActiveModel, Column, Entity};
use crate::{Db, Error, Result, Timestamp, Tx, trace};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use std::collections::BTreeMap;
use uuid::Uuid;

/// First wait after a failure, in milliseconds; it doubles with each further one.
const FIRST_BACKOFF_MS: i64 = 5_000;
/// Longest wait between two tries.
const LONGEST_BACKOFF_MS: i64 = 10 * 60_000;
/// Jobs completed by one statement: a database takes only so many conditions.
const COMPLETED_AT_ONCE: usize = 500;

/// What is to become of a failed job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Try again after so many milliseconds; `None` takes the usual growing wait.
    After(Option<i64>),
    /// Trying again cannot help.
    Fatal,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It runs again at that time.
    Again(Timestamp),
    /// It was given up.
    Dead,
    /// Another one that came since does what it would.
    Superseded,
}

/// Writes a job to be done as soon as somebody is free, or returns the one that makes it needless.
pub async fn enqueue<J: Job>(tx: &Tx, job: &J) -> Result<Uuid> {
    enqueue_at(tx, job, tx.now()).await
}

/// As [`enqueue`], not before a time.
pub async fn enqueue_at<J: Job>(tx: &Tx, job: &J, run_at: Timestamp) -> Result<Uuid> {
    put(tx, job, run_at, trace::here()).await
}

/// As [`enqueue`], as part of an earlier trace: what is being done now goes on with it.
pub async fn enqueue_going_on<J: Job>(tx: &Tx, job: &J, trace_parent: Option<String>) -> Result<Uuid> {
    put(tx, job, tx.now(), trace_parent.or_else(trace::here)).await
}

async fn put<J: Job>(tx: &Tx, job: &J, run_at: Timestamp, trace_parent: Option<String>) -> Result<Uuid> {
    let (id, now) = (Uuid::now_v7(), tx.now());
    let (name, unique_running) = match job.unique() {
        Unique::No => (None, false),
        Unique::Waiting(key) => (Some(key), false),
        Unique::Unfinished(key) => (Some(key), true),
    };
    let row = ActiveModel {
        id: Set(id),
        queue: Set(J::QUEUE),
        kind: Set(J::KIND.to_owned()),
        payload: Set(serde_json::to_string(job)?),
        group_key: Set(job.group()),
        unique_key: Set(name.clone()),
        unique_name: Set(name.clone()),
        unique_running: Set(unique_running),
        status: Set(JobStatus::Queued),
        priority: Set(J::PRIORITY),
        run_at: Set(run_at),
        attempt: Set(0),
        failures: Set(0),
        max_attempts: Set(J::MAX_ATTEMPTS.max(1)),
        lease_owner: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        finished_at: Set(None),
        trace_parent: Set(trace_parent),
    };
    tx.announce(J::QUEUE.topic());
    let Some(name) = name else {
        Entity::insert(row).exec_without_returning(tx).await?;
        return Ok(id);
    };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::UniqueKey).do_nothing_on([Column::Id]).to_owned())
        .exec_without_returning(tx)
        .await?;
    let there = Entity::find().filter(Column::UniqueKey.eq(name)).one(tx).await?;
    Ok(there.map_or(id, |job| job.id))
}

/// Makes sure inside a transaction that the claim stands, and locks the job until its end.
///
/// # Errors
/// [`Error::LeaseLost`] when it does not stand, as in every function here that takes a claim.
pub async fn hold(tx: &Tx, claim: &Claim) -> Result<()> {
    one(Entity::update_many().col_expr(Column::UpdatedAt, Expr::value(tx.now())), tx, claim).await
}

/// As [`hold`], and something was achieved for good: earlier failures no longer count.
pub async fn achieved(tx: &Tx, claim: &Claim) -> Result<()> {
    let update = Entity::update_many()
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
        .col_expr(Column::Failures, Expr::value(0));
    one(update, tx, claim).await
}

/// Ends a job that was done, in the transaction that keeps what it did.
pub async fn complete(tx: &Tx, claim: &Claim) -> Result<()> {
    one(ended(JobStatus::Done, tx.now()), tx, claim).await
}

/// Ends jobs that were done and have written what they had to; claims that no longer stand are passed over.
pub async fn complete_all(db: &Db, claims: &[Claim]) -> Result<u64> {
    db.transaction(async |tx| {
        // Most have one runner and are in their first try: they end by one statement.
        let mut alike = BTreeMap::<(&str, i32), Vec<Uuid>>::new();
        for claim in claims {
            alike.entry((&claim.owner, claim.attempt)).or_default().push(claim.id);
        }
        let mut done = 0;
        for ((owner, attempt), ids) in alike {
            for ids in ids.chunks(COMPLETED_AT_ONCE) {
                let end = ended(JobStatus::Done, tx.now())
                    .filter(Column::Id.is_in(ids.iter().copied()))
                    .filter(Column::Attempt.eq(attempt))
                    .filter(Column::LeaseOwner.eq(owner))
                    .filter(Column::Status.eq(JobStatus::Running));
                done += end.exec(&tx).await?.rows_affected;
            }
        }
        Ok(done)
    })
    .await
}

/// Puts a failed job back to be tried again, or gives it up.
pub async fn fail(db: &Db, kinds: &Kinds, claim: &Claim, reason: &str, retry: Retry) -> Result<Failed> {
    db.transaction(async |tx| {
        let row = Entity::find_by_id(claim.id).filter(held(claim)).one(&tx).await?.ok_or(Error::LeaseLost)?;
        let failures = row.failures + 1;
        let (failed, change) = match retry {
            Retry::After(wait) if failures < row.max_attempts => {
                let chance = || getrandom::u32().unwrap_or(u32::MAX / 2);
                let at = tx.now().plus_ms(wait.unwrap_or_else(|| backoff_ms(failures, chance())));
                if !put_back(&tx, claim, at, Some(failures), Some(reason)).await? {
                    return Ok(Failed::Superseded);
                }
                (Failed::Again(at), Change::Retried { reason: reason.to_owned(), at })
            }
            Retry::After(_) | Retry::Fatal => {
                let dead = ended(JobStatus::Dead, tx.now())
                    .col_expr(Column::Failures, Expr::value(failures))
                    .col_expr(Column::LastError, Expr::value(reason));
                one(dead, &tx, claim).await?;
                (Failed::Dead, Change::Died { reason: reason.to_owned(), lost: false })
            }
        };
        kinds.follow(&tx, claim.id, &claim.kind, &claim.payload, change).await?;
        Ok(failed)
    })
    .await
}

/// Gives a job back whose worker was stopped; it does not count as a failure.
pub async fn release(db: &Db, kinds: &Kinds, claim: &Claim) -> Result<()> {
    give_back(db, kinds, claim, 0, None, Change::Released).await
}

/// Lets a job wait for something that the operator must provide, and look again after `again_ms` milliseconds; it does not
/// count as a failure.
pub async fn release_waiting(db: &Db, kinds: &Kinds, claim: &Claim, reason: &str, again_ms: i64) -> Result<()> {
    give_back(db, kinds, claim, again_ms, Some(reason), Change::Waiting { reason: reason.to_owned() }).await
}

async fn give_back(
    db: &Db,
    kinds: &Kinds,
    claim: &Claim,
    again_ms: i64,
    reason: Option<&str>,
    change: Change,
) -> Result<()> {
    db.transaction(async |tx| {
        if put_back(&tx, claim, tx.now().plus_ms(again_ms), None, reason).await? {
            if let Some(kind) = kinds.get(&claim.kind) {
                tx.announce(kind.queue.topic());
            }
            kinds.follow(&tx, claim.id, &claim.kind, &claim.payload, change.clone()).await?;
        }
        Ok(())
    })
    .await
}

/// Whether it waits again: not when a newer one took its place.
async fn put_back(tx: &Tx, claim: &Claim, at: Timestamp, failures: Option<i32>, reason: Option<&str>) -> Result<bool> {
    let row = Entity::find_by_id(claim.id).filter(held(claim)).one(tx).await?.ok_or(Error::LeaseLost)?;
    if !unique::may_wait_again(tx, row.id, row.unique_name.as_deref(), row.unique_running).await? {
        return Ok(false);
    }
    let failures = failures.map_or_else(|| Expr::col(Column::Failures), Expr::value);
    let put = Entity::update_many()
        .col_expr(Column::Status, Expr::value(JobStatus::Queued))
        .col_expr(Column::RunAt, Expr::value(at))
        .col_expr(Column::Failures, failures)
        .col_expr(Column::UniqueKey, Expr::col(Column::UniqueName))
        .col_expr(Column::LeaseOwner, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(Column::LastError, Expr::value(reason))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()));
    one(put, tx, claim).await?;
    Ok(true)
}

async fn one(update: UpdateMany<Entity>, tx: &Tx, claim: &Claim) -> Result<()> {
    let changed = update.filter(held(claim)).exec(tx).await?;
    if changed.rows_affected == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}

/// The wait before the next try: doubles each time, and a quarter of it is left to chance so that jobs that failed
/// together do not come back together.
fn backoff_ms(failures: i32, chance: u32) -> i64 {
    let doublings = u32::try_from(failures - 1).unwrap_or(0).min(20);
    let wait = FIRST_BACKOFF_MS.saturating_mul(1 << doublings).min(LONGEST_BACKOFF_MS);
    wait - wait / 4 * i64::from(chance) / i64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_failure_waits_longer_up_to_ten_minutes() {
        assert_eq!(backoff_ms(1, 0), 5_000);
        assert_eq!(backoff_ms(2, 0), 10_000);
        assert_eq!(backoff_ms(30, 0), LONGEST_BACKOFF_MS);
    }

    #[test]
    fn a_quarter_of_the_wait_is_left_to_chance() {
        assert_eq!(backoff_ms(1, u32::MAX), 3_750);
    }
}
