//! Coupons and searches of a range.

use super::{CouponLine, Range, SearchLine};
use crate::entities::{coupon_takings, coupons, day_searches};
use crate::{Currency, Db, Money, Result};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Order};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Coupons in a report.
const COUPONS: u64 = 50;
/// Searches in a list.
const SEARCHES: u64 = 20;
/// Searches of a longer range, in days, are not looked up by their days: see [`searches`].
const LOOKED_UP: i32 = 45;

/// The coupons that were used most.
pub(super) async fn coupons(db: &Db, range: &Range, currency: Currency) -> Result<Vec<CouponLine>> {
    use coupon_takings::Column;
    let used: Vec<(Uuid, i64, i64, i64)> = coupon_takings::Entity::find()
        .select_only()
        .column(Column::CouponId)
        .column_as(db.sum(Expr::col(Column::Orders)), "used")
        .column_as(db.sum(Expr::col(Column::DiscountMinor)), "given")
        .column_as(db.sum(Expr::col(Column::RevenueMinor)), "taken")
        .filter(Column::Day.between(range.from.0, range.to.0))
        .filter(Column::Currency.eq(currency.code()))
        .group_by(Column::CouponId)
        .order_by(Expr::col(Alias::new("used")), Order::Desc)
        .order_by_asc(Column::CouponId)
        .limit(COUPONS)
        .into_tuple()
        .all(db.read())
        .await?;
    if used.is_empty() {
        return Ok(Vec::new());
    }
    let codes: Vec<(Uuid, String)> = coupons::Entity::find()
        .select_only()
        .column(coupons::Column::Id)
        .column(coupons::Column::Code)
        .filter(coupons::Column::Id.is_in(used.iter().map(|(id, ..)| *id)))
        .into_tuple()
        .all(db.read())
        .await?;
    let mut codes: HashMap<Uuid, String> = codes.into_iter().collect();
    let line = |(id, orders, discount, revenue)| CouponLine {
        code: codes.remove(&id),
        orders,
        discount: Money::new(discount, currency),
        revenue: Money::new(revenue, currency),
    };
    Ok(used.into_iter().map(line).collect())
}

/// What was searched for most; or what was searched for most in vain.
pub(super) async fn searches(db: &Db, range: &Range, in_vain: bool) -> Result<Vec<SearchLine>> {
    use day_searches::Column;
    let counted = if in_vain { Column::Empty } else { Column::Asked };
    // By a sum no day is looked up: SQLite then reads an index that has the texts in order, where it would sort the rows of
    // many days, which takes longer than to pass over those of a few.
    let all = db.backend() == DbBackend::Sqlite && range.days() > LOOKED_UP;
    let day = if all { Expr::col(Column::Day).add(0) } else { Expr::col(Column::Day) };
    let found: Vec<(String, i64)> = day_searches::Entity::find()
        .select_only()
        .column(Column::Text)
        .column_as(db.sum(Expr::col(counted)), "times")
        .filter(day.between(range.from.0, range.to.0))
        .filter(counted.gt(0))
        .group_by(Column::Text)
        .order_by(Expr::col(Alias::new("times")), Order::Desc)
        .order_by_asc(Column::Text)
        .limit(SEARCHES)
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(found.into_iter().map(|(text, times)| SearchLine { text, times }).collect())
}
