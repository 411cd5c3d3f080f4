//! Carts: of a person, or of a guest who is known by a token.

pub mod bundle;
mod counted;
pub mod coupon;
pub(super) mod owner;
pub(super) mod rows;

pub use counted::put_into_cart;
pub use owner::CartOwner;

use self::rows::{find, item_ids, listed, locked, opened, take_out, touch};
use super::availability::judged;
use super::coupons::asked;
use super::{Added, Availability, Cart, CartCoupon, CartNotice, CartTax};
use crate::catalog::{AudiobookSummary, Status, browse};
use crate::entities::{audiobooks, cart_items, carts};
use crate::entitlements::owned_among;
use crate::pricing::quote::quote;
use crate::pricing::{Quote, coupons, tax};
use crate::{Country, Currency, Db, Error, Money, Result, Timestamp, Tx};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use uuid::Uuid;

/// Titles that a cart holds at most.
pub const CART_MAX: usize = 100;
/// How long a guest's cart is kept after its last change, in milliseconds: 60 days, as long as the browser keeps its name.
pub const GUEST_CART_MS: i64 = 60 * Timestamp::DAY_MS;

/// A cart with today's prices; a guest who never filled one has an empty one. What can no longer be bought is taken
/// out, and the cart says so this once. A coupon that takes nothing off any more stays, and the cart says why.
pub async fn get(db: &Db, owner: Option<&CartOwner>) -> Result<Cart> {
    get_in(db, owner, None).await
}

/// As [`get`], with the tax that the people of a country pay.
pub async fn get_in(db: &Db, owner: Option<&CartOwner>, country: Option<Country>) -> Result<Cart> {
    let nothing = Money::new(0, Currency::USD);
    let empty = Cart {
        items: Vec::new(),
        subtotal: nothing,
        bundles: Vec::new(),
        coupon: None,
        tax: CartTax::default(),
        total: nothing,
        notices: Vec::new(),
    };
    let Some(owner) = owner else { return Ok(empty) };
    let Some(cart) = find(owner).one(db.read()).await? else { return Ok(empty) };
    let ids = item_ids(db.read(), cart.id).await?;
    let mut summaries = browse::summaries(db, &ids).await?;
    let availability = judged(db, Some(owner), &ids, &ids.iter().copied().collect()).await?;
    let (mut kept, mut gone, mut notices) = (Vec::<AudiobookSummary>::new(), Vec::new(), Vec::new());
    for id in ids {
        let Some(summary) = summaries.remove(&id) else { continue };
        let notice = match availability.get(&id) {
            Some(Availability::Owned) => CartNotice::Owned(summary.title),
            Some(Availability::SoldOut) => CartNotice::SoldOut(summary.title),
            Some(Availability::InCart | Availability::ForSale) => {
                kept.push(summary);
                continue;
            }
            Some(Availability::NotForSale) | None => CartNotice::NotForSale(summary.title),
        };
        notices.push(notice);
        gone.push(id);
    }
    if !gone.is_empty() {
        take_out(db.read(), cart.id, &gone).await?;
    }
    if kept.is_empty() {
        return Ok(Cart { notices, ..empty });
    }
    priced(db, owner, &cart, (kept, notices), country).await
}

/// A cart with what it comes to.
async fn priced(
    db: &Db,
    owner: &CartOwner,
    cart: &carts::Model,
    (mut items, notices): (Vec<AudiobookSummary>, Vec<CartNotice>),
    country: Option<Country>,
) -> Result<Cart> {
    let ids: Vec<Uuid> = items.iter().map(|title| title.id).collect();
    let titles = listed(db.read(), &ids).await?;
    let found = match cart.coupon_id {
        Some(id) => coupons::by_id(db.read(), id).await?,
        None => None,
    };
    let asked = match &found {
        Some(coupon) => Some(asked(db.read(), coupon, owner.user_id()).await?),
        None => None,
    };
    let quote = quote(db.read(), &titles, asked, db.now()).await?;
    let taxes = tax::keep::read(db.read()).await?;
    let quote = tax::apply::taxed(quote, &taxes, country)?;
    let tax = CartTax::of(&quote, &taxes, country);
    let Quote { lines, subtotal, bundles, discount, total, refused, .. } = quote;
    for (title, line) in items.iter_mut().zip(lines) {
        title.price = line.price;
    }
    let coupon = found.map(|coupon| CartCoupon {
        code: coupon.code,
        discount,
        refused: refused.map(|refused| refused.refusal().sentence()),
    });
    Ok(Cart { items, subtotal, bundles, coupon, tax, total, notices })
}

