//! Wishing for titles.

use super::sale_key::on_sale;
use super::{MOST, Wishlist};
use crate::account::{profile, users};
use crate::catalog::{Status, browse};
use crate::entities::wishes::{Column, Entity, Model};
use crate::entities::{audiobooks, sales_told};
use crate::entitlements::owned_among;
use crate::pricing::listed::Listed;
use crate::pricing::offers::Offers;
use crate::{Db, Error, Result};
use sea_orm::{
    ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, TryInsertResult,
};
use uuid::Uuid;

/// Wishes for a title. Doing it again changes nothing. Of the sale that it is in now the person need not be told.
///
/// # Errors
/// `NotFound` when no such title is for sale; `Conflict` when the list is full.
pub async fn wish(db: &Db, user_id: Uuid, slug: &str) -> Result<()> {
    let title = audiobooks::Entity::find()
        .filter(audiobooks::Column::Slug.eq(slug))
        .filter(audiobooks::Column::Status.eq(Status::Published))
        .one(db.read())
        .await?
        .ok_or(Error::NotFound("title"))?;
    db.transaction(async |tx| {
        // Whoever leaves at this moment leaves no wish behind.
        users::lock(&tx, user_id).await?;
        if Entity::find_by_id((user_id, title.id)).one(&tx).await?.is_some() {
            return Ok(());
        }
        if Entity::find().filter(Column::UserId.eq(user_id)).count(&tx).await? >= MOST as u64 {
            return Err(Error::conflict("wishlist.full").with("most", MOST));
        }
        let wish = Model { user_id, audiobook_id: title.id, created_at: tx.now() };
        Entity::insert(wish.into_active_model()).exec_without_returning(&tx).await?;
        let offers = Offers::running(&tx, &[title.id], tx.now()).await?;
        let Some(sale) = on_sale(&offers, &[Listed::from(&title)], tx.now())?.pop() else { return Ok(()) };
        let seen = sales_told::Model { user_id, sale_key: sale.key, told_at: tx.now() };
        let _: TryInsertResult<u64> = sales_told::Entity::insert(seen.into_active_model())
            .on_conflict_do_nothing_on([sales_told::Column::UserId, sales_told::Column::SaleKey])
            .exec_without_returning(&tx)
            .await?;
        Ok(())
    })
    .await
}

/// Wishes for a title no longer. Doing it again changes nothing.
pub async fn forget(db: &Db, user_id: Uuid, slug: &str) -> Result<()> {
    let title = audiobooks::Entity::find().filter(audiobooks::Column::Slug.eq(slug)).one(db.read()).await?;
    let Some(title) = title else { return Ok(()) };
    Entity::delete_by_id((user_id, title.id)).exec(db.read()).await?;
    Ok(())
}

/// The titles that somebody wishes for, the latest wish first.
pub async fn wished(db: &Db, user_id: Uuid) -> Result<Vec<Uuid>> {
    Ok(Entity::find()
        .select_only()
        .column(Column::AudiobookId)
        .filter(Column::UserId.eq(user_id))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::AudiobookId)
        .limit(MOST as u64)
        .into_tuple()
        .all(db.read())
        .await?)
}

/// What somebody wishes for and can buy.
///
/// # Errors
/// `NotFound` when there is no such account.
pub async fn list(db: &Db, user_id: Uuid) -> Result<Wishlist> {
    let wished = wished(db, user_id).await?;
    let owned = owned_among(db.read(), user_id, &wished).await?;
    let open: Vec<Uuid> = wished.into_iter().filter(|id| !owned.contains(id)).collect();
    let for_sale = audiobooks::Entity::find()
        .select_only()
        .column(audiobooks::Column::Id)
        .filter(audiobooks::Column::Id.is_in(open.iter().copied()))
        .filter(audiobooks::Column::Status.eq(Status::Published));
    let for_sale: Vec<Uuid> = for_sale.into_tuple().all(db.read()).await?;
    let mut known = browse::summaries(db, &for_sale).await?;
    Ok(Wishlist {
        books: open.iter().filter_map(|id| known.remove(id)).collect(),
        mails: profile::wants_sale_mails(db, user_id).await?,
    })
}
