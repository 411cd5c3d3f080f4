//! What a gift comes to, before it is bought: the same function says it that prices a cart.

use crate::catalog::{AudiobookSummary, Status, browse};
use crate::entities::audiobooks;
use crate::limits::{Limits, Rule};
use crate::ordering::coupons::asked;
use crate::ordering::{CartCoupon, CartTax};
use crate::pricing::listed::Listed;
use crate::pricing::quote::quote;
use crate::pricing::{CouponRefusal, coupons, tax};
use crate::{Country, Db, Error, Money, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// A title as it can be given.
#[derive(Clone, Debug)]
pub struct GiftOffer {
    pub title: AudiobookSummary,
    pub coupon: Option<CartCoupon>,
    pub tax: CartTax,
    /// What is to be paid.
    pub total: Money,
}

/// A title that is for sale.
pub(in crate::ordering) async fn title(db: &Db, slug: &str) -> Result<audiobooks::Model> {
    let title = audiobooks::Entity::find()
        .filter(audiobooks::Column::Slug.eq(slug))
        .filter(audiobooks::Column::Status.eq(Status::Published))
        .one(db.read())
        .await?;
    title.ok_or(Error::NotFound("title"))
}

/// A coupon by its code, which is tried as often as [`Rule::Coupon`] allows one network; `None` for no code.
///
/// # Errors
/// `Invalid` on the field `coupon` when there is none; `TooMany`.
pub(in crate::ordering) async fn coupon(
    db: &Db,
    limits: &Limits,
    typed: &str,
) -> Result<Option<crate::entities::coupons::Model>> {
    if coupons::code(typed).is_empty() {
        return Ok(None);
    }
    limits.take_network(Rule::Coupon, db.actor()).await?;
    let found = coupons::find(db.read(), typed).await?.filter(|coupon| coupon.off_at.is_none());
    found.map(Some).ok_or_else(|| CouponRefusal::Unknown.into())
}

/// What a title costs as a gift, less what a coupon takes off, with the tax that the people of a country pay. A coupon that
/// takes nothing off is named with why.
///
/// # Errors
/// `NotFound` when no such title is for sale; `Conflict` for one that is free or sold out; `TooMany` for guessed coupons.
pub async fn offer(
    db: &Db,
    limits: &Limits,
    user_id: Uuid,
    slug: &str,
    typed: &str,
    country: Option<Country>,
) -> Result<GiftOffer> {
    let row = title(db, slug).await?;
    if row.sold_out() {
        return Err(Error::conflict("gift.sold-out").with("title", &row.title));
    }
    let (found, unknown) = match coupon(db, limits, typed).await {
        Ok(found) => (found, None),
        Err(Error::Invalid { refusal, .. }) => (None, Some(refusal)),
        Err(error) => return Err(error),
    };
    let asked = match &found {
        Some(coupon) => Some(asked(db.read(), coupon, Some(user_id)).await?),
        None => None,
    };
    let quote = quote(db.read(), &[Listed::from(&row)], asked, db.now()).await?;
    if quote.subtotal.minor == 0 {
        return Err(Error::conflict("gift.free").with("title", &row.title));
    }
    let taxes = tax::keep::read(db.read()).await?;
    let quote = tax::apply::taxed(quote, &taxes, country)?;
    let tax = CartTax::of(&quote, &taxes, country);
    let refused = unknown.or_else(|| quote.refused.map(CouponRefusal::refusal));
    let coupon = match (quote.coupon, refused) {
        (Some(code), _) => Some(CartCoupon { code, discount: quote.discount, refused: None }),
        (None, Some(why)) => {
            let code = coupons::code(typed);
            Some(CartCoupon { code, discount: quote.discount, refused: Some(why.sentence()) })
        }
        (None, None) => None,
    };
    let summary = browse::summaries(db, &[row.id]).await?.remove(&row.id).ok_or(Error::NotFound("title"))?;
    Ok(GiftOffer { title: summary, coupon, tax, total: quote.total })
}
