//! Coupons in orders: who used which, and what they brought.

use super::OrderStatus;
use super::orders::currency;
use crate::entities::{coupons as rows, orders};
use crate::keyset::{Part, Walk};
use crate::pricing::coupons::{Asked, count};
use crate::promotions::{CouponRow, coupons as kept};
use crate::{Db, Money, Page, PageRequest, Result, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// What an order came to in which its coupon counts as not used: nothing was paid.
const GIVEN_BACK: [OrderStatus; 2] = [OrderStatus::Declined, OrderStatus::Cancelled];

/// A coupon as this person asks for it; a guest has used none.
pub(super) async fn asked<'a>(
    db: &impl ConnectionTrait,
    coupon: &'a rows::Model,
    user_id: Option<Uuid>,
) -> Result<Asked<'a>> {
    let used = match user_id {
        Some(user_id) if coupon.once_each => {
            let before = orders::Entity::find()
                .filter(orders::Column::CouponId.eq(coupon.id))
                .filter(orders::Column::UserId.eq(user_id))
                .filter(orders::Column::Status.is_not_in(GIVEN_BACK));
            before.one(db).await?.is_some()
        }
        _ => false,
    };
    Ok(Asked { coupon, used })
}

/// Gives back the use of an order that came to nothing.
pub(super) async fn give_back(tx: &Tx, order: &orders::Model) -> Result<()> {
    match order.coupon_id {
        Some(coupon) => count(tx, coupon, -1).await,
        None => Ok(()),
    }
}

/// A page of all coupons, the newest first, with what was paid with each.
pub async fn list(db: &Db, page: PageRequest) -> Result<Page<CouponRow>> {
    let mut page = kept::list(db, page).await?;
    bring(db, &mut page.items).await?;
    Ok(page)
}

/// A part of the same list, for programs.
pub async fn walk(db: &Db, walk: Walk<'_>) -> Result<Part<CouponRow>> {
    let mut part = kept::walk(db, walk).await?;
    bring(db, &mut part.items).await?;
    Ok(part)
}

/// Adds what was paid with each.
async fn bring(db: &Db, coupons: &mut [CouponRow]) -> Result<()> {
    let ids: Vec<Uuid> = coupons.iter().map(|coupon| coupon.id).collect();
    let paid: Vec<(Uuid, String, i64, i64)> = orders::Entity::find()
        .select_only()
        .columns([orders::Column::CouponId, orders::Column::Currency])
        .column_as(db.sum(Expr::col(orders::Column::TotalMinor)), "paid")
        .column_as(db.sum(Expr::col(orders::Column::RefundedMinor)), "back")
        .filter(orders::Column::CouponId.is_in(ids))
        .filter(orders::Column::Status.is_in(OrderStatus::WITH_MONEY))
        .group_by(orders::Column::CouponId)
        .group_by(orders::Column::Currency)
        .into_tuple()
        .all(db.read())
        .await?;
    let mut brought: HashMap<Uuid, Vec<Money>> = HashMap::new();
    for (id, code, paid, back) in paid {
        brought.entry(id).or_default().push(Money::new(paid - back, currency(&code)?));
    }
    for coupon in coupons {
        coupon.brought = brought.remove(&coupon.id).unwrap_or_default();
    }
    Ok(())
}
