//! The shop in numbers.

use super::{Dashboard, Sales};
use crate::account::Role;
use crate::catalog::Status;
use crate::entities::{audiobooks, orders, production_steps, users};
use crate::ordering::OrderStatus;
use crate::production::StepStatus;
use crate::{Currency, Db, Error, Money, Result};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

/// The shop at a glance; what was sold only where that is asked for, and counted in the shop's own currency while nothing
/// was.
pub async fn dashboard(db: &Db, own: Currency, with_sales: bool) -> Result<Dashboard> {
    Ok(Dashboard {
        published: titles(db, Status::Published).await?,
        drafts: titles(db, Status::Draft).await?,
        needing_attention: needing_attention(db).await?,
        sales: if with_sales { Some(sales(db, own).await?) } else { None },
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

async fn sales(db: &Db, own: Currency) -> Result<Sales> {
    let customers = users::Entity::find()
        .filter(users::Column::Role.eq(Role::Shopper))
        .filter(users::Column::DeletedAt.is_null())
        .count(db.read())
        .await?;
    let mut sales: Vec<(String, i64, i64, i64)> = orders::Entity::find()
        .select_only()
        .column(orders::Column::Currency)
        .column_as(Expr::col(orders::Column::TotalMinor).count(), "orders")
        .column_as(db.sum(Expr::col(orders::Column::TotalMinor)), "revenue")
        .column_as(db.sum(Expr::col(orders::Column::RefundedMinor)), "refunded")
        .filter(orders::Column::Status.is_in(OrderStatus::WITH_MONEY))
        .group_by(orders::Column::Currency)
        .into_tuple()
        .all(db.read())
        .await?;
    sales.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    let orders: i64 = sales.iter().map(|(_, orders, ..)| orders).sum();
    let money = |(code, _, paid, refunded): (String, i64, i64, i64)| {
        let currency =
            code.parse().map_err(|error: crate::money::UnknownCurrency| Error::Damaged(error.to_string()))?;
        Ok(Money::new(paid - refunded, currency))
    };
    let mut revenue = sales.into_iter().map(money).collect::<Result<Vec<_>>>()?;
    if revenue.is_empty() {
        revenue.push(Money::new(0, own));
    }
    Ok(Sales { orders_paid: orders.try_into().unwrap_or(0), revenue, customers })
}
