//! What is amiss in a shop that is open: nothing that keeps people from buying, but somebody has to look.

use crate::entities::{jobs, workers};
use crate::jobs::{JobStatus, Queue};
use crate::production::workers::GONE_AFTER_MS;
use crate::{Db, Result, Timestamp};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, Select};

/// A mail that has not left for so long, in milliseconds, and was tried.
const MAIL_LATE_MS: i64 = 15 * 60 * 1000;
/// Work that nobody has taken for so long.
const UNTAKEN_MS: i64 = 5 * 60 * 1000;

/// What is amiss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// Recordings wait, and no worker has been seen for a minute.
    NoWorker,
    /// Mails do not leave.
    MailStays,
    /// What the shop looks after by itself, payments among it, waits and nobody takes it.
    ChoresWait,
}

/// What is amiss now.
///
/// # Errors
/// When the database does not answer.
pub async fn troubles(db: &Db) -> Result<Vec<Trouble>> {
    let now = db.now();
    let mut found = Vec::new();
    if is_any(db, untaken(now, &[Queue::Engines, Queue::Sound])).await? && !worker_is_seen(db).await? {
        found.push(Trouble::NoWorker);
    }
    let tried = jobs::Column::Failures.gt(0);
    let late = Condition::any().add(tried).add(jobs::Column::RunAt.lte(now.plus_ms(-UNTAKEN_MS)));
    let late = late_among(&[Queue::Mail]).filter(late).filter(jobs::Column::CreatedAt.lte(now.plus_ms(-MAIL_LATE_MS)));
    if is_any(db, late).await? {
        found.push(Trouble::MailStays);
    }
    if is_any(db, untaken(now, &[Queue::Maintenance, Queue::Storage])).await? {
        found.push(Trouble::ChoresWait);
    }
    Ok(found)
}

fn late_among(queues: &[Queue]) -> Select<jobs::Entity> {
    jobs::Entity::find()
        .filter(jobs::Column::Queue.is_in(queues.iter().copied()))
        .filter(jobs::Column::Status.eq(JobStatus::Queued))
}

/// Those whose time came a while ago.
fn untaken(now: Timestamp, queues: &[Queue]) -> Select<jobs::Entity> {
    late_among(queues).filter(jobs::Column::RunAt.lte(now.plus_ms(-UNTAKEN_MS)))
}

async fn is_any(db: &Db, among: Select<jobs::Entity>) -> Result<bool> {
    let one = among.select_only().column(jobs::Column::Id).limit(1);
    Ok(one.into_tuple::<uuid::Uuid>().one(db.read()).await?.is_some())
}

async fn worker_is_seen(db: &Db) -> Result<bool> {
    let since = db.now().plus_ms(-GONE_AFTER_MS);
    Ok(workers::Entity::find().filter(workers::Column::SeenAt.gte(since)).limit(1).one(db.read()).await?.is_some())
}
