//! The mails to a buyer about an order.

use super::orders::{currency, line_tax};
use super::spread::Back;
use super::{OrderEventKind, WithdrawalConsent, events, gifts};
use crate::account::email::mail::{self, GivenBackBy, Purchase, PurchaseLine};
use crate::entities::{order_lines, orders};
use crate::pricing::tax;
use crate::{Day, Money, Result, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

/// Sends the receipt of a paid order.
pub(super) async fn receipt(tx: &Tx, order: &orders::Model) -> Result<()> {
    let rows = order_lines::Entity::find()
        .filter(order_lines::Column::OrderId.eq(order.id))
        .order_by_asc(order_lines::Column::Position)
        .all(tx)
        .await?;
    let mut taxed = Vec::with_capacity(rows.len());
    let mut bundles: Vec<(String, Money)> = Vec::new();
    for row in &rows {
        let currency = currency(&row.currency)?;
        taxed.push((Money::new(row.price_minor, currency), line_tax(row, order.tax_added)?));
        let Some(name) = &row.bundle_name else { continue };
        match bundles.iter_mut().find(|(known, _)| known == name) {
            Some((_, off)) => off.minor += row.bundle_minor,
            None => bundles.push((name.clone(), Money::new(row.bundle_minor, currency))),
        }
    }
    let taxes = tax::sums(taxed.iter().map(|(pays, tax)| (*pays, tax.as_ref())));
    let gift = gifts::keep::of_order(tx, order.id).await?;
    let gift = gift.and_then(|gift| Some((gift.recipient?, Day(gift.send_on))));
    let lines = rows.into_iter().map(|row| {
        let currency = currency(&row.currency)?;
        let on_top = if order.tax_added { row.tax_minor } else { 0 };
        let price = Money::new(row.price_minor + row.discount_minor + row.bundle_minor - on_top, currency);
        let list = Some(Money::new(row.list_price_minor, currency)).filter(|list| price.minor < list.minor);
        Ok(PurchaseLine { title: row.title, price, list })
    });
    let lines = lines.collect::<Result<_>>()?;
    let total = total(order)?;
    let coupon = order.coupon_code.clone().map(|code| (code, Money::new(order.discount_minor, total.currency)));
    let at = order.paid_at.unwrap_or_else(|| tx.now());
    let consent = WithdrawalConsent::kept(order.withdrawal_agreed_at, order.withdrawal_wording)?;
    // The words themselves: the mail is what the buyer keeps of them.
    let agreed = consent.map(|consent| (consent.agreed_at, consent.wording.sentence().to_owned()));
    let number = order.number.clone();
    tell(tx, order, Purchase::Receipt { number, lines, coupon, taxes, total, at, bundles, gift, agreed }).await
}

/// Says that money of an order was paid back, and of which titles.
pub(super) async fn refunded(
    tx: &Tx,
    order: &orders::Model,
    backs: &[Back],
    amount: Money,
    by: GivenBackBy,
) -> Result<()> {
    let line = |back: &Back| {
        let price = Money::new(back.minor, amount.currency);
        PurchaseLine { title: back.name.clone(), price, list: None }
    };
    let kept = backs.iter().filter(|back| !back.whole).map(|back| back.name.clone()).collect();
    let (number, lines) = (order.number.clone(), backs.iter().map(line).collect());
    let gift = gifts::keep::of_order(tx, order.id).await?.is_some();
    tell(tx, order, Purchase::Refund { number, lines, amount, by, kept, gift }).await
}

/// Says that a payment came to nothing, to somebody who no longer looks at the page.
pub(super) async fn payment_failed(tx: &Tx, order: &orders::Model, why: &str) -> Result<()> {
    let total = total(order)?;
    let gift = gifts::keep::of_order(tx, order.id).await?.is_some();
    tell(tx, order, Purchase::PaymentFailed { number: order.number.clone(), total, why: why.to_owned(), gift }).await
}

/// Puts a mail on its way, and writes down that it is.
async fn tell(tx: &Tx, order: &orders::Model, purchase: Purchase) -> Result<()> {
    let about = match &purchase {
        Purchase::Receipt { .. } => "Receipt",
        Purchase::Refund { .. } => "Refund",
        Purchase::PaymentFailed { .. } => "Payment failed",
    };
    mail::tell_of_purchase(tx, order.user_id, purchase).await?;
    events::record(tx, order.id, OrderEventKind::Mailed, about).await
}

fn total(order: &orders::Model) -> Result<Money> {
    Ok(Money::new(order.total_minor, currency(&order.currency)?))
}
