//! The queue: the only module that knows what a job is made of.
//!
//! A job is written in the transaction of the change that asks for it, claimed with a lease, kept by heartbeats, and
//! fenced: `attempt` grows with every claim, and whoever holds an older number can neither finish nor write.

use crate::entities::jobs::{ActiveModel, Column, Entity, Model};
use crate::production::JobStatus;
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{LockBehavior, LockType, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

/// First wait after a failure, in milliseconds; it doubles with each further one.
const FIRST_BACKOFF_MS: i64 = 5_000;
/// Longest wait between two tries.
const LONGEST_BACKOFF_MS: i64 = 10 * 60_000;
/// Expired leases taken back in one go.
const EXPIRED_AT_ONCE: u64 = 100;

/// A job to be written.
#[derive(Clone, Debug)]
pub struct NewJob {
    /// What is to be done: the name by which a worker finds its code.
    pub kind: String,
    pub payload: serde_json::Value,
    pub audiobook_id: Option<Uuid>,
    /// At most one unfinished job has it.
    pub unique_key: Option<String>,
    /// Higher goes first.
    pub priority: i32,
    /// Failed tries in a row after which it is given up.
    pub max_attempts: i32,
    /// Not before; `None` for at once.
    pub run_at: Option<Timestamp>,
}

impl NewJob {
    /// A job of this kind, with the usual five tries.
    pub fn new(kind: impl Into<String>, payload: serde_json::Value) -> Self {
        Self {
            kind: kind.into(),
            payload,
            audiobook_id: None,
            unique_key: None,
            priority: 0,
            max_attempts: 5,
            run_at: None,
        }
    }

    /// A job of this kind for a title.
    pub fn for_audiobook(kind: impl Into<String>, audiobook_id: Uuid) -> Self {
        Self { audiobook_id: Some(audiobook_id), ..Self::new(kind, serde_json::Value::Null) }
    }
}

/// A job as its worker sees it.
#[derive(Clone, Debug)]
pub struct Job {
    pub id: Uuid,
    pub kind: String,
    pub payload: serde_json::Value,
    pub audiobook_id: Option<Uuid>,
    pub failures: i32,
    pub max_attempts: i32,
}

/// The right to do a job, until the lease ends.
#[derive(Clone, Debug)]
pub struct Claim {
    pub job: Job,
    pub owner: String,
    /// The fence: of two claims to one job the higher is valid.
    pub attempt: i32,
}

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
}

/// A job whose worker stopped answering.
#[derive(Clone, Debug)]
pub struct Expired {
    pub kind: String,
    pub audiobook_id: Option<Uuid>,
    /// Given up, because it happened too often in a row.
    pub dead: bool,
    pub reason: String,
}

/// Writes a job, or returns the unfinished one that has the same unique key.
///
/// # Errors
/// From the database.
pub async fn enqueue(tx: &Tx, job: NewJob) -> Result<Uuid> {
    let now = tx.now();
    let id = Uuid::now_v7();
    let row = ActiveModel {
        id: Set(id),
        kind: Set(job.kind),
        payload: Set(job.payload.to_string()),
        audiobook_id: Set(job.audiobook_id),
        unique_key: Set(job.unique_key.clone()),
        status: Set(JobStatus::Queued),
        priority: Set(job.priority),
        run_at: Set(job.run_at.unwrap_or(now)),
        attempt: Set(0),
        failures: Set(0),
        max_attempts: Set(job.max_attempts.max(1)),
        lease_owner: Set(None),
        lease_until: Set(None),
        last_error: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
        finished_at: Set(None),
    };
    let Some(key) = job.unique_key else {
        Entity::insert(row).exec_without_returning(tx).await?;
        return Ok(id);
    };
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::UniqueKey).do_nothing_on([Column::Id]).to_owned())
        .exec_without_returning(tx)
        .await?;
    let there = Entity::find().filter(Column::UniqueKey.eq(key)).one(tx).await?;
    Ok(there.map_or(id, |job| job.id))
}

