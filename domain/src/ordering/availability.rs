//! Whether a title is for somebody to buy.

use super::Availability;
use super::cart::owner::CartOwner;
use super::cart::rows::{find, item_ids};
use crate::catalog::Status;
use crate::db::BATCH;
use crate::entities::audiobooks;
use crate::entitlements::owned_among;
use crate::{Db, Error, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Whether a title is for this person to buy.
///
/// # Errors
/// `NotFound` without such a title.
pub async fn of_title(db: &Db, owner: Option<&CartOwner>, slug: &str) -> Result<Availability> {
    let id: Option<Uuid> = audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Id)
        .filter(audiobooks::Column::Slug.eq(slug))
        .into_tuple()
        .one(db.read())
        .await?;
    let id = id.ok_or(Error::NotFound("title"))?;
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
