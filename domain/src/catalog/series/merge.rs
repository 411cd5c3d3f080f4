//! Making one series of two.

use super::keep::{by_id, entry};
use crate::audit::{self, Action};
use crate::catalog::reindex::Reindex;
use crate::catalog::{RedirectKind, names, redirects};
use crate::entities::{audiobooks, series};
use crate::{Db, Error, Result, jobs};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

/// Puts the titles of a series, with their numbers, into the one called `into` and deletes it; its addresses lead there
/// from now on. A description is kept where only the first has one. Numbers may then stand twice.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] when no series is called `into`, or it is the same one.
pub async fn merge(db: &Db, id: Uuid, into: &str) -> Result<Uuid> {
    let into = into.trim().to_owned();
    db.transaction(async |tx| {
        let gone = by_id(&tx, id).await?;
        let known = names::series(&tx, std::slice::from_ref(&into)).await?.found;
        let kept = *known.get(&into).ok_or_else(|| Error::invalid("into", "series.into-nothing"))?;
        let kept = by_id(&tx, kept).await?;
        if kept.id == id {
            return Err(Error::invalid("into", "series.into-itself"));
        }
        audiobooks::Entity::update_many()
            .col_expr(audiobooks::Column::SeriesId, Expr::value(kept.id))
            .col_expr(audiobooks::Column::Version, Expr::col(audiobooks::Column::Version).add(1))
            .col_expr(audiobooks::Column::UpdatedAt, Expr::value(tx.now()))
            .filter(audiobooks::Column::SeriesId.eq(id))
            .exec(&tx)
            .await?;
        series::Entity::delete_by_id(id).exec(&tx).await?;
        redirects::follow(&tx, id, kept.id).await?;
        redirects::add(&tx, RedirectKind::Series, &gone.slug, kept.id).await?;
        jobs::enqueue(&tx, &Reindex::Series { id: kept.id }).await?;
        let line = entry(Action::SeriesMerged, kept.id).with(json!({ "name": kept.name, "merged": gone.name }));
        audit::record(&tx, line).await?;
        let to = kept.id;
        if kept.description.is_empty() && !gone.description.is_empty() {
            let mut change = kept.into_active_model();
            change.description = Set(gone.description);
            change.update(&tx).await?;
        }
        Ok(to)
    })
    .await
}