/// Takes the next job of these kinds: the highest priority first, then the oldest. Expired leases are taken back before.
///
/// # Errors
/// From the database.
pub async fn claim(db: &Db, owner: &str, kinds: &[&str], lease_ms: i64) -> Result<Option<Claim>> {
    let now = db.now();
    if !anything_to_do(db, now, kinds).await? {
        return Ok(None);
    }
    db.transaction(async |tx| {
        expire(&tx, kinds).await?;
        let claim = take(&tx, owner, kinds, lease_ms).await?;
        Ok(claim)
    })
    .await
}

/// Whether a claim could find something: a read, so that idle workers take no write lock.
///
/// # Errors
/// From the database.
pub async fn anything_to_do(db: &Db, now: Timestamp, kinds: &[&str]) -> Result<bool> {
    if due(now, kinds).one(db.read()).await?.is_some() {
        return Ok(true);
    }
    Ok(expired(now, kinds).one(db.read()).await?.is_some())
}

fn due(now: Timestamp, kinds: &[&str]) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::Status.eq(JobStatus::Queued))
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(Column::RunAt.lte(now))
        .order_by_desc(Column::Priority)
        .order_by_asc(Column::RunAt)
        .order_by_asc(Column::Id)
        .limit(1)
}

fn expired(now: Timestamp, kinds: &[&str]) -> sea_orm::Select<Entity> {
    Entity::find()
        .filter(Column::Status.eq(JobStatus::Running))
        .filter(Column::Kind.is_in(kinds.iter().copied()))
        .filter(Column::LeaseUntil.lt(now))
        .order_by_asc(Column::LeaseUntil)
        .limit(EXPIRED_AT_ONCE)
}

/// Takes the next due job inside a transaction.
///
/// # Errors
/// From the database.
pub async fn take(tx: &Tx, owner: &str, kinds: &[&str], lease_ms: i64) -> Result<Option<Claim>> {
    let now = tx.now();
    let next = due(now, kinds).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).one(tx).await?;
    let Some(row) = next else { return Ok(None) };
    let attempt = row.attempt + 1;
    let taken = Entity::update_many()
        .col_expr(Column::Status, Expr::value(JobStatus::Running))
        .col_expr(Column::LeaseOwner, Expr::value(owner))
        .col_expr(Column::LeaseUntil, Expr::value(now.plus_ms(lease_ms)))
        .col_expr(Column::Attempt, Expr::value(attempt))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::Id.eq(row.id))
        .filter(Column::Status.eq(JobStatus::Queued))
        .filter(Column::Attempt.eq(row.attempt))
        .exec(tx)
        .await?;
    if taken.rows_affected == 0 {
        return Ok(None);
    }
    Ok(Some(Claim { job: job(row)?, owner: owner.to_owned(), attempt }))
}

fn job(row: Model) -> Result<Job> {
    Ok(Job {
        id: row.id,
        kind: row.kind,
        payload: serde_json::from_str(&row.payload)?,
        audiobook_id: row.audiobook_id,
        failures: row.failures,
        max_attempts: row.max_attempts,
    })
}

/// Takes jobs of these kinds back whose lease ended: each counts as a failed try, and the last one makes it dead. Only
/// who does such jobs knows what else has to be said when one is lost.
///
/// # Errors
/// From the database.
pub async fn expire(tx: &Tx, kinds: &[&str]) -> Result<Vec<Expired>> {
    let now = tx.now();
    let rows = expired(now, kinds).lock_with_behavior(LockType::Update, LockBehavior::SkipLocked).all(tx).await?;
    let (dead, again): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.failures + 1 >= row.max_attempts);
    let reason = "the worker stopped answering";
    let ids = |rows: &[Model]| rows.iter().map(|row| row.id).collect::<Vec<_>>();
    if !again.is_empty() {
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(JobStatus::Queued))
            .col_expr(Column::RunAt, Expr::value(now))
            .col_expr(Column::Failures, one_more(Column::Failures))
            .col_expr(Column::LeaseOwner, Expr::value(None::<String>))
            .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
            .col_expr(Column::LastError, Expr::value(reason))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(Column::Id.is_in(ids(&again)))
            .exec(tx)
            .await?;
    }
    if !dead.is_empty() {
        let end = ended(JobStatus::Dead, now)
            .col_expr(Column::Failures, one_more(Column::Failures))
            .col_expr(Column::LastError, Expr::value(reason));
        end.filter(Column::Id.is_in(ids(&dead))).exec(tx).await?;
    }
    let outcome = |dead: bool| {
        move |row: Model| Expired { kind: row.kind, audiobook_id: row.audiobook_id, dead, reason: reason.to_owned() }
    };
    Ok(dead.into_iter().map(outcome(true)).chain(again.into_iter().map(outcome(false))).collect())
}

