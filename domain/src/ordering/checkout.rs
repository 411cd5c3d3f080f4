//! Buying what is in a cart, or a gift: reserve, pay, settle. The payment happens between two transactions, never inside one.

use super::attempts;
use super::events::Occasion;
use super::gifts::wish::{Wish, Words};
use super::payment::Payments;
use super::reserve::{CheckoutRequest, Reserved, What, reserve};
use super::{
    CardNumber, GiftForm, InvalidCard, Order, OrderStatus, UnknownWording, WithdrawalWording, bills, gifts, going_on,
    orders,
};
use crate::limits::Limits;
use crate::{Country, Currency, Db, Error, Result, Tx, Vault};
use std::time::{Duration, Instant};
use tracing::Instrument;
use uuid::Uuid;

/// How long a provider may take to answer. After that the order stays pending until a job has asked what became of
/// it.
pub const PAYMENT_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest name of a purchase, in bytes.
const KEY_MAX: usize = 80;

/// What somebody buys, as they ask for it.
#[derive(Clone, Copy, Debug)]
pub struct Purchase<'a> {
    /// In minor units: what the page showed, its tax included.
    pub expected_total_minor: i64,
    /// What that is in, where the buyer says so: else it is what the titles are sold in.
    pub currency: Option<Currency>,
    pub card: Option<&'a CardNumber>,
    /// Names the purchase.
    pub key: &'a str,
    /// The words about the right of withdrawal that were agreed to.
    pub agreed: Option<WithdrawalWording>,
    /// Where the buyer lives, by their own word.
    pub country: Option<Country>,
}

/// The card that was typed; none where one pays on the provider's own page.
///
/// # Errors
/// `Invalid` on the field `card` for what is no number of one.
pub fn typed_card(payments: &Payments, typed: &str) -> Result<Option<CardNumber>> {
    let elsewhere = payments.first().page().is_some();
    Ok(match typed.trim() {
        "" => None,
        _ if elsewhere => None,
        typed => Some(typed.parse().map_err(|error: InvalidCard| Error::invalid("card", error))?),
    })
}

/// The words about the right of withdrawal whose box was ticked, by their version.
///
/// # Errors
/// `Conflict` for words that there never were.
pub fn typed_agreement(version: &str) -> Result<Option<WithdrawalWording>> {
    Ok(match version.trim() {
        "" => None,
        version => {
            let out_of_date = |_: UnknownWording| Error::conflict("checkout.out-of-date");
            Some(version.parse().map_err(out_of_date)?)
        }
    })
}

/// As [`buy`], in a shop that asks nobody where they live.
///
/// # Errors
/// As there.
pub async fn checkout(
    db: &Db,
    payments: &Payments,
    user_id: Uuid,
    expected_total_minor: i64,
    card: Option<&CardNumber>,
    key: &str,
    agreed: Option<WithdrawalWording>,
) -> Result<Order> {
    buy(db, payments, user_id, Purchase { expected_total_minor, currency: None, card, key, agreed, country: None })
        .await
}

/// Buys what is in a person's cart. `expected_total_minor` is what the page showed: when a price has changed since,
/// nothing is charged. `key` names the purchase: asked for twice, it is made once, and both get the same order. A
/// declined card leaves the cart as it was, and another key tries again. What is free needs no card, and a provider with a
/// page of its own takes none here: the order then waits for its buyer to go on there. Whoever buys again instead gives up
/// the one that waits. Without having `agreed` to the words about the right of withdrawal nothing is sold, whoever takes the
/// money; and in a shop that has taxes, nothing to somebody who has not said where they live.
///
/// # Errors
/// `Conflict` with a sentence when the cart is empty or not what it was; `Invalid` without a card, a key, that agreement or
/// a country.
#[tracing::instrument(skip_all)]
pub async fn buy(db: &Db, payments: &Payments, user_id: Uuid, purchase: Purchase<'_>) -> Result<Order> {
    pay_for(db, payments, user_id, What::Cart, purchase).await
}

