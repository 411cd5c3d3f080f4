//! Whether a title is for somebody to buy.

use super::Availability;
use super::cart::owner::CartOwner;
use super::cart::rows::{find, item_ids};
use crate::account::User;
use crate::catalog::{Status, product_page};
use crate::db::BATCH;
use crate::entities::audiobooks;
use crate::entitlements::owned_among;
use crate::{Db, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Whether a title is for this person to buy, as the page says of it that they see.
///
/// # Errors
/// `NotFound` without such a title, or when it is not for them to see: nobody learns what is being prepared.
pub async fn of_title(db: &Db, viewer: Option<&User>, owner: Option<&CartOwner>, slug: &str) -> Result<Availability> {
    let title = product_page::visible(db, slug, viewer).await?;
    let inside = inside(db, owner).await?;
    let owned = owned(db, owner, &[title.id]).await?;
    Ok(verdict(&title, &owned, &inside))
}

/// Whether titles are for this person to buy. Unknown ids are left out.
pub async fn of_titles(db: &Db, owner: Option<&CartOwner>, titles: &[Uuid]) -> Result<HashMap<Uuid, Availability>> {
    judged(db, owner, titles, &inside(db, owner).await?).await
}

/// What lies in a cart.
async fn inside(db: &Db, owner: Option<&CartOwner>) -> Result<HashSet<Uuid>> {
    let cart = match owner {
        Some(owner) => find(owner).one(db.read()).await?,
        None => None,
    };
    match cart {
        Some(cart) => Ok(item_ids(db.read(), cart.id).await?.into_iter().collect()),
        None => Ok(HashSet::new()),
    }
}

/// Those of some titles that are one's own.
async fn owned(db: &Db, owner: Option<&CartOwner>, titles: &[Uuid]) -> Result<HashSet<Uuid>> {
    match owner.and_then(CartOwner::user_id) {
        Some(user_id) => owned_among(db.read(), user_id, titles).await,
        None => Ok(HashSet::new()),
    }
}

fn verdict(title: &audiobooks::Model, owned: &HashSet<Uuid>, inside: &HashSet<Uuid>) -> Availability {
    match () {
        () if owned.contains(&title.id) => Availability::Owned,
        () if title.status != Status::Published => Availability::NotForSale,
        () if title.sold_out() => Availability::SoldOut,
        () if inside.contains(&title.id) => Availability::InCart,
        () => Availability::ForSale,
    }
}

/// What a cart can say of titles, knowing which are inside: that a title is owned, not for sale or sold out comes before
/// that it lies in the cart.
pub(super) async fn judged(
    db: &Db,
    owner: Option<&CartOwner>,
    titles: &[Uuid],
    inside: &HashSet<Uuid>,
) -> Result<HashMap<Uuid, Availability>> {
    let owned = owned(db, owner, titles).await?;
    let mut found = HashMap::new();
    for some in titles.chunks(BATCH) {
        let rows = audiobooks::Entity::find().filter(audiobooks::Column::Id.is_in(some.iter().copied()));
        let rows = rows.all(db.read()).await?.into_iter();
        found.extend(rows.map(|title| (title.id, verdict(&title, &owned, inside))));
    }
    Ok(found)
}