/// Renews the lease; false when the claim no longer stands (cancelled, or another worker has it).
///
/// # Errors
/// From the database.
pub async fn heartbeat(db: &Db, claim: &Claim, lease_ms: i64) -> Result<bool> {
    let renewed = Entity::update_many()
        .col_expr(Column::LeaseUntil, Expr::value(db.now().plus_ms(lease_ms)))
        .filter(held(claim))
        .exec(db.read())
        .await?;
    Ok(renewed.rows_affected == 1)
}

/// Makes sure inside a transaction that the claim stands, and locks the job until its end.
///
/// # Errors
/// [`Error::LeaseLost`] when it does not stand.
pub async fn hold(tx: &Tx, claim: &Claim, now: Timestamp) -> Result<()> {
    let update = Entity::update_many().col_expr(Column::UpdatedAt, Expr::value(now));
    let held = update.filter(held(claim)).exec(tx).await?;
    if held.rows_affected == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}

/// As [`hold`], and something was achieved for good: earlier failures no longer count.
///
/// # Errors
/// [`Error::LeaseLost`] when it does not stand.
pub async fn achieved(tx: &Tx, claim: &Claim, now: Timestamp) -> Result<()> {
    let held = Entity::update_many()
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::Failures, Expr::value(0))
        .filter(held(claim))
        .exec(tx)
        .await?;
    if held.rows_affected == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}

/// Ends a job that was done.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn complete(tx: &Tx, claim: &Claim, now: Timestamp) -> Result<()> {
    let ended = ended(JobStatus::Done, now).filter(held(claim)).exec(tx).await?;
    if ended.rows_affected == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}

/// As [`complete`], in a transaction of its own.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn done(db: &Db, claim: &Claim) -> Result<()> {
    db.transaction(async |tx| complete(&tx, claim, tx.now()).await).await
}

/// As [`fail`], in a transaction of its own.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn failed(db: &Db, claim: &Claim, reason: &str, retry: Retry) -> Result<Failed> {
    db.transaction(async |tx| fail(&tx, claim, tx.now(), reason, retry).await).await
}

/// Puts a failed job back to be tried again, or gives it up.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn fail(tx: &Tx, claim: &Claim, now: Timestamp, reason: &str, retry: Retry) -> Result<Failed> {
    let row = Entity::find_by_id(claim.job.id).filter(held(claim)).one(tx).await?.ok_or(Error::LeaseLost)?;
    let failures = row.failures + 1;
    let wait = match retry {
        Retry::After(wait) if failures < row.max_attempts => {
            wait.unwrap_or_else(|| backoff_ms(failures, getrandom::u32().unwrap_or(u32::MAX / 2)))
        }
        Retry::After(_) | Retry::Fatal => {
            let dead = ended(JobStatus::Dead, now)
                .col_expr(Column::Failures, Expr::value(failures))
                .col_expr(Column::LastError, Expr::value(reason))
                .filter(held(claim))
                .exec(tx)
                .await?;
            return if dead.rows_affected == 1 { Ok(Failed::Dead) } else { Err(Error::LeaseLost) };
        }
    };
    let at = now.plus_ms(wait);
    put_back(tx, claim, now, at, Some(failures), Some(reason)).await?;
    Ok(Failed::Again(at))
}

/// Gives a job back without counting it as a failure: at shutdown, or until something that it waits for is there.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn release(tx: &Tx, claim: &Claim, now: Timestamp, again_at: Timestamp, reason: Option<&str>) -> Result<()> {
    put_back(tx, claim, now, again_at, None, reason).await
}