/// What somebody gives: the title by its slug, the code of a coupon, and whom it is for.
#[derive(Clone, Copy, Debug)]
pub struct Giving<'a> {
    pub slug: &'a str,
    pub coupon: &'a str,
    pub form: &'a GiftForm,
}

/// Buys a title for somebody else, as [`buy`] buys what is in the cart, which stays as it is. The code is made now and
/// sealed; it is worth nothing before the order is paid.
///
/// # Errors
/// As [`buy`]; `Invalid` on the field that is to be mended, also for a coupon; `NotFound` when no such title is for sale.
#[tracing::instrument(skip_all)]
pub async fn give(
    db: &Db,
    payments: &Payments,
    limits: &Limits,
    vault: &dyn Vault,
    user_id: Uuid,
    giving: Giving<'_>,
    purchase: Purchase<'_>,
) -> Result<Order> {
    let words = Words::read(giving.form, db.now())?;
    let title = gifts::quoted::title(db, giving.slug).await?;
    let coupon = gifts::quoted::coupon(db, limits, giving.coupon).await?;
    let wish = Wish::new(vault, title.id, coupon.map(|coupon| coupon.id), words)?;
    pay_for(db, payments, user_id, What::Gift(&wish), purchase).await
}

async fn pay_for(db: &Db, payments: &Payments, user_id: Uuid, what: What<'_>, purchase: Purchase<'_>) -> Result<Order> {
    let Purchase { expected_total_minor, currency, card, key, agreed, country } = purchase;
    if key.is_empty() || key.len() > KEY_MAX {
        return Err(Error::invalid("key", "checkout.out-of-date"));
    }
    let (provider, elsewhere) = (payments.first().name(), payments.first().page().is_some());
    let card = card.filter(|_| !elsewhere).cloned();
    let can_pay = card.is_some() || elsewhere;
    let request =
        CheckoutRequest { user_id, what, expected_total_minor, currency, can_pay, agreed, country, provider, key };
    let reserve = async || {
        db.transaction(async |tx: Tx| match reserve(&tx, &request).await {
            // The same purchase or the same number, made at the same moment: the next look finds it.
            Err(error) if error.is_unique_violation() => Err(Error::Busy),
            outcome => outcome,
        })
        .await
    };
    let reserved = match reserve().await {
        Err(error) if error.code() == "checkout.under-way" => {
            if !going_on::give_up_any(db, payments, user_id).await? {
                return Err(error);
            }
            reserve().await?
        }
        outcome => outcome?,
    };
    let order_id = match reserved {
        Reserved::Known { order_id } => return await_outcome(db, order_id).await,
        Reserved::New { order_id, attempt } => {
            if let Some(attempt) = attempt {
                let paying = pay(db.clone(), payments.clone(), attempt, card);
                // On its own, so that a browser that goes away does not cut a payment in half.
                tokio::spawn(paying.in_current_span()).await.map_err(|error| Error::Damaged(error.to_string()))??;
            }
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

async fn pay(db: Db, payments: Payments, attempt: Uuid, card: Option<CardNumber>) -> Result<()> {
    let charge = bills::charge(&db, &attempts::find(&db, attempt).await?, card).await?;
    match tokio::time::timeout(PAYMENT_TIMEOUT, payments.first().charge(&charge)).await {
        Ok(Ok(outcome)) => attempts::record(&db, attempt, &outcome, Occasion::Checkout).await,
        Ok(Err(error)) => {
            tracing::warn!(%attempt, %error, "an order stays pending");
            Ok(())
        }
        Err(_) => {
            tracing::warn!(%attempt, "the payment provider took too long, an order stays pending");
            Ok(())
        }
    }
}

/// An order that somebody else is paying for at this moment, once that is over; pending still when it takes too long, or
/// when its buyer goes on elsewhere.
async fn await_outcome(db: &Db, order_id: Uuid) -> Result<Order> {
    const PATIENCE: Duration = Duration::from_secs(10);
    let begun = Instant::now();
    loop {
        let order = orders::by_id(db, order_id).await?;
        if order.status != OrderStatus::Pending || order.goes_on || begun.elapsed() > PATIENCE {
            return Ok(order);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
