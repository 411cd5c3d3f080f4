//! Making one category of two.

use super::keep::{by_id, entry};
use crate::audit::{self, Action};
use crate::catalog::reindex::Reindex;
use crate::catalog::{RedirectKind, redirects};
use crate::entities::{audiobook_categories, categories, coupon_categories, sale_categories};
use crate::pricing::reduced;
use crate::{Db, Error, Result, Tx, jobs};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

/// Puts the titles of a category into another one and deletes it; its addresses lead to that one from now on.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] when both are the same.
pub async fn merge(db: &Db, id: Uuid, into: Uuid) -> Result<()> {
    if id == into {
        return Err(Error::invalid("into", "category.into-itself"));
    }
    db.transaction(async |tx| {
        let gone = by_id(&tx, id).await?;
        let kept = by_id(&tx, into).await.map_err(|_| Error::invalid("into", "category.into-nothing"))?;
        // Titles that are in both: read apart, because MySQL and MariaDB take no rows from the table they change.
        let both: Vec<Uuid> = audiobook_categories::Entity::find()
            .select_only()
            .column(audiobook_categories::Column::AudiobookId)
            .filter(audiobook_categories::Column::CategoryId.eq(into))
            .filter(
                audiobook_categories::Column::AudiobookId.in_subquery(
                    Query::select()
                        .column(audiobook_categories::Column::AudiobookId)
                        .from(audiobook_categories::Entity)
                        .and_where(audiobook_categories::Column::CategoryId.eq(id))
                        .to_owned(),
                ),
            )
            .into_tuple()
            .all(&tx)
            .await?;
        for some in both.chunks(crate::db::BATCH) {
            audiobook_categories::Entity::delete_many()
                .filter(audiobook_categories::Column::CategoryId.eq(id))
                .filter(audiobook_categories::Column::AudiobookId.is_in(some.iter().copied()))
                .exec(&tx)
                .await?;
        }
        audiobook_categories::Entity::update_many()
            .col_expr(audiobook_categories::Column::CategoryId, Expr::value(into))
            .filter(audiobook_categories::Column::CategoryId.eq(id))
            .exec(&tx)
            .await?;
        promised(&tx, id, into).await?;
        categories::Entity::delete_by_id(id).exec(&tx).await?;
        redirects::follow(&tx, id, into).await?;
        redirects::add(&tx, RedirectKind::Category, &gone.slug, into).await?;
        jobs::enqueue(&tx, &Reindex::Category { id: into }).await?;
        reduced::ask(&tx, []).await?;
        let line =
            entry(Action::CategoryMerged, into, &kept.name).with(json!({ "name": kept.name, "merged": gone.name }));
        audit::record(&tx, line).await?;
        Ok(())
    })
    .await
}

/// Sales and coupons that are for a category are for the one that takes its place.
async fn promised(tx: &Tx, gone: Uuid, into: Uuid) -> Result<()> {
    let sales: Vec<Uuid> = sale_categories::Entity::find()
        .select_only()
        .column(sale_categories::Column::SaleId)
        .filter(sale_categories::Column::CategoryId.eq(into))
        .into_tuple()
        .all(tx)
        .await?;
    sale_categories::Entity::update_many()
        .col_expr(sale_categories::Column::CategoryId, Expr::value(into))
        .filter(sale_categories::Column::CategoryId.eq(gone))
        .filter(sale_categories::Column::SaleId.is_not_in(sales))
        .exec(tx)
        .await?;
    let coupons: Vec<Uuid> = coupon_categories::Entity::find()
        .select_only()
        .column(coupon_categories::Column::CouponId)
        .filter(coupon_categories::Column::CategoryId.eq(into))
        .into_tuple()
        .all(tx)
        .await?;
    coupon_categories::Entity::update_many()
        .col_expr(coupon_categories::Column::CategoryId, Expr::value(into))
        .filter(coupon_categories::Column::CategoryId.eq(gone))
        .filter(coupon_categories::Column::CouponId.is_not_in(coupons))
        .exec(tx)
        .await?;
    Ok(())
}
