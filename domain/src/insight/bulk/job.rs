//! The job of a change to many titles.

use crate::entities::bulk_runs::{Column, Entity};
use crate::jobs::{Change, Job, Queue, Unique};
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

/// Changes the titles of a run that nobody has got to yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeMany {
    pub bulk_id: Uuid,
}

impl Job for ChangeMany {
    const KIND: &'static str = "catalog.change-many";
    const QUEUE: Queue = Queue::Maintenance;
    /// Somebody watches it.
    const PRIORITY: i32 = -5;
    const TIME_LIMIT: Duration = Duration::from_secs(6 * 60 * 60);
    const FINISH_ON_STOP: bool = false;
    const NEEDS_PERSON: bool = true;

    fn unique(&self) -> Unique {
        Unique::Unfinished(format!("catalog.change-many:{}", self.bulk_id))
    }

    async fn follow(&self, tx: &Tx, change: &Change) -> Result<()> {
        let said = match change {
            Change::Died { reason, .. } => Some(reason.clone()),
            Change::Cancelled => Some("It was called off.".to_owned()),
            Change::Requeued => None,
            _ => return Ok(()),
        };
        Entity::update_many()
            .col_expr(Column::Stopped, Expr::value(said))
            .filter(Column::Id.eq(self.bulk_id))
            .filter(Column::FinishedAt.is_null())
            .exec(tx)
            .await?;
        Ok(())
    }
}
