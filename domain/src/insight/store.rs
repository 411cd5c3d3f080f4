//! The shop in numbers.

use super::Dashboard;
use crate::account::Role;
use crate::catalog::Status;
use crate::entities::{audiobooks, orders, production_steps, users};
use crate::ordering::OrderStatus;
use crate::production::StepStatus;
use crate::{Currency, Db, Error, Money, Result};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

/// The shop at a glance. Orders and revenue are those of the currency with the most orders.
///
/// # Errors
/// When the database fails.
pub async fn dashboard(db: &Db) -> Result<Dashboard> {
    let (orders_paid, revenue) = sales(db).await?;
    Ok(Dashboard {
        published: titles(db, Status::Published).await?,
        drafts: titles(db, Status::Draft).await?,
        needing_attention: needing_attention(db).await?,
        orders_paid,
        revenue,
        customers: users::Entity::find().filter(users::Column::Role.eq(Role::Shopper)).count(db.read()).await?,
    })
}

async fn titles(db: &Db, status: Status) -> Result<u64> {
    Ok(audiobooks::Entity::find().filter(audiobooks::Column::Status.eq(status)).count(db.read()).await?)
}

/// Titles with a step that failed or waits for a person, each counted once.
async fn needing_attention(db: &Db) -> Result<u64> {
    use production_steps::Column;
    let titles = production_steps::Entity::find()
        .select_only()
        .column(Column::AudiobookId)
        .distinct()
        .filter(Column::Status.is_in([StepStatus::Failed, StepStatus::Blocked]));
    Ok(titles.count(db.read()).await?)
}

async fn sales(db: &Db) -> Result<(u64, Money)> {
    let mut sales: Vec<(String, i64, i64)> = orders::Entity::find()
        .select_only()
        .column(orders::Column::Currency)
        .column_as(Expr::col(orders::Column::TotalMinor).count(), "orders")
        .column_as(db.sum(Expr::col(orders::Column::TotalMinor)), "revenue")
        .filter(orders::Column::Status.eq(OrderStatus::Paid))
        .group_by(orders::Column::Currency)
        .into_tuple()
        .all(db.read())
        .await?;
    sales.sort_by_key(|(_, orders, _)| *orders);
    let Some((code, orders, revenue)) = sales.pop() else { return Ok((0, Money::new(0, Currency::USD))) };
    let currency = code.parse().map_err(|error: crate::money::UnknownCurrency| Error::Damaged(error.to_string()))?;
    Ok((orders.try_into().unwrap_or(0), Money::new(revenue, currency)))
}