/// Puts a title in a cart, once.
///
/// # Errors
/// `NotFound` when no such title is for sale; `Conflict` when it is sold out, the cart is full, or it holds titles in
/// another currency.
pub async fn add(db: &Db, owner: &CartOwner, slug: &str) -> Result<Added> {
    let title = audiobooks::Entity::find()
        .filter(audiobooks::Column::Slug.eq(slug))
        .filter(audiobooks::Column::Status.eq(Status::Published))
        .one(db.read())
        .await?
        .ok_or(Error::NotFound("title"))?;
    if let Some(user_id) = owner.user_id()
        && !owned_among(db.read(), user_id, &[title.id]).await?.is_empty()
    {
        return Ok(Added::Owned);
    }
    put_in(db, owner, &title).await
}

async fn put_in(db: &Db, owner: &CartOwner, title: &audiobooks::Model) -> Result<Added> {
    db.transaction(async |tx| {
        let cart = opened(&tx, owner).await?;
        let inside = item_ids(&tx, cart.id).await?;
        if inside.contains(&title.id) {
            return Ok(Added::AlreadyThere);
        }
        if title.sold_out() {
            return Err(Error::conflict("cart.sold-out").with("title", &title.title));
        }
        if inside.len() >= CART_MAX {
            return Err(Error::conflict("cart.full").with("most", CART_MAX));
        }
        if let Some(first) = inside.first() {
            other_currency(&tx, *first, title).await?;
        }
        let item = cart_items::Model { cart_id: cart.id, audiobook_id: title.id, added_at: tx.now() };
        cart_items::Entity::insert(item.into_active_model()).exec_without_returning(&tx).await?;
        touch(&tx, cart.id).await?;
        Ok(Added::Added)
    })
    .await
}

/// Refuses a title in another currency than one that is in the cart.
async fn other_currency(tx: &Tx, inside: Uuid, title: &audiobooks::Model) -> Result<()> {
    let other = audiobooks::Entity::find_by_id(inside).one(tx).await?.map(|other| other.currency);
    if other.is_some_and(|currency| currency != title.currency) {
        return Err(Error::conflict("cart.other-currency").with("title", &title.title));
    }
    Ok(())
}

/// Takes a title out of a cart; one that is not there is out already.
pub async fn remove(db: &Db, owner: &CartOwner, slug: &str) -> Result<()> {
    let Some(cart) = find(owner).one(db.read()).await? else { return Ok(()) };
    let title = audiobooks::Entity::find().filter(audiobooks::Column::Slug.eq(slug)).one(db.read()).await?;
    let Some(title) = title else { return Ok(()) };
    take_out(db.read(), cart.id, &[title.id]).await
}

/// How many titles are in a cart.
pub async fn count(db: &Db, owner: Option<&CartOwner>) -> Result<u64> {
    let Some(owner) = owner else { return Ok(0) };
    let Some(cart) = find(owner).one(db.read()).await? else { return Ok(0) };
    Ok(cart_items::Entity::find().filter(cart_items::Column::CartId.eq(cart.id)).count(db.read()).await?)
}

/// Moves a guest's cart into the one of the person who logged in: what is there or owned already is left out, and so
/// is what does not fit. Doing it again changes nothing.
pub async fn merge_guest_cart(db: &Db, guest: &str, user_id: Uuid) -> Result<()> {
    let (guest, user) = (CartOwner::Guest(guest.to_owned()), CartOwner::User(user_id));
    if find(&guest).one(db.read()).await?.is_none() {
        return Ok(());
    }
    db.transaction(async |tx| {
        let Some(from) = locked(&tx, &guest).await? else { return Ok(()) };
        let into = opened(&tx, &user).await?;
        let coming = item_ids(&tx, from.id).await?;
        let there = item_ids(&tx, into.id).await?;
        let owned = owned_among(&tx, user_id, &coming).await?;
        let now = tx.now();
        let new: Vec<_> = coming
            .into_iter()
            .filter(|id| !owned.contains(id) && !there.contains(id))
            .take(CART_MAX.saturating_sub(there.len()))
            // In the order in which the guest found them.
            .zip(0..)
            .map(|(audiobook_id, place)| cart_items::Model {
                cart_id: into.id,
                audiobook_id,
                added_at: now.plus_ms(place),
            })
            .map(IntoActiveModel::into_active_model)
            .collect();
        if !new.is_empty() {
            cart_items::Entity::insert_many(new).exec_without_returning(&tx).await?;
        }
        carts::Entity::delete_by_id(from.id).exec(&tx).await?;
        if into.coupon_id.is_none() && from.coupon_id.is_some() {
            coupon::keep(&tx, into.id, from.coupon_id).await?;
        }
        touch(&tx, into.id).await?;
        Ok(())
    })
    .await
}

/// Deletes the carts of guests that nobody has touched for [`GUEST_CART_MS`], and says how many there were.
pub async fn delete_abandoned(db: &Db) -> Result<u64> {
    let abandoned = carts::Entity::delete_many()
        .filter(carts::Column::UserId.is_null())
        .filter(carts::Column::UpdatedAt.lt(db.now().plus_ms(-GUEST_CART_MS)));
    Ok(abandoned.exec(db.read()).await?.rows_affected)
}
