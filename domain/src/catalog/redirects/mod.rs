//! Addresses that something had before it was renamed or merged. They lead on to where it is now, as long as nothing else
//! takes them.

mod kind;

pub use kind::RedirectKind;

use crate::entities::redirects;
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Set};
use std::collections::HashMap;
use uuid::Uuid;

/// Lets an address lead to `target` from now on.
pub(super) async fn add(tx: &Tx, kind: RedirectKind, slug: &str, target: Uuid) -> Result<()> {
    let row = redirects::ActiveModel { kind: Set(kind), slug: Set(slug.to_owned()), target_id: Set(target) };
    let again = OnConflict::columns([redirects::Column::Kind, redirects::Column::Slug])
        .update_column(redirects::Column::TargetId)
        .to_owned();
    redirects::Entity::insert(row).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// Takes an address back, because something is called so again.
pub(super) async fn free(tx: &Tx, kind: RedirectKind, slug: &str) -> Result<()> {
    redirects::Entity::delete_by_id((kind, slug.to_owned())).exec(tx).await?;
    Ok(())
}

/// Lets every address that led to `from` lead to `to`.
pub(super) async fn follow(tx: &Tx, from: Uuid, to: Uuid) -> Result<()> {
    redirects::Entity::update_many()
        .col_expr(redirects::Column::TargetId, Expr::value(to))
        .filter(redirects::Column::TargetId.eq(from))
        .exec(tx)
        .await?;
    Ok(())
}

/// Forgets every address that led to something that is gone.
pub(super) async fn forget(tx: &Tx, target: Uuid) -> Result<()> {
    redirects::Entity::delete_many().filter(redirects::Column::TargetId.eq(target)).exec(tx).await?;
    Ok(())
}

/// What an address leads to.
pub(super) async fn target(db: &impl ConnectionTrait, kind: RedirectKind, slug: &str) -> Result<Option<Uuid>> {
    let row = redirects::Entity::find_by_id((kind, slug.to_owned())).one(db).await?;
    Ok(row.map(|row| row.target_id))
}

/// What some addresses lead to, by address; those that lead nowhere are left out.
pub(super) async fn targets(
    db: &impl ConnectionTrait,
    kind: RedirectKind,
    slugs: &[String],
) -> Result<HashMap<String, Uuid>> {
    let rows = redirects::Entity::find()
        .filter(redirects::Column::Kind.eq(kind))
        .filter(redirects::Column::Slug.is_in(slugs))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.target_id)).collect())
}
