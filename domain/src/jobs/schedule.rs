//! What is done again and again: every so often a job of some kind is enqueued, by one server of the shop at a time.

use super::{Job, enqueue};
use crate::entities::{leases, schedules};
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};
use std::pin::Pin;
use std::time::Duration;

/// How long a server leads after it last said that it does, in milliseconds.
pub const LEASE_MS: i64 = 30_000;
/// The lease that makes a server the one that looks after the schedule.
const LEADER: &str = "schedule";

type Enqueuing<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// A job that is done every so often.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    pub kind: &'static str,
    every: Duration,
    enqueue: for<'a> fn(&'a Tx) -> Enqueuing<'a>,
}

impl Schedule {
    /// A job of this kind every so often, the first time at once. One that is still unfinished by then is not doubled when
    /// its kind is unique.
    pub fn every<J: Job + Default>(every: Duration) -> Self {
        Self {
            kind: J::KIND,
            every,
            enqueue: |tx| Box::pin(async move { enqueue(tx, &J::default()).await.map(|_| ()) }),
        }
    }

    fn after(&self, now: Timestamp) -> Timestamp {
        now.plus_ms(i64::try_from(self.every.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Enqueues what is due, when this server leads or nobody does. Returns whether it leads.
pub async fn tick(db: &Db, schedules: &[Schedule], server: &str) -> Result<bool> {
    if !lead(db, server).await? {
        return Ok(false);
    }
    let known = schedules::Entity::find().all(db.read()).await?;
    let now = db.now();
    for schedule in schedules {
        let at = known.iter().find(|row| row.kind == schedule.kind).map(|row| row.next_at);
        if at.is_none_or(|at| at <= now) {
            run(db, schedule, at).await?;
        }
    }
    Ok(true)
}

/// Of two servers that both take themselves for the leader, one finds the time that it has read.
async fn run(db: &Db, schedule: &Schedule, at: Option<Timestamp>) -> Result<()> {
    let ran = db.transaction(async |tx| {
        let next_at = schedule.after(tx.now());
        match at {
            Some(at) => {
                let moved = schedules::Entity::update_many()
                    .col_expr(schedules::Column::NextAt, Expr::value(next_at))
                    .filter(schedules::Column::Kind.eq(schedule.kind))
                    .filter(schedules::Column::NextAt.eq(at))
                    .exec(&tx)
                    .await?;
                if moved.rows_affected == 0 {
                    return Ok(());
                }
            }
            None => {
                let row = schedules::ActiveModel { kind: Set(schedule.kind.to_owned()), next_at: Set(next_at) };
                schedules::Entity::insert(row).exec_without_returning(&tx).await?;
            }
        }
        (schedule.enqueue)(&tx).await
    });
    match ran.await {
        Err(error) if error.is_unique_violation() => Ok(()),
        outcome => outcome,
    }
}

/// Takes or keeps the lead.
async fn lead(db: &Db, server: &str) -> Result<bool> {
    let (now, until) = (db.now(), db.now().plus_ms(LEASE_MS));
    let free = Condition::any().add(leases::Column::Holder.eq(server)).add(leases::Column::Until.lt(now));
    let taken = db
        .retry(|| async {
            let update = leases::Entity::update_many()
                .col_expr(leases::Column::Holder, Expr::value(server))
                .col_expr(leases::Column::Until, Expr::value(until))
                .filter(leases::Column::Name.eq(LEADER))
                .filter(free.clone());
            Ok(update.exec(db.read()).await?.rows_affected)
        })
        .await?;
    if taken == 1 {
        return Ok(true);
    }
    if leases::Entity::find_by_id(LEADER).one(db.read()).await?.is_some() {
        return Ok(false);
    }
    let lease = leases::Model { name: LEADER.to_owned(), holder: server.to_owned(), until };
    match leases::Entity::insert(lease.into_active_model()).exec_without_returning(db.read()).await.map_err(Error::from)
    {
        Ok(_) => Ok(true),
        Err(error) if error.is_unique_violation() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Gives the lead up, so that another server takes it at once.
pub async fn resign(db: &Db, server: &str) -> Result<()> {
    leases::Entity::delete_many()
        .filter(leases::Column::Name.eq(LEADER))
        .filter(leases::Column::Holder.eq(server))
        .exec(db.read())
        .await?;
    Ok(())
}
