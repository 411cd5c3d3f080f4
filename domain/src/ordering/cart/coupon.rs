//! The coupon in a cart.

use super::owner::CartOwner;
use super::rows::{find, item_ids, listed, locked, opened};
use crate::entities::carts;
use crate::limits::{Limits, Rule};
use crate::ordering::coupons::asked;
use crate::pricing::CouponRefusal;
use crate::pricing::coupons::{self, code};
use crate::pricing::quote::quote;
use crate::{Db, Error, Result, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Puts a coupon into a cart by its code; another that was there goes. Codes are tried as often as [`Rule::Coupon`] allows
/// one network.
///
/// # Errors
/// `Invalid` on the field `coupon` with why it takes nothing off; `Conflict` for an empty cart; `TooMany`.
pub async fn apply(db: &Db, limits: &Limits, owner: &CartOwner, typed: &str) -> Result<()> {
    if code(typed).is_empty() {
        return Err(Error::invalid("coupon", "coupon.empty"));
    }
    limits.take_network(Rule::Coupon, db.actor()).await?;
    let coupon = coupons::find(db.read(), typed).await?.filter(|coupon| coupon.off_at.is_none());
    let coupon = coupon.ok_or(CouponRefusal::Unknown)?;
    let ids = match find(owner).one(db.read()).await? {
        Some(cart) => item_ids(db.read(), cart.id).await?,
        None => Vec::new(),
    };
    let titles = listed(db.read(), &ids).await?;
    let asked = asked(db.read(), &coupon, owner.user_id()).await?;
    if let Some(refused) = quote(db.read(), &titles, Some(asked), db.now()).await?.refused {
        return Err(refused.into());
    }
    db.transaction(async |tx| {
        let cart = opened(&tx, owner).await?;
        keep(&tx, cart.id, Some(coupon.id)).await
    })
    .await
}

/// Takes the coupon out of a cart; one that is not there is out already.
pub async fn remove(db: &Db, owner: &CartOwner) -> Result<()> {
    db.transaction(async |tx| match locked(&tx, owner).await? {
        Some(cart) => keep(&tx, cart.id, None).await,
        None => Ok(()),
    })
    .await
}

/// Writes which coupon is in a cart.
pub(in crate::ordering) async fn keep(tx: &Tx, cart_id: Uuid, coupon_id: Option<Uuid>) -> Result<()> {
    let with = carts::ActiveModel { coupon_id: Set(coupon_id), updated_at: Set(tx.now()), ..Default::default() };
    carts::Entity::update_many().set(with).filter(carts::Column::Id.eq(cart_id)).exec(tx).await?;
    Ok(())
}
