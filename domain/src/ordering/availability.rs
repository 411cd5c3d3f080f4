//! Whether a title is for somebody to buy.

use super::Availability;
use super::cart::owner::CartOwner;
use super::cart::rows::{find, item_ids};
use crate::account::User;
use crate::catalog::{Status, product_page};
use crate::db::BATCH;
use crate::entities::audiobooks;
use crate::entitlements::owned_among;
use crate::{Db, Error, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Whether a title is for this person to buy, as the page says of it that they see.
///
/// # Errors
/// `NotFound` without such a title, or when it is not for them to see: nobody learns what is being prepared.
pub async fn of_title(db: &Db, viewer: Option<&User>, owner: Option<&CartOwner>, slug: &str) -> Result<Availability> {
    let id = product_page::visible(db, slug, viewer).await?.id;
    of_titles(db, owner, &[id]).await?.remove(&id).ok_or(Error::NotFound("title"))
}

/// Whether titles are for this person to buy. Unknown ids are left out.
pub async fn of_titles(db: &Db, owner: Option<&CartOwner>, titles: &[Uuid]) -> Result<HashMap<Uuid, Availability>> {
    let cart = match owner {
        Some(owner) => find(owner).one(db.read()).await?,
        None => None,
    };
    let inside = match cart {
        Some(cart) => item_ids(db.read(), cart.id).await?.into_iter().collect(),
        None => HashSet::new(),
    };
    judged(db, owner, titles, &inside).await
}

/// What a cart can say of titles, knowing which are inside: that a title is owned, not for sale or sold out comes before
/// that it lies in the cart.
pub(super) async fn judged(
    db: &Db,
    owner: Option<&CartOwner>,
    titles: &[Uuid],
    inside: &HashSet<Uuid>,
) -> Result<HashMap<Uuid, Availability>> {
    let owned = match owner.and_then(CartOwner::user_id) {
        Some(user_id) => owned_among(db.read(), user_id, titles).await?,
        None => HashSet::new(),
    };
    let mut found = HashMap::new();
    for some in titles.chunks(BATCH) {
        let rows = audiobooks::Entity::find().filter(audiobooks::Column::Id.is_in(some.iter().copied()));
        found.extend(rows.all(db.read()).await?.into_iter().map(|title| {
            let availability = match () {
                () if owned.contains(&title.id) => Availability::Owned,
                () if title.status != Status::Published => Availability::NotForSale,
                () if title.sold_out() => Availability::SoldOut,
                () if inside.contains(&title.id) => Availability::InCart,
                () => Availability::ForSale,
            };
            (title.id, availability)
        }));
    }
    Ok(found)
}
