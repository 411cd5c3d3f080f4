//! An attempt to pay as its provider is asked about it. It comes from what is written down, so that asking again asks for
//! the same.

use super::CardNumber;
use super::orders::currency;
use super::payment::{Bill, Charge};
use crate::entities::{order_lines, orders, payments, users};
use crate::{Db, Error, Money, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// What an attempt charges.
pub(super) async fn charge(db: &Db, attempt: &payments::Model, card: Option<CardNumber>) -> Result<Charge> {
    let order = orders::Entity::find_by_id(attempt.order_id).one(db.read()).await?.ok_or(Error::NotFound("order"))?;
    let lines = order_lines::Entity::find()
        .filter(order_lines::Column::OrderId.eq(order.id))
        .order_by_asc(order_lines::Column::Position)
        .all(db.read())
        .await?;
    let buyer = users::Entity::find_by_id(order.user_id).one(db.read()).await?;
    let currency = currency(&attempt.currency)?;
    Ok(Charge {
        reference: attempt.reference.clone(),
        handle: attempt.handle.clone(),
        amount: Money::new(attempt.amount_minor, currency),
        card,
        bill: Bill {
            number: order.number,
            lines: lines.into_iter().map(|line| (line.title, Money::new(line.price_minor, currency))).collect(),
            email: buyer.filter(|buyer| buyer.deleted_at.is_none()).map(|buyer| buyer.email),
            customer: attempt.customer.clone(),
        },
        begun_at: attempt.created_at,
    })
}
