//! The first half of a purchase: a pending order with its prices, a licence held for each title, and the attempt to pay that
//! the provider is asked for afterwards.

use super::cart::owner::CartOwner;
use super::cart::rows::{item_ids, locked};
use super::coupons::asked;
use super::gifts::wish::Wish;
use super::{OrderEventKind, OrderStatus, WithdrawalWording, attempts, events, gifts, patience, settle};
use crate::catalog::Status;
use crate::entities::{audiobooks, order_lines, orders};
use crate::entitlements::owned_among;
use crate::pricing::listed::Listed;
use crate::pricing::quote::quote;
use crate::pricing::{Quote, coupons, tax};
use crate::{Country, Currency, Error, Result, Tx, secret};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use uuid::Uuid;

/// What somebody asks to buy.
#[derive(Clone, Copy)]
pub(super) enum What<'a> {
    Cart,
    /// One title for somebody else; the cart stays as it is.
    Gift(&'a Wish),
}

/// What somebody asks to buy, and at which price.
pub(super) struct CheckoutRequest<'a> {
    pub user_id: Uuid,
    pub what: What<'a>,
    /// In minor units: what the page showed.
    pub expected_total_minor: i64,
    /// What that is in, where the buyer says so.
    pub currency: Option<Currency>,
    /// There is a card, or the provider asks for one on its own page.
    pub can_pay: bool,
    /// The words about the right of withdrawal that were agreed to.
    pub agreed: Option<WithdrawalWording>,
    /// Where they live, by their own word.
    pub country: Option<Country>,
    /// Who takes the money.
    pub provider: &'a str,
    /// Names this purchase: the same one is made once.
    pub key: &'a str,
}

/// What became of a request. The attempt is one that the provider is to be asked for.
#[derive(Debug)]
pub(super) enum Reserved {
    /// A new order that waits for its money, or a free one.
    New { order_id: Uuid, attempt: Option<Uuid> },
    /// This purchase was asked for before.
    Known { order_id: Uuid },
}

/// Reserves what is in the person's cart, or their gift, at the prices of this moment.
pub(super) async fn reserve(tx: &Tx, request: &CheckoutRequest<'_>) -> Result<Reserved> {
    // Whoever holds the cart is the only one who buys it.
    let cart = locked(tx, &CartOwner::User(request.user_id)).await?;
    if let Some(order_id) = known(tx, request).await? {
        return Ok(Reserved::Known { order_id });
    }
    let (ids, coupon_id) = match (request.what, cart) {
        (What::Gift(wish), _) => (vec![wish.audiobook_id], wish.coupon_id),
        (What::Cart, Some(cart)) => (item_ids(tx, cart.id).await?, cart.coupon_id),
        (What::Cart, None) => (Vec::new(), None),
    };
    if ids.is_empty() {
        return Err(Error::conflict("cart.empty"));
    }
    let agreed = agreed_now(request.agreed)?;
    if under_way(tx, request.user_id).await? {
        return Err(Error::conflict("checkout.under-way"));
    }
    if request.can_pay {
        patience::after_declines(tx, request.user_id).await?;
    }
    let titles = in_order(&ids, settle::locked_titles(tx, &ids).await?);
    let (gone, sold_out) = match request.what {
        What::Cart => ("checkout.not-for-sale", "checkout.sold-out"),
        What::Gift(_) => ("gift.not-for-sale", "gift.sold-out"),
    };
    for title in &titles {
        if title.status != Status::Published {
            return Err(Error::conflict(gone).with("title", &title.title));
        }
        if title.sold_out() {
            return Err(Error::conflict(sold_out).with("title", &title.title));
        }
    }
    if matches!(request.what, What::Cart) && !owned_among(tx, request.user_id, &ids).await?.is_empty() {
        return Err(Error::conflict("checkout.owned"));
    }
    let order_id = Uuid::now_v7();
    // After the titles, as everywhere: of two buyers with the last use of a coupon one waits here, and then sees that it is
    // used up.
    let coupon = match coupon_id {
        Some(id) => coupons::locked(tx, id).await?,
        None => None,
    };
    let quote = quoted(tx, request, &titles, coupon.as_ref()).await?;
    let total = quote.total;
    if let (What::Gift(_), 0, Some(title)) = (request.what, quote.subtotal.minor, titles.first()) {
        // Mails to strangers for nothing.
        return Err(Error::conflict("gift.free").with("title", &title.title));
    }
    if total.minor > 0 && !request.can_pay {
        return Err(Error::invalid("card", "card.missing"));
    }
    let now = tx.now();
    let order = orders::Model {
        id: order_id,
        number: new_number(),
        user_id: request.user_id,
        status: OrderStatus::Pending,
        total_minor: total.minor,
        coupon_id: coupon.as_ref().filter(|_| quote.coupon.is_some()).map(|coupon| coupon.id),
        coupon_code: quote.coupon.clone(),
        discount_minor: quote.discount.minor,
        refunded_minor: 0,
        currency: total.currency.code().to_owned(),
        idempotency_key: request.key.to_owned(),
        tax_country: request.country.map(|country| country.code().to_owned()),
        tax_minor: quote.tax().minor,
        tax_added: quote.lines.iter().any(|line| line.tax.as_ref().is_some_and(|tax| tax.added)),
        withdrawal_agreed_at: Some(now),
        withdrawal_wording: Some(agreed.version()),
        created_at: now,
        paid_at: None,
        updated_at: now,
    };
    orders::Entity::insert(order.clone().into_active_model()).exec_without_returning(tx).await?;
    let lines = lines(order_id, &titles, &quote).map(IntoActiveModel::into_active_model);
    order_lines::Entity::insert_many(lines).exec_without_returning(tx).await?;
    if let What::Gift(wish) = request.what {
        gifts::keep::keep(tx, order_id, wish).await?;
    }
    if let Some(coupon) = order.coupon_id {
        coupons::count(tx, coupon, 1).await?;
    }
    settle::move_licences(tx, &ids, 1).await?;
    let cause = match request.what {
        What::Cart => events::CHECKOUT,
        What::Gift(_) => events::CHECKOUT_OF_A_GIFT,
    };
    events::record(tx, order_id, OrderEventKind::Placed, cause).await?;
    if total.minor == 0 {
        settle::paid(tx, &order, events::NOTHING_TO_PAY).await?;
        return Ok(Reserved::New { order_id, attempt: None });
    }
    let attempt = attempts::begin(tx, &order, request.provider).await?;
    Ok(Reserved::New { order_id, attempt: Some(attempt) })
}

