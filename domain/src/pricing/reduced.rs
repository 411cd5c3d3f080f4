//! What a title is reduced to, kept in its row so that a list is put in order by an index and stays one query. It is written
//! with every change of a price, of categories and of sales, and by a job where a sale begins or ends. What is shown and
//! charged is reckoned anew; only the order of a list and its filters can be late, until the job has run.

use super::listed::Listed;
use super::offers::Offers;
use super::window::Window;
use crate::entities::audiobooks::{Column, Entity};
use crate::jobs::{self, Job, Queue, Unique};
use crate::{Db, Result, Timestamp, Tx};
use sea_orm::sea_query::{CaseStatement, Expr};
use sea_orm::{ColumnTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// Titles looked at together.
const TOGETHER: u64 = 500;

/// Brings the kept prices of all titles up to date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepReduced {
    /// When a sale begins, ends or changes; `None` for the one that comes every hour.
    pub at: Option<Timestamp>,
}

impl Job for KeepReduced {
    const KIND: &'static str = "pricing.keep-reduced";
    const QUEUE: Queue = Queue::Maintenance;
    const PRIORITY: i32 = -5;
    const MAX_ATTEMPTS: i32 = 5;
    const TIME_LIMIT: Duration = Duration::from_secs(10 * 60);
    const KEEP_DONE_MS: i64 = 60 * 60 * 1000;

    /// One that runs may have passed what changes now.
    fn unique(&self) -> Unique {
        Unique::Waiting(format!("{}:{}", Self::KIND, self.at.map_or(0, |at| at.0)))
    }
}

/// Asks for the kept prices to be brought up to date, now and at these times.
pub(crate) async fn ask(tx: &Tx, times: impl IntoIterator<Item = Timestamp>) -> Result<()> {
    let now = tx.now();
    jobs::enqueue(tx, &KeepReduced { at: Some(now) }).await?;
    // Two at most: where a sale begins and where it ends.
    for at in times.into_iter().filter(|at| *at > now) {
        jobs::enqueue_at(tx, &KeepReduced { at: Some(at) }, at).await?;
    }
    Ok(())
}

/// A title's price with what is kept of it.
#[derive(Debug, DerivePartialModel)]
#[sea_orm(entity = "crate::entities::audiobooks::Entity")]
struct Kept {
    #[sea_orm(nested)]
    listed: Listed,
    reduced_minor: Option<i64>,
    reduced_starts_at: Option<Timestamp>,
    reduced_ends_at: Option<Timestamp>,
}

type Row = (Option<i64>, Option<Timestamp>, Option<Timestamp>);

impl Kept {
    fn row(&self) -> Row {
        (self.reduced_minor, self.reduced_starts_at, self.reduced_ends_at)
    }
}

fn row_of(window: Option<Window>) -> Row {
    window.map_or((None, None, None), |window| (Some(window.minor), window.starts_at, window.ends_at))
}

/// Those whose kept price is another than it should be, and what it should be.
async fn changes(db: &impl sea_orm::ConnectionTrait, kept: &[Kept], now: Timestamp) -> Result<Vec<(Uuid, Row)>> {
    let ids: Vec<Uuid> = kept.iter().map(|title| title.listed.id).collect();
    let offers = Offers::to_come(db, &ids, now).await?;
    let should = kept.iter().map(|title| (title, row_of(offers.now_or_next(&title.listed, now))));
    Ok(should.filter(|(title, row)| title.row() != *row).map(|(title, row)| (title.listed.id, row)).collect())
}

/// Writes what some titles are reduced to.
pub(crate) async fn keep(tx: &Tx, titles: &[Uuid]) -> Result<()> {
    // In the order of their ids, as whoever buys holds them.
    let kept = Entity::find()
        .filter(Column::Id.is_in(titles.iter().copied()))
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .into_partial_model::<Kept>()
        .all(tx)
        .await?;
    let changes = changes(tx, &kept, tx.now()).await?;
    if changes.is_empty() {
        return Ok(());
    }
    let each = |value: fn(&Row) -> Option<i64>| {
        changes
            .iter()
            .fold(CaseStatement::new(), |case, (id, row)| case.case(Column::Id.eq(*id), Expr::value(value(row))))
    };
    Entity::update_many()
        .col_expr(Column::ReducedMinor, each(|row| row.0).into())
        .col_expr(Column::ReducedStartsAt, each(|row| row.1.map(|at| at.0)).into())
        .col_expr(Column::ReducedEndsAt, each(|row| row.2.map(|at| at.0)).into())
        .filter(Column::Id.is_in(changes.iter().map(|(id, _)| *id)))
        .exec(tx)
        .await?;
    Ok(())
}

/// Brings the kept prices of all titles up to date, some at a time. Says how many were another.
///
/// # Errors
/// When the database fails.
pub async fn keep_all(db: &Db) -> Result<u64> {
    let (mut after, mut changed) = (None, 0);
    loop {
        let mut some = Entity::find().order_by_asc(Column::Id).limit(TOGETHER);
        if let Some(after) = after {
            some = some.filter(Column::Id.gt(after));
        }
        let kept = some.into_partial_model::<Kept>().all(db.read()).await?;
        let ids: Vec<Uuid> = changes(db.read(), &kept, db.now()).await?.into_iter().map(|(id, _)| id).collect();
        if !ids.is_empty() {
            db.transaction(async |tx| keep(&tx, &ids).await).await?;
        }
        changed += ids.len() as u64;
        match kept.last() {
            Some(last) if kept.len() as u64 == TOGETHER => after = Some(last.listed.id),
            _ => return Ok(changed),
        }
    }
}
