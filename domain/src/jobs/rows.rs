//! What changes in the row of a job.

use super::JobStatus;
use crate::Timestamp;
use crate::entities::jobs::{Column, Entity};
use sea_orm::prelude::Expr;
use sea_orm::{EntityTrait, IntoSimpleExpr, UpdateMany};

/// The expression of a counter's next value.
pub(crate) fn one_more(counter: impl IntoSimpleExpr) -> Expr {
    use sea_orm::sea_query::ExprTrait as _;
    counter.into_simple_expr().add(1)
}

/// The columns of a job that ended. Its key becomes free.
pub(super) fn ended(status: JobStatus, now: Timestamp) -> UpdateMany<Entity> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::UniqueKey, Expr::value(None::<String>))
        .col_expr(Column::LeaseOwner, Expr::value(None::<String>))
        .col_expr(Column::LeaseUntil, Expr::value(None::<i64>))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .col_expr(Column::FinishedAt, Expr::value(now))
}
