//! Jobs of which one at a time is enough. The column `unique_key` has a unique index and holds the key for as long as it
//! counts; `unique_name` keeps it for the job's whole life.

use super::JobStatus;
use super::rows::ended;
use crate::entities::jobs::{Column, Entity};
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{CaseStatement, SimpleExpr};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

/// What the key is once a job runs.
pub(super) fn while_running() -> SimpleExpr {
    CaseStatement::new()
        .case(Column::UniqueRunning.eq(true), Expr::col(Column::UniqueName))
        .finally(Expr::value(None::<String>))
        .into()
}

/// Whether a job that ran may wait again. When another with its key has come since, that one does what this one would:
/// then it ends here.
pub(super) async fn may_wait_again(tx: &Tx, id: Uuid, name: Option<&str>, kept_key: bool) -> Result<bool> {
    let Some(name) = name.filter(|_| !kept_key) else { return Ok(true) };
    if Entity::find().filter(Column::UniqueKey.eq(name)).filter(Column::Id.ne(id)).count(tx).await? == 0 {
        return Ok(true);
    }
    ended(JobStatus::Cancelled, tx.now())
        .col_expr(Column::LastError, Expr::value("A newer one took its place."))
        .filter(Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(false)
}
