//! The mails to a buyer about an order.

use super::orders::currency;
use crate::account::email::mail::{self, Purchase, PurchaseLine};
use crate::entities::{order_lines, orders};
use crate::{Money, Result, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Sends the receipt of a paid order.
pub(super) async fn receipt(tx: &Tx, order: &orders::Model) -> Result<()> {
    let (lines, total) = (lines(tx, order.id, None).await?, total(order)?);
    let at = order.paid_at.unwrap_or_else(|| tx.now());
    tell(tx, order, Purchase::Receipt { number: order.number.clone(), lines, total, at }).await
}

/// Says that lines of an order were paid back.
pub(super) async fn refunded(tx: &Tx, order: &orders::Model, lines_back: &[Uuid], amount: Money) -> Result<()> {
    let lines = lines(tx, order.id, Some(lines_back)).await?;
    tell(tx, order, Purchase::Refund { number: order.number.clone(), lines, amount }).await
}

/// Says that a payment came to nothing, to somebody who no longer looks at the page.
pub(super) async fn payment_failed(tx: &Tx, order: &orders::Model, why: &str) -> Result<()> {
    let total = total(order)?;
    tell(tx, order, Purchase::PaymentFailed { number: order.number.clone(), total, why: why.to_owned() }).await
}

async fn tell(tx: &Tx, order: &orders::Model, purchase: Purchase) -> Result<()> {
    mail::tell_of_purchase(tx, order.user_id, purchase).await
}

fn total(order: &orders::Model) -> Result<Money> {
    Ok(Money::new(order.total_minor, currency(&order.currency)?))
}

/// The lines of an order, or some of them.
async fn lines(tx: &Tx, order_id: Uuid, only: Option<&[Uuid]>) -> Result<Vec<PurchaseLine>> {
    let mut query = order_lines::Entity::find().filter(order_lines::Column::OrderId.eq(order_id));
    if let Some(only) = only {
        query = query.filter(order_lines::Column::Id.is_in(only.iter().copied()));
    }
    let rows = query.order_by_asc(order_lines::Column::Position).all(tx).await?;
    let line = |row: order_lines::Model| {
        Ok(PurchaseLine { title: row.title, price: Money::new(row.price_minor, currency(&row.currency)?) })
    };
    rows.into_iter().map(line).collect()
}
