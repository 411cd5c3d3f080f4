//! Whether a title is for somebody to buy.

use super::Standing;
use super::cart::CartOwner;
use super::cart_rows::{find, item_ids};
use super::store::owned_among;
use crate::catalog::Status;
use crate::entities::audiobooks;
use crate::{Db, Error, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// Whether a title is for this person to buy.
///
/// # Errors
/// `NotFound` without such a title.
pub async fn standing(db: &Db, owner: Option<&CartOwner>, slug: &str) -> Result<Standing> {
    let id: Option<Uuid> = audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Id)
        .filter(audiobooks::Column::Slug.eq(slug))
        .into_tuple()
        .one(db.read())
        .await?;
    let id = id.ok_or(Error::NotFound("title"))?;
    standings(db, owner, &[id]).await?.remove(&id).ok_or(Error::NotFound("title"))
}

/// Whether titles are for this person to buy. Unknown ids are left out.
///
/// # Errors
/// When the database fails.
pub async fn standings(db: &Db, owner: Option<&CartOwner>, titles: &[Uuid]) -> Result<HashMap<Uuid, Standing>> {
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
) -> Result<HashMap<Uuid, Standing>> {
    let owned = match owner.and_then(CartOwner::user_id) {
        Some(user_id) => owned_among(db.read(), user_id, titles).await?,
        None => HashSet::new(),
    };
    let mut standings = HashMap::new();
    for some in titles.chunks(500) {
        let rows = audiobooks::Entity::find().filter(audiobooks::Column::Id.is_in(some.iter().copied()));
        standings.extend(rows.all(db.read()).await?.into_iter().map(|title| {
            let standing = match () {
                () if owned.contains(&title.id) => Standing::Owned,
                () if title.status != Status::Published => Standing::NotForSale,
                () if sold_out(&title) => Standing::SoldOut,
                () if inside.contains(&title.id) => Standing::InCart,
                () => Standing::ForSale,
            };
            (title.id, standing)
        }));
    }
    Ok(standings)
}

/// Whether no licence is left to sell.
pub(super) fn sold_out(title: &audiobooks::Model) -> bool {
    title.licences_total.is_some_and(|total| title.licences_sold >= total)
}
