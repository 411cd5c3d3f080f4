//! Who owns which title. Orders give and take; the catalogue and the library ask.

use crate::db::BATCH;
use crate::entities::entitlements::{ActiveModel, Column, Entity, Model};
use crate::{Db, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect,
};
use std::collections::HashSet;
use uuid::Uuid;

/// Whether a title is in a person's library.
pub async fn owns(db: &Db, user_id: Uuid, audiobook_id: Uuid) -> Result<bool> {
    Ok(owned_among(db.read(), user_id, &[audiobook_id]).await?.contains(&audiobook_id))
}

/// Those of some titles that are in a person's library.
pub(crate) async fn owned_among(db: &impl ConnectionTrait, user_id: Uuid, titles: &[Uuid]) -> Result<HashSet<Uuid>> {
    let mut owned = HashSet::new();
    for some in titles.chunks(BATCH) {
        let found: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::AudiobookId)
            .filter(Column::UserId.eq(user_id))
            .filter(Column::AudiobookId.is_in(some.iter().copied()))
            .filter(Column::RevokedAt.is_null())
            .into_tuple()
            .all(db)
            .await?;
        owned.extend(found);
    }
    Ok(owned)
}

/// Which of some people own which of some titles: person and title.
pub(crate) async fn owners_among(db: &Db, titles: &[Uuid], people: &[Uuid]) -> Result<HashSet<(Uuid, Uuid)>> {
    let found: Vec<(Uuid, Uuid)> = Entity::find()
        .select_only()
        .column(Column::UserId)
        .column(Column::AudiobookId)
        .filter(Column::UserId.is_in(people.iter().copied()))
        .filter(Column::AudiobookId.is_in(titles.iter().copied()))
        .filter(Column::RevokedAt.is_null())
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(found.into_iter().collect())
}

/// Whether somebody owns a title: for a condition of a query over what they did.
pub(crate) fn owned(user_id: Expr, audiobook_id: Expr) -> SelectStatement {
    let of = |column: Column| Expr::col((Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(of(Column::UserId).eq(user_id))
        .and_where(of(Column::AudiobookId).eq(audiobook_id))
        .and_where(of(Column::RevokedAt).is_null())
        .to_owned()
}

/// Whether anybody owns a title, or did until it was paid back.
pub(crate) async fn ever_given(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<bool> {
    Ok(Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).count(db).await? > 0)
}

/// Puts titles into a library; one that was paid back before comes back.
pub(crate) async fn grant(tx: &Tx, user_id: Uuid, order_id: Uuid, titles: &[Uuid]) -> Result<()> {
    let granted = titles.iter().map(|title| {
        let entitlement = Model {
            id: Uuid::now_v7(),
            user_id,
            audiobook_id: *title,
            order_id: Some(order_id),
            granted_at: tx.now(),
            revoked_at: None,
        };
        entitlement.into_active_model()
    });
    let again = OnConflict::columns([Column::UserId, Column::AudiobookId])
        .update_columns([Column::OrderId, Column::GrantedAt, Column::RevokedAt])
        .to_owned();
    Entity::insert_many(granted).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes titles out of the library into which that order put them.
pub(crate) async fn revoke(tx: &Tx, user_id: Uuid, order_id: Uuid, titles: &[Uuid]) -> Result<()> {
    let revoked = ActiveModel { revoked_at: Set(Some(tx.now())), ..Default::default() };
    Entity::update_many()
        .set(revoked)
        .filter(Column::UserId.eq(user_id))
        .filter(Column::AudiobookId.is_in(titles.iter().copied()))
        .filter(Column::OrderId.eq(order_id))
        .exec(tx)
        .await?;
    Ok(())
}
