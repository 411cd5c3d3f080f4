//! The job that puts a title on sale at its time, and how the title follows it.

use super::titles::job_group;
use crate::entities::audiobooks::{Column, Entity};
use crate::jobs::{self, Change, Job, Queue, Unique};
use crate::{Result, Timestamp, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Puts a title on sale at its time. One for another time than the title has now does nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishDue {
    pub audiobook_id: Uuid,
    pub at: Timestamp,
}

impl Job for PublishDue {
    const KIND: &'static str = "catalog.publish-due";
    const QUEUE: Queue = Queue::Maintenance;
    /// People wait for it.
    const PRIORITY: i32 = -10;
    /// With the queue's growing waits, about an hour.
    const MAX_ATTEMPTS: i32 = 12;
    const NEEDS_PERSON: bool = true;

    fn unique(&self) -> Unique {
        Unique::No
    }

    fn group(&self) -> Option<String> {
        Some(job_group(self.audiobook_id))
    }

    async fn follow(&self, tx: &Tx, change: &Change) -> Result<()> {
        let update = match change {
            Change::Died { reason, .. } => Entity::update_many().col_expr(Column::PublishFailure, Expr::value(reason)),
            Change::Requeued => Entity::update_many().col_expr(Column::PublishFailure, Expr::value(None::<String>)),
            Change::Cancelled => cleared(),
            _ => return Ok(()),
        };
        let of_this_time = update.filter(Column::Id.eq(self.audiobook_id)).filter(Column::PublishAt.eq(self.at));
        of_this_time.exec(tx).await?;
        Ok(())
    }
}

/// A title without a time.
fn cleared() -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::PublishAt, Expr::value(None::<i64>))
        .col_expr(Column::PublishFailure, Expr::value(None::<String>))
}

/// Calls off the job of a title, and forgets one that was given up.
pub(super) async fn forget(tx: &Tx, id: Uuid) -> Result<()> {
    jobs::cancel_group(tx, &job_group(id), &[PublishDue::KIND]).await?;
    jobs::close_dead(tx, &job_group(id), &[PublishDue::KIND]).await?;
    Ok(())
}

/// As [`forget`], and the title has no time any more.
pub(super) async fn clear(tx: &Tx, id: Uuid) -> Result<()> {
    forget(tx, id).await?;
    let update = cleared().col_expr(Column::UpdatedAt, Expr::value(tx.now()));
    update.filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}
