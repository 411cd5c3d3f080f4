//! The shop in numbers.

use super::{Dashboard, Sales};
use crate::account::Role;
use crate::catalog::Status;
use crate::entities::{audiobooks, day_takings, orders, production_steps, users};
use crate::ordering::OrderStatus;
use crate::production::StepStatus;
use crate::{Currency, Db, Error, Money, Result};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;

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
    let mut taken = taken(db).await?;
    taken.sort_by(|one, other| other.orders.cmp(&one.orders).then_with(|| one.currency.cmp(&other.currency)));
    let orders: i64 = taken.iter().map(|one| one.orders).sum();
    let mut revenue = taken.iter().map(Taken::kept).collect::<Result<Vec<_>>>()?;
    if revenue.is_empty() {
        revenue.push(Money::new(0, own));
    }
    Ok(Sales { orders_paid: orders.try_into().unwrap_or(0), revenue, customers })
}

/// What stayed in the shop of a currency, and of how many orders.
struct Taken {
    currency: String,
    orders: i64,
    minor: i64,
}

impl Taken {
    fn kept(&self) -> Result<Money> {
        let currency =
            self.currency.parse().map_err(|error: crate::money::UnknownCurrency| Error::Damaged(error.to_string()))?;
        Ok(Money::new(self.minor, currency))
    }
}

/// All that was ever sold, from the rows of the days: one for each day and currency, however many orders there are. Of orders
/// those are taken off of which all went back.
async fn taken(db: &Db) -> Result<Vec<Taken>> {
    use day_takings::Column;
    let sums: Vec<(String, i64, i64, i64)> = day_takings::Entity::find()
        .select_only()
        .column(Column::Currency)
        .column_as(db.sum(Expr::col(Column::Orders)), "orders_sum")
        .column_as(db.sum(Expr::col(Column::RevenueMinor)), "revenue_sum")
        .column_as(db.sum(Expr::col(Column::ReturnedMinor)), "returned_sum")
        .group_by(Column::Currency)
        .into_tuple()
        .all(db.read())
        .await?;
    let over: Vec<(String, i64)> = orders::Entity::find()
        .select_only()
        .column(orders::Column::Currency)
        .column_as(Expr::col(orders::Column::TotalMinor).count(), "orders")
        .filter(orders::Column::Status.eq(OrderStatus::Refunded))
        .group_by(orders::Column::Currency)
        .into_tuple()
        .all(db.read())
        .await?;
    let over: HashMap<String, i64> = over.into_iter().collect();
    let taken = sums.into_iter().map(|(currency, orders, revenue, returned)| {
        let orders = orders - over.get(&currency).copied().unwrap_or_default();
        Taken { currency, orders, minor: revenue - returned }
    });
    Ok(taken.filter(|one| one.orders > 0).collect())
}
