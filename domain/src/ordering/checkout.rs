//! Buying what is in a cart: reserve, pay, settle. The payment happens between two transactions, never inside one.

use super::payment::{Charge, Outcome, Payments};
use super::reserve::{CheckoutRequest, Reserved, reserve};
use super::settle::{reference, settle};
use super::{CardNumber, Order, OrderStatus, orders};
use crate::entities::orders as rows;
use crate::{Db, Error, Money, Result, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long a provider may take to answer. After that the order stays pending until [`settle_pending`] asks again.
pub const PAYMENT_TIMEOUT: Duration = Duration::from_secs(30);
/// How old a pending order must be, in milliseconds, before [`settle_pending`] may ask about it: by then whoever began
/// it has given up waiting.
pub const PAYMENT_GRACE_MS: i64 = 2 * 60 * 1000;
/// Longest name of a purchase, in bytes.
const KEY_MAX: usize = 80;
/// Pending orders that one run of [`settle_pending`] asks about.
const SETTLED_A_RUN: u64 = 200;

/// Buys what is in a person's cart. `expected_total_minor` is what the page showed: when a price has changed since,
/// nothing is charged. `key` names the purchase: asked for twice, it is made once, and both get the same order. A
/// declined card leaves the cart as it was, and another key tries again. What is free needs no card.
///
/// # Errors
/// `Conflict` with a sentence when the cart is empty or not what it was; `Invalid` without a card or a key.
pub async fn checkout(
    db: &Db,
    payments: &Payments,
    user_id: Uuid,
    expected_total_minor: i64,
    card: Option<&CardNumber>,
    key: &str,
) -> Result<Order> {
    if key.is_empty() || key.len() > KEY_MAX {
        return Err(Error::invalid("key", "checkout.out-of-date"));
    }
    let request = CheckoutRequest { user_id, expected_total_minor, has_card: card.is_some(), key };
    let reserve = async |tx: Tx| match reserve(&tx, &request).await {
        // The same purchase or the same number, made at the same moment: the next look finds it.
        Err(error) if error.is_unique_violation() => Err(Error::Busy),
        outcome => outcome,
    };
    let reserved = db.transaction(reserve).await?;
    let order_id = match reserved {
        Reserved::Known { order_id } => return await_outcome(db, order_id).await,
        Reserved::New { order_id, total } => {
            let paying = pay(db.clone(), payments.clone(), order_id, total, card.cloned());
            // On its own, so that a browser that goes away does not cut a payment in half.
            tokio::spawn(paying).await.map_err(|error| Error::Damaged(error.to_string()))??;
            order_id
        }
    };
    orders::by_id(db, order_id).await
}

/// The order, unless its payment was declined: that is told beside the card.
///
/// # Errors
/// [`Error::Invalid`] with the reason for a declined order.
pub fn accepted(order: Order) -> Result<Order> {
    if order.status != OrderStatus::Declined {
        return Ok(order);
    }
    let why = order.failure.unwrap_or_else(|| "The card was declined.".to_owned());
    Err(Error::invalid("card", "card.declined").with("why", why))
}

async fn pay(db: Db, payments: Payments, order_id: Uuid, amount: Money, card: Option<CardNumber>) -> Result<()> {
    let Some(card) = card.filter(|_| amount.minor > 0) else {
        return settle(&db, order_id, payments.name(), None).await.map(|_| ());
    };
    let charge = Charge { reference: reference(order_id), amount, card };
    match tokio::time::timeout(PAYMENT_TIMEOUT, payments.charge(&charge)).await {
        Ok(Ok(outcome)) => record_outcome(&db, &payments, order_id, &outcome).await,
        Ok(Err(error)) => {
            tracing::warn!(%order_id, %error, "an order stays pending");
            Ok(())
        }
        Err(_) => {
            tracing::warn!(%order_id, "the payment provider took too long, an order stays pending");
            Ok(())
        }
    }
}

/// Settles an order, and pays back what was charged for one that had been given up.
async fn record_outcome(db: &Db, payments: &Payments, order_id: Uuid, outcome: &Outcome) -> Result<()> {
    let first = settle(db, order_id, payments.name(), Some(outcome)).await?;
    let charged = matches!(outcome, Outcome::Paid { .. });
    if !first && charged && orders::by_id(db, order_id).await?.status == OrderStatus::Declined {
        tracing::warn!(%order_id, "a payment came after its order was given up and is paid back");
        payments.refund(&reference(order_id)).await.map_err(|error| {
            tracing::error!(%order_id, %error, "the payment of an order that was given up is still to be paid back");
            Error::Busy
        })?;
    }
    Ok(())
}

/// An order that somebody else is paying for at this moment, once that is over; pending still when it takes too long.
async fn await_outcome(db: &Db, order_id: Uuid) -> Result<Order> {
    const PATIENCE: Duration = Duration::from_secs(10);
    let begun = Instant::now();
    loop {
        let order = orders::by_id(db, order_id).await?;
        if order.status != OrderStatus::Pending || begun.elapsed() > PATIENCE {
            return Ok(order);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Settles the orders that a crash or a lost line left pending for at least `older_than_ms` milliseconds, by asking the
/// provider what became of each payment: one it never saw charged nothing. Says how many were settled. Run it at start
/// and every few minutes, with [`PAYMENT_GRACE_MS`].
///
/// # Errors
/// When the database fails. A provider that does not answer leaves its orders pending.
pub async fn settle_pending(db: &Db, payments: &Payments, older_than_ms: i64) -> Result<u64> {
    let pending = rows::Entity::find()
        .filter(rows::Column::Status.eq(OrderStatus::Pending))
        .filter(rows::Column::CreatedAt.lte(db.now().plus_ms(-older_than_ms)))
        .order_by_asc(rows::Column::CreatedAt)
        .limit(SETTLED_A_RUN)
        .all(db.read())
        .await?;
    let mut settled = 0;
    for order in pending {
        if order.total_minor == 0 {
            settled += u64::from(settle(db, order.id, payments.name(), None).await?);
            continue;
        }
        match payments.outcome(&reference(order.id)).await {
            Ok(outcome) => {
                let never_seen =
                    || Outcome::Declined { card_last4: None, reason: "The payment was interrupted.".into() };
                record_outcome(db, payments, order.id, &outcome.unwrap_or_else(never_seen)).await?;
                settled += 1;
            }
            Err(error) => tracing::warn!(order_id = %order.id, %error, "an order stays pending"),
        }
    }
    Ok(settled)
}
