//! Jobs that belong together, such as those of a title or of a person.

use super::JobStatus;
use super::rows::ended;
use crate::entities::jobs::{Column, Entity};
use crate::{Result, Tx, trace};
use sea_orm::prelude::Expr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use std::collections::HashSet;

/// Groups named in one statement: SQLite takes at most 32,766 values.
const AT_ONCE: usize = 500;

fn of_kinds(group: &str, kinds: &[&str]) -> Condition {
    Condition::all().add(Column::GroupKey.eq(group)).add(Column::Kind.is_in(kinds.iter().copied()))
}

fn unfinished() -> Condition {
    Condition::all().add(Column::Status.is_in([JobStatus::Queued, JobStatus::Running]))
}

/// Cancels the unfinished jobs of these kinds in a group; returns how many there were. A worker notices at its next
/// heartbeat.
pub async fn cancel_group(tx: &Tx, group: &str, kinds: &[&str]) -> Result<u64> {
    let end = ended(JobStatus::Cancelled, tx.now()).filter(of_kinds(group, kinds)).filter(unfinished());
    Ok(end.exec(tx).await?.rows_affected)
}

/// Calls off and forgets every job of a group, whatever its kind: what it is about is gone. A worker at it notices at its
/// next heartbeat, or when it writes.
pub async fn erase_group(tx: &Tx, group: &str) -> Result<u64> {
    Ok(Entity::delete_many().filter(Column::GroupKey.eq(group)).exec(tx).await?.rows_affected)
}

/// Unfinished jobs of these kinds in a group.
pub async fn unfinished_in_group(db: &impl ConnectionTrait, group: &str, kinds: &[&str]) -> Result<u64> {
    Ok(Entity::find().filter(of_kinds(group, kinds)).filter(unfinished()).count(db).await?)
}

/// Those of some groups that have an unfinished job, of whatever kind.
pub async fn unfinished_among(db: &impl ConnectionTrait, groups: &[String]) -> Result<HashSet<String>> {
    let mut found = HashSet::new();
    for groups in groups.chunks(AT_ONCE) {
        let at_work: Vec<String> = Entity::find()
            .select_only()
            .column(Column::GroupKey)
            .distinct()
            .filter(Column::GroupKey.is_in(groups.iter().map(String::as_str)))
            .filter(unfinished())
            .into_tuple()
            .all(db)
            .await?;
        found.extend(at_work);
    }
    Ok(found)
}

/// The trace that the last job of a family of kinds in a group belongs to, such as `production.`, and links what is being done
/// now to it. None where nobody keeps traces, which then costs nothing, and once such jobs are forgotten.
pub async fn trace_of(tx: &Tx, group: &str, family: &str) -> Result<Option<String>> {
    if !trace::is_kept() {
        return Ok(None);
    }
    let last: Option<Option<String>> = Entity::find()
        .select_only()
        .column(Column::TraceParent)
        .filter(Column::GroupKey.eq(group))
        .filter(Column::Kind.starts_with(family))
        .filter(Column::TraceParent.is_not_null())
        .order_by_desc(Column::Id)
        .limit(1)
        .into_tuple()
        .one(tx)
        .await?;
    let last = last.flatten();
    if let Some(place) = &last {
        trace::link(place);
    }
    Ok(last)
}

/// Lets the waiting jobs of these kinds and groups run at once; returns how many had to wait.
pub async fn wake_group(tx: &Tx, groups: &[String], kinds: &[&str]) -> Result<u64> {
    let mut woken = 0;
    for groups in groups.chunks(AT_ONCE) {
        let update = Entity::update_many()
            .col_expr(Column::RunAt, Expr::value(tx.now()))
            .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
            .filter(Column::GroupKey.is_in(groups.iter().map(String::as_str)))
            .filter(Column::Kind.is_in(kinds.iter().copied()))
            .filter(Column::Status.eq(JobStatus::Queued))
            .filter(Column::RunAt.gt(tx.now()));
        woken += update.exec(tx).await?.rows_affected;
    }
    super::Queue::ALL.into_iter().filter(|_| woken > 0).for_each(|queue| tx.announce(queue.topic()));
    Ok(woken)
}

/// Closes the jobs of these kinds in a group that were given up: somebody began anew.
pub async fn close_dead(tx: &Tx, group: &str, kinds: &[&str]) -> Result<u64> {
    let close = ended(JobStatus::Cancelled, tx.now()).filter(of_kinds(group, kinds));
    Ok(close.filter(Column::Status.eq(JobStatus::Dead)).exec(tx).await?.rows_affected)
}

/// Forgets the jobs of these groups that nobody is at work on, ended ones too: what they say is somebody's own.
pub async fn forget_group(tx: &Tx, groups: &[String]) -> Result<u64> {
    let gone = Entity::delete_many()
        .filter(Column::GroupKey.is_in(groups.iter().map(String::as_str)))
        .filter(Column::Status.ne(JobStatus::Running));
    Ok(gone.exec(tx).await?.rows_affected)
}
