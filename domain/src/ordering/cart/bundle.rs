//! All titles of a bundle into a cart.

use super::owner::CartOwner;
use super::rows::{item_ids, opened, touch};
use super::{CART_MAX, other_currency};
use crate::catalog::Status;
use crate::entities::{audiobooks, bundle_titles, bundles, cart_items};
use crate::entitlements::owned_among;
use crate::pricing::bundles::not_over;
use crate::{Db, Error, Result};
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use std::collections::HashSet;
use uuid::Uuid;

/// Puts all titles of a bundle into a cart; those that are there stay. Returns the slugs of the others.
///
/// # Errors
/// `Conflict` when the bundle is over, a title of it is owned or cannot be bought, the cart is full, or it holds titles in
/// another currency.
pub async fn add(db: &Db, owner: &CartOwner, id: Uuid) -> Result<Vec<String>> {
    db.transaction(async |tx| {
        let running = bundles::Entity::find_by_id(id)
            .filter(bundles::Column::StartsAt.lte(tx.now()))
            .filter(not_over(tx.now()))
            .one(&tx)
            .await?;
        let bundle = running.ok_or_else(|| Error::conflict("bundle.gone"))?;
        let cart = opened(&tx, owner).await?;
        let of_bundle = Query::select()
            .column(bundle_titles::Column::AudiobookId)
            .from(bundle_titles::Entity)
            .and_where(bundle_titles::Column::BundleId.eq(id))
            .to_owned();
        let titles = audiobooks::Entity::find()
            .filter(audiobooks::Column::Id.in_subquery(of_bundle))
            .order_by_asc(audiobooks::Column::Title)
            .all(&tx)
            .await?;
        if titles.len() != usize::try_from(bundle.titles).unwrap_or(0) {
            return Err(Error::conflict("bundle.gone"));
        }
        if let Some(user_id) = owner.user_id() {
            let ids: Vec<Uuid> = titles.iter().map(|title| title.id).collect();
            let owned = owned_among(&tx, user_id, &ids).await?;
            if let Some(title) = titles.iter().find(|title| owned.contains(&title.id)) {
                return Err(Error::conflict("bundle.owned").with("title", &title.title));
            }
        }
        let inside = item_ids(&tx, cart.id).await?;
        let there: HashSet<Uuid> = inside.iter().copied().collect();
        let new: Vec<&audiobooks::Model> = titles.iter().filter(|title| !there.contains(&title.id)).collect();
        for title in &new {
            if title.status != Status::Published {
                return Err(Error::conflict("bundle.not-for-sale").with("title", &title.title));
            }
            if title.sold_out() {
                return Err(Error::conflict("cart.sold-out").with("title", &title.title));
            }
        }
        if inside.len() + new.len() > CART_MAX {
            return Err(Error::conflict("cart.full").with("most", CART_MAX));
        }
        if let (Some(first), Some(title)) = (inside.first(), new.first()) {
            other_currency(&tx, *first, title).await?;
        }
        // In an order of their own, though they come at one moment.
        let items = new.iter().zip(0..).map(|(title, place)| cart_items::Model {
            cart_id: cart.id,
            audiobook_id: title.id,
            added_at: tx.now().plus_ms(place),
        });
        if !new.is_empty() {
            let items = items.map(IntoActiveModel::into_active_model);
            cart_items::Entity::insert_many(items).exec_without_returning(&tx).await?;
        }
        touch(&tx, cart.id).await?;
        Ok(new.iter().map(|title| title.slug.clone()).collect())
    })
    .await
}
