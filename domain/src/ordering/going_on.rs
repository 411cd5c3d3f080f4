//! A payment that goes on at the provider's own page: where that is, looking what became of it, giving it up.

use super::attempts::{self, Looked};
use super::events::Occasion;
use super::payment::{Outcome, PaymentProvider, Payments};
use super::{Order, OrderStatus, PaymentStatus, bills, orders};
use crate::entities::{orders as order_rows, payments as rows};
use crate::{Db, Error, Money, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::time::Duration;
use uuid::Uuid;

/// How long a provider may take while its answer is waited for by somebody who looks at a page.
const LOOK_TIMEOUT: Duration = Duration::from_secs(8);
/// How long after an answer the provider is not asked again for a page, in milliseconds.
const LOOKED_MS: i64 = 3_000;
const GIVEN_UP: &str = "The payment was given up.";

/// Where the buyer of an order goes on paying; `None` when there is nothing to do any more.
///
/// # Errors
/// `NotFound` when there is no such order, or it is someone else's.
pub async fn address(db: &Db, user_id: Uuid, number: &str) -> Result<Option<String>> {
    let attempt = of_order(db, orders::order(db, user_id, number).await?.id).await?;
    Ok(attempt.and_then(|attempt| attempt.go_on_at))
}

/// What a provider of the shop's own asks a buyer before it pays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondStep {
    /// What the provider calls the attempt.
    pub handle: String,
    pub amount: Money,
}

/// What `provider` asks the buyer of an order; `None` when nothing of it waits there.
///
/// # Errors
/// `NotFound` when there is no such order, or it is someone else's.
pub async fn second_step(db: &Db, provider: &str, user_id: Uuid, number: &str) -> Result<Option<SecondStep>> {
    let attempt = of_order(db, orders::order(db, user_id, number).await?.id).await?;
    let Some(attempt) = attempt.filter(|attempt| attempt.provider == provider) else { return Ok(None) };
    let amount = Money::new(attempt.amount_minor, orders::currency(&attempt.currency)?);
    Ok(attempt.handle.map(|handle| SecondStep { handle, amount }))
}

/// Asks what became of the payment of an order, for a buyer who comes back from paying; not again where that was done a
/// moment ago. An answer that takes long is left to the job.
///
/// # Errors
/// `NotFound` when there is no such order, or it is someone else's.
pub async fn look(db: &Db, payments: &Payments, user_id: Uuid, number: &str) -> Result<()> {
    look_unless(db, payments, user_id, number, |attempt| {
        attempt.updated_at > attempt.created_at && db.now().since_ms(attempt.updated_at) < LOOKED_MS
    })
    .await
}

/// As [`look`], for a buyer whose answer has just been heard.
///
/// # Errors
/// As there.
pub async fn look_again(db: &Db, payments: &Payments, user_id: Uuid, number: &str) -> Result<()> {
    look_unless(db, payments, user_id, number, |_| false).await
}

async fn look_unless(
    db: &Db,
    payments: &Payments,
    user_id: Uuid,
    number: &str,
    known: impl Fn(&rows::Model) -> bool,
) -> Result<()> {
    let order = orders::order(db, user_id, number).await?;
    let Some(attempt) = of_order(db, order.id).await?.filter(|_| order.status == OrderStatus::Pending) else {
        return Ok(());
    };
    if known(&attempt) || at_provider(payments, &attempt).is_none() {
        return Ok(());
    }
    match tokio::time::timeout(LOOK_TIMEOUT, attempts::look(db, payments, &attempt, Occasion::Return)).await {
        Ok(Ok(Looked::Unreachable(error))) => {
            tracing::warn!(attempt = %attempt.id, %error, "a buyer came back, and the provider does not answer");
            Ok(())
        }
        Ok(looked) => looked.map(|_| ()),
        Err(_) => Ok(()),
    }
}

/// Gives up an order that waits for its payment, because its buyer does not want to pay it any more. When it was paid
/// meanwhile it is paid.
///
/// # Errors
/// `NotFound` when there is no such order, or it is someone else's; `Conflict` when the provider does not say whether it
/// was paid.
pub async fn give_up(db: &Db, payments: &Payments, user_id: Uuid, number: &str) -> Result<Order> {
    let order = orders::order(db, user_id, number).await?;
    if order.status == OrderStatus::Pending
        && let Some(attempt) = of_order(db, order.id).await?
        && !end(db, payments, &attempt).await?
    {
        return Err(Error::conflict("orders.not-given-up"));
    }
    orders::by_id(db, order.id).await
}

/// Gives up whatever of a person waits for its payment at the provider; `false` when something may still be paid.
pub(super) async fn give_up_any(db: &Db, payments: &Payments, user_id: Uuid) -> Result<bool> {
    let waiting = order_rows::Entity::find()
        .filter(order_rows::Column::UserId.eq(user_id))
        .filter(order_rows::Column::Status.eq(OrderStatus::Pending))
        .all(db.read())
        .await?;
    for order in waiting {
        let Some(attempt) = of_order(db, order.id).await? else { return Ok(false) };
        if !end(db, payments, &attempt).await? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Ends an attempt at the provider; `false` when it cannot be said to have ended.
async fn end(db: &Db, payments: &Payments, attempt: &rows::Model) -> Result<bool> {
    let Some(provider) = at_provider(payments, attempt) else { return Ok(false) };
    let charge = bills::charge(db, attempt, None).await?;
    let outcome = match tokio::time::timeout(LOOK_TIMEOUT, provider.abandon(&charge)).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => {
            tracing::warn!(attempt = %attempt.id, %error, "a payment could not be given up");
            return Ok(false);
        }
        Err(_) => return Ok(false),
    };
    // What the provider never saw, the buyer never saw either: nobody can pay it.
    let outcome = outcome.unwrap_or_else(|| Outcome::Abandoned { reason: GIVEN_UP.to_owned() });
    attempts::record(db, attempt.id, &outcome, Occasion::GivenUp).await?;
    Ok(!matches!(outcome, Outcome::Waits { .. }))
}

/// The provider where an attempt goes on with its buyer; `None` while only the shop and the provider have to do with it.
fn at_provider<'a>(payments: &'a Payments, attempt: &rows::Model) -> Option<&'a dyn PaymentProvider> {
    let provider = payments.named(&attempt.provider)?;
    (attempt.handle.is_some() || provider.page().is_some()).then_some(provider)
}

/// The attempt of an order that is under way.
async fn of_order(db: &Db, order_id: Uuid) -> Result<Option<rows::Model>> {
    Ok(rows::Entity::find()
        .filter(rows::Column::OrderId.eq(order_id))
        .filter(rows::Column::Status.eq(PaymentStatus::Started))
        .order_by_desc(rows::Column::CreatedAt)
        .one(db.read())
        .await?)
}
