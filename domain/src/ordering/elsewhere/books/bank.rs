//! What a bank takes of a charge, and gives back.

use super::Books;
use crate::account::email::mail::GivenBackBy;
use crate::entities::refunds as rows;
use crate::ordering::{OrderEventKind, RefundStatus, disputes, events};
use crate::{Result, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

impl Books {
    /// A bank took so much: the first time, or again after it had given that back.
    pub async fn lose(&mut self, tx: &Tx, handle: &str, minor: i64) -> Result<()> {
        if !self.turn(tx, handle, RefundStatus::Refused, RefundStatus::Done, None).await? {
            return self.take(tx, handle, minor, disputes::LOST, GivenBackBy::Bank).await;
        }
        events::record(tx, self.order.id, OrderEventKind::Refunded, disputes::LOST).await
    }

    /// A bank gave back what it had taken: the money is the shop's again. What was taken back for it stays so until a person has
    /// looked at it.
    pub async fn returned(&mut self, tx: &Tx, handle: &str) -> Result<()> {
        let why = Some(disputes::RETURNED);
        if !self.turn(tx, handle, RefundStatus::Done, RefundStatus::Refused, why).await? {
            return Ok(());
        }
        events::record(tx, self.order.id, OrderEventKind::RefundRefused, disputes::RETURNED).await
    }

    /// Turns what stands so of a name to another status; `false` where nothing does.
    async fn turn(
        &mut self,
        tx: &Tx,
        handle: &str,
        from: RefundStatus,
        to: RefundStatus,
        why: Option<&str>,
    ) -> Result<bool> {
        let of_it = |row: &&mut rows::Model| row.handle.as_deref() == Some(handle) && row.status == from;
        let Some(row) = self.refunds.iter_mut().find(of_it) else { return Ok(false) };
        row.status = to;
        rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value(to))
            .col_expr(rows::Column::LastError, Expr::value(why.map(str::to_owned)))
            .filter(rows::Column::Id.eq(row.id))
            .exec(tx)
            .await?;
        Ok(true)
    }
}