/// The order of a purchase that was asked for before.
async fn known(db: &impl ConnectionTrait, request: &CheckoutRequest<'_>) -> Result<Option<Uuid>> {
    let order = orders::Entity::find()
        .filter(orders::Column::UserId.eq(request.user_id))
        .filter(orders::Column::IdempotencyKey.eq(request.key))
        .one(db)
        .await?;
    Ok(order.map(|order| order.id))
}

/// The words that were agreed to, if they are those of today.
///
/// # Errors
/// `Invalid` on the field `withdrawal` without any; `Conflict` for words that have changed since the page showed them.
fn agreed_now(agreed: Option<WithdrawalWording>) -> Result<WithdrawalWording> {
    match agreed {
        Some(WithdrawalWording::CURRENT) => Ok(WithdrawalWording::CURRENT),
        Some(_) => Err(Error::conflict("checkout.out-of-date")),
        None => Err(Error::invalid("withdrawal", "checkout.withdrawal-not-agreed")),
    }
}

/// Whether this person pays for something at this moment: the same titles must not be paid for twice.
async fn under_way(tx: &Tx, user_id: Uuid) -> Result<bool> {
    let pending = orders::Entity::find()
        .filter(orders::Column::UserId.eq(user_id))
        .filter(orders::Column::Status.eq(OrderStatus::Pending));
    Ok(pending.count(tx).await? > 0)
}

fn in_order(ids: &[Uuid], mut titles: Vec<audiobooks::Model>) -> Vec<audiobooks::Model> {
    titles.sort_by_key(|title| ids.iter().position(|id| *id == title.id));
    titles
}

/// What the titles come to, if that is what the page showed.
///
/// # Errors
/// `Conflict` with what they come to now, and with why where a coupon no longer takes anything off.
async fn quoted(
    tx: &Tx,
    request: &CheckoutRequest<'_>,
    titles: &[audiobooks::Model],
    coupon: Option<&crate::entities::coupons::Model>,
) -> Result<Quote> {
    let listed: Vec<Listed> = titles.iter().map(Listed::from).collect();
    let asked = match coupon {
        Some(coupon) => Some(asked(tx, coupon, Some(request.user_id)).await?),
        None => None,
    };
    let taxes = tax::keep::read(tx).await?;
    if taxes.ask() && request.country.is_none() {
        return Err(Error::invalid("country", "checkout.no-country"));
    }
    let quote = tax::apply::taxed(quote(tx, &listed, asked, tx.now()).await?, &taxes, request.country)?;
    let same_currency = request.currency.is_none_or(|currency| currency == quote.total.currency);
    if same_currency && quote.total.minor == request.expected_total_minor {
        return Ok(quote);
    }
    Err(match quote.refused {
        Some(refused) => Error::conflict("checkout.coupon-refused").with("why", refused.refusal()),
        None => Error::conflict("checkout.price-changed"),
    }
    .with("total", quote.total))
}

/// The lines of an order, as they were quoted.
fn lines(order_id: Uuid, titles: &[audiobooks::Model], quote: &Quote) -> impl Iterator<Item = order_lines::Model> {
    (0..).zip(titles.iter().zip(&quote.lines)).map(move |(position, (title, line))| order_lines::Model {
        id: Uuid::now_v7(),
        order_id,
        audiobook_id: title.id,
        position,
        title: title.title.clone(),
        list_price_minor: line.price.list.minor,
        price_minor: line.pays.minor,
        discount_minor: line.discount.minor,
        bundle_minor: line.bundle.as_ref().map_or(0, |bundle| bundle.off.minor),
        bundle_name: line.bundle.as_ref().map(|bundle| bundle.name.clone()),
        tax_name: line.tax.as_ref().map(|tax| tax.name.clone()),
        tax_rate: line.tax.as_ref().map(|tax| tax.rate.thousandths()),
        tax_minor: line.tax.as_ref().map_or(0, |tax| tax.amount.minor),
        currency: line.pays.currency.code().to_owned(),
        refunded_minor: 0,
        refunded_at: None,
    })
}

/// A number that people can read to each other: `L-7K3Q-92MX`. 40 random bits, without the letters I and O and the
/// digits 0 and 1.
fn new_number() -> String {
    const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let signs = secret::random::<8>().map(|byte| char::from(SIGNS[usize::from(byte % 32)]));
    let (first, last) = signs.split_at(4);
    format!("L-{}-{}", first.iter().collect::<String>(), last.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_number_can_be_read_aloud() {
        let number = new_number();
        assert_eq!((number.len(), &number[..2], number.as_bytes()[6]), (11, "L-", b'-'));
        assert!(!number[2..].contains(['0', '1', 'I', 'O']));
        assert_ne!(number, new_number());
    }
}
