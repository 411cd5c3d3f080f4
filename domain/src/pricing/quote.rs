//! The one function that prices a cart.

use super::bundles;
use super::coupons::{self, Asked};
use super::listed::Listed;
use super::offers::Offers;
use super::shares::split;
use super::{CouponRefusal, Quote, QuoteLine};
use crate::{Error, Money, Result, Timestamp};
use sea_orm::ConnectionTrait;
use std::collections::HashSet;
use uuid::Uuid;

/// What titles come to at `now`, in their order: each at the lowest price of the sales that run, less its share of what a
/// bundle takes off, less its share of what a coupon takes off what is left. A coupon that is refused takes nothing off, and the quote says why.
///
/// # Errors
/// `Conflict` for no titles, or those of several currencies.
pub(crate) async fn quote(
    db: &impl ConnectionTrait,
    titles: &[Listed],
    coupon: Option<Asked<'_>>,
    now: Timestamp,
) -> Result<Quote> {
    let ids: Vec<Uuid> = titles.iter().map(|title| title.id).collect();
    let offers = Offers::running(db, &ids, now).await?;
    let mut lines = Vec::with_capacity(titles.len());
    for title in titles {
        let price = offers.price(title, now)?;
        let nothing = Money::new(0, price.now.currency);
        lines.push(QuoteLine {
            audiobook_id: title.id,
            price,
            bundle: None,
            discount: nothing,
            pays: price.now,
            tax: None,
        });
    }
    let subtotal = total(lines.iter().map(|line| line.pays))?.ok_or_else(|| Error::conflict("cart.empty"))?;
    let nothing = Money::new(0, subtotal.currency);
    let bundles = bundles::apply(db, &mut lines, now).await?;
    let left = total(lines.iter().map(|line| line.pays))?.unwrap_or(subtotal);
    let plain = Quote { lines, subtotal, bundles, discount: nothing, total: left, coupon: None, refused: None };
    let Some(asked) = coupon else { return Ok(plain) };
    let covered = coupons::covered(db, asked.coupon, &ids).await?;
    Ok(match asked.judge(&plain, &covered, now) {
        Err(refused) => Quote { refused: Some(refused), ..plain },
        Ok(()) => less(plain, asked.coupon, &covered),
    })
}

/// A quote less what a coupon takes off the titles that it is for.
fn less(mut quote: Quote, coupon: &crate::entities::coupons::Model, covered: &HashSet<Uuid>) -> Quote {
    let currency = quote.subtotal.currency;
    let for_it = |line: &QuoteLine| if covered.contains(&line.audiobook_id) { line.pays.minor } else { 0 };
    let prices: Vec<i64> = quote.lines.iter().map(for_it).collect();
    let whole = coupons::takes_off(coupon, prices.iter().sum());
    if whole == 0 {
        return Quote { refused: Some(CouponRefusal::ForNothing), ..quote };
    }
    for (line, share) in quote.lines.iter_mut().zip(split(whole, &prices)) {
        line.discount = Money::new(share, currency);
        line.pays = Money::new(line.pays.minor - share, currency);
    }
    quote.discount = Money::new(whole, currency);
    quote.total = Money::new(quote.total.minor - whole, currency);
    quote.coupon = Some(coupon.code.clone());
    quote
}

/// The sum of some prices; `None` of none.
fn total(mut prices: impl Iterator<Item = Money>) -> Result<Option<Money>> {
    let Some(first) = prices.next() else { return Ok(None) };
    prices.try_fold(first, Money::checked_add).map(Some).ok_or_else(|| Error::conflict("cart.currencies"))
}
