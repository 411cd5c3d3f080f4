//! The rows of carts.

use super::owner::CartOwner;
use crate::db::BATCH;
use crate::entities::{audiobooks, cart_items, carts};
use crate::pricing::listed::Listed;
use crate::{Error, Result, Tx, secret};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect,
    Select, TryInsertResult,
};
use uuid::Uuid;

/// Someone's cart, if there is one.
pub(in crate::ordering) fn find(owner: &CartOwner) -> Select<carts::Entity> {
    match owner {
        CartOwner::User(id) => carts::Entity::find().filter(carts::Column::UserId.eq(*id)),
        CartOwner::Guest(token) => carts::Entity::find().filter(carts::Column::TokenHash.eq(secret::digest(token))),
    }
}

/// Someone's cart, held until the transaction ends: nobody else changes or buys it meanwhile.
pub(in crate::ordering) async fn locked(tx: &Tx, owner: &CartOwner) -> Result<Option<carts::Model>> {
    Ok(find(owner).lock_exclusive().one(tx).await?)
}

/// Someone's cart, made when there is none, and held until the transaction ends.
pub(in crate::ordering) async fn opened(tx: &Tx, owner: &CartOwner) -> Result<carts::Model> {
    if let Some(cart) = locked(tx, owner).await? {
        return Ok(cart);
    }
    let now = tx.now();
    let (user_id, token_hash, known_by) = match owner {
        CartOwner::User(id) => (Some(*id), None, carts::Column::UserId),
        CartOwner::Guest(token) => (None, Some(secret::digest(token)), carts::Column::TokenHash),
    };
    let cart =
        carts::Model { id: Uuid::now_v7(), user_id, token_hash, coupon_id: None, created_at: now, updated_at: now };
    // Another request of the same person may make it at this moment.
    let _: TryInsertResult<u64> = carts::Entity::insert(cart.into_active_model())
        .on_conflict_do_nothing_on([known_by])
        .exec_without_returning(tx)
        .await?;
    locked(tx, owner).await?.ok_or(Error::NotFound("cart"))
}

/// The titles in a cart, first added first.
pub(in crate::ordering) async fn item_ids(db: &impl ConnectionTrait, cart_id: Uuid) -> Result<Vec<Uuid>> {
    Ok(cart_items::Entity::find()
        .select_only()
        .column(cart_items::Column::AudiobookId)
        .filter(cart_items::Column::CartId.eq(cart_id))
        .order_by_asc(cart_items::Column::AddedAt)
        .order_by_asc(cart_items::Column::AudiobookId)
        .into_tuple()
        .all(db)
        .await?)
}

/// Takes titles out of a cart.
pub(in crate::ordering) async fn take_out(db: &impl ConnectionTrait, cart_id: Uuid, titles: &[Uuid]) -> Result<()> {
    cart_items::Entity::delete_many()
        .filter(cart_items::Column::CartId.eq(cart_id))
        .filter(cart_items::Column::AudiobookId.is_in(titles.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}

/// Notes that a cart is in use: abandoned ones go after a while.
pub(in crate::ordering) async fn touch(tx: &Tx, cart_id: Uuid) -> Result<()> {
    let used = carts::ActiveModel { updated_at: Set(tx.now()), ..Default::default() };
    carts::Entity::update_many().set(used).filter(carts::Column::Id.eq(cart_id)).exec(tx).await?;
    Ok(())
}

/// What some titles cost by themselves, in the order of their ids' list. Unknown ones are left out.
pub(in crate::ordering) async fn listed(db: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<Listed>> {
    let mut titles = Vec::with_capacity(ids.len());
    for some in ids.chunks(BATCH) {
        let found = audiobooks::Entity::find().filter(audiobooks::Column::Id.is_in(some.iter().copied()));
        titles.extend(found.into_partial_model::<Listed>().all(db).await?);
    }
    titles.sort_by_key(|title| ids.iter().position(|id| *id == title.id));
    Ok(titles)
}