async fn put_back(
    tx: &Tx,
    claim: &Claim,
    now: Timestamp,
    at: Timestamp,
    failures: Option<i32>,
    reason: Option<&str>,
) -> Result<()> {
    let failures = failures.map_or_else(|| Expr::col(Column::Failures), Expr::value);
    let put = Entity::update_many()
        .col_expr(Column::Status, Expr::value(JobStatus::Queued))
        .col_expr(Column::RunAt, Expr::value(at))
        .col_expr(Column::Failures, failures)
        .col_expr(Column::LeaseOwner, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(Column::LastError, Expr::value(reason))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(held(claim))
        .exec(tx)
        .await?;
    if put.rows_affected == 1 { Ok(()) } else { Err(Error::LeaseLost) }
}

/// Cancels every unfinished job of a title; returns how many there were. A worker notices at its next heartbeat.
///
/// # Errors
/// From the database.
pub async fn cancel(tx: &Tx, audiobook_id: Uuid) -> Result<u64> {
    let now = tx.now();
    let cancelled = ended(JobStatus::Cancelled, now)
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::Status.is_in([JobStatus::Queued, JobStatus::Running]))
        .exec(tx)
        .await?;
    Ok(cancelled.rows_affected)
}

/// Lets the waiting jobs of these titles run at once.
///
/// # Errors
/// From the database.
pub async fn wake(db: &impl ConnectionTrait, now: Timestamp, audiobook_ids: &[Uuid]) -> Result<u64> {
    let mut woken = 0;
    for ids in audiobook_ids.chunks(500) {
        let update = Entity::update_many()
            .col_expr(Column::RunAt, Expr::value(now))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(Column::AudiobookId.is_in(ids.iter().copied()))
            .filter(Column::Status.eq(JobStatus::Queued))
            .filter(Column::RunAt.gt(now));
        woken += update.exec(db).await?.rows_affected;
    }
    Ok(woken)
}

/// Forgets the jobs of a kind that ended so before a time; returns how many there were.
///
/// # Errors
/// From the database.
pub async fn delete_ended(db: &Db, kind: &str, status: JobStatus, before: Timestamp) -> Result<u64> {
    let ended = Entity::delete_many()
        .filter(Column::Status.eq(status))
        .filter(Column::Kind.eq(kind))
        .filter(Column::FinishedAt.lt(before));
    Ok(ended.exec(db.read()).await?.rows_affected)
}

/// The jobs of a kind that nobody is at work on, whose payload holds this text.
///
/// # Errors
/// From the database.
pub async fn idle_about(tx: &Tx, kind: &str, text: &str) -> Result<Vec<(Uuid, serde_json::Value)>> {
    let rows: Vec<(Uuid, String)> = Entity::find()
        .select_only()
        .columns([Column::Id, Column::Payload])
        .filter(Column::Kind.eq(kind))
        .filter(Column::Status.ne(JobStatus::Running))
        .filter(Column::Payload.contains(text))
        .into_tuple()
        .all(tx)
        .await?;
    rows.into_iter().map(|(id, payload)| Ok((id, serde_json::from_str(&payload)?))).collect()
}

/// Forgets jobs that nobody is at work on.
///
/// # Errors
/// From the database.
pub async fn withdraw(tx: &Tx, ids: &[Uuid]) -> Result<()> {
    for some in ids.chunks(500) {
        Entity::delete_many()
            .filter(Column::Id.is_in(some.iter().copied()))
            .filter(Column::Status.ne(JobStatus::Running))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Unfinished jobs of a title.
///
/// # Errors
/// From the database.
pub async fn unfinished(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<u64> {
    let jobs = Entity::find()
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::Status.is_in([JobStatus::Queued, JobStatus::Running]));
    Ok(jobs.count(db).await?)
}

fn held(claim: &Claim) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(Column::Id.eq(claim.job.id))
        .add(Column::Attempt.eq(claim.attempt))
        .add(Column::LeaseOwner.eq(claim.owner.as_str()))
        .add(Column::Status.eq(JobStatus::Running))
}

/// The expression of a counter's next value.
pub(super) fn one_more(counter: impl sea_orm::IntoSimpleExpr) -> Expr {
    use sea_orm::sea_query::ExprTrait as _;
    counter.into_simple_expr().add(1)
}

/// The columns of a job that ended. Its unique key becomes free.
fn ended(status: JobStatus, now: Timestamp) -> sea_orm::UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::UniqueKey, Expr::value(None::<String>))
        .col_expr(Column::LeaseOwner, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::FinishedAt, Expr::value(now))
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
