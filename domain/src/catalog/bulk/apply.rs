//! A change to one of many titles.

use super::BulkChange;
use super::price::Priced;
use super::shelf;
use crate::audit::{self, Action};
use crate::catalog::publish::{self, Leave};
use crate::catalog::titles::{entry, locked};
use crate::entities::audiobooks::{self, Column, Entity};
use crate::pricing::reduced;
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, UpdateMany};
use serde_json::json;
use uuid::Uuid;

/// Changes a title, and writes a line of the audit trail that names the run; false when it was so already, and nothing is
/// written. Forms of the title that are open are refused afterwards where they hold what was changed.
///
/// # Errors
/// [`crate::Error::Invalid`] and [`crate::Error::Conflict`] with why this title is left as it is,
/// [`crate::Error::NotFound`].
pub async fn apply(tx: &Tx, run: Uuid, id: Uuid, change: &BulkChange) -> Result<bool> {
    let (action, name) = match change {
        BulkChange::Publish => (Action::TitlePublished, publish::publish_in(tx, id).await?),
        BulkChange::Unpublish => (Leave::ToDraft.action(), publish::leave(tx, id, Leave::ToDraft).await?),
        BulkChange::Archive => (Leave::ToArchive.action(), publish::leave(tx, id, Leave::ToArchive).await?),
        BulkChange::AddCategory { id: category, .. } => {
            let title = locked(tx, id).await?;
            let added = shelf::add(tx, &title, *category).await?;
            (Action::TitleShelved, saved(tx, title, added, Entity::update_many()).await?)
        }
        BulkChange::RemoveCategory { id: category, .. } => {
            let title = locked(tx, id).await?;
            let removed = shelf::remove(tx, &title, *category).await?;
            (Action::TitleShelved, saved(tx, title, removed, Entity::update_many()).await?)
        }
        BulkChange::Price { .. } | BulkChange::Percent { .. } | BulkChange::Sale { .. } | BulkChange::EndSale => {
            (Action::TitlePriced, reprice(tx, id, change).await?)
        }
    };
    let Some(name) = name else { return Ok(false) };
    let details = json!({ "title": name, "bulk": run, "change": change.words() });
    audit::record(tx, entry(action, id, "").with(details)).await?;
    Ok(true)
}

async fn reprice(tx: &Tx, id: Uuid, change: &BulkChange) -> Result<Option<String>> {
    let title = locked(tx, id).await?;
    let before = Priced::of(&title);
    let after = match change {
        BulkChange::Price { amount } => before.at(&title, amount)?,
        BulkChange::Percent { percent } => before.moved(*percent)?,
        BulkChange::Sale { price, starts_at, ends_at } => before.on_sale(&title, price, *starts_at, *ends_at)?,
        _ => before.without_sale(),
    };
    let update = Entity::update_many()
        .col_expr(Column::Priced, Expr::value(after.minor.is_some()))
        .col_expr(Column::PriceMinor, Expr::value(after.minor.unwrap_or(0)))
        .col_expr(Column::SalePriceMinor, Expr::value(after.sale.map(|sale| sale.minor)))
        .col_expr(Column::SaleStartsAt, Expr::value(after.sale.and_then(|sale| sale.starts_at)))
        .col_expr(Column::SaleEndsAt, Expr::value(after.sale.and_then(|sale| sale.ends_at)));
    saved(tx, title, before != after, update).await
}

/// Writes a change with the next version; the title's name where there is one.
async fn saved(tx: &Tx, title: audiobooks::Model, changed: bool, update: UpdateMany<Entity>) -> Result<Option<String>> {
    if !changed {
        return Ok(None);
    }
    update
        .col_expr(Column::Version, Expr::value(title.version + 1))
        .col_expr(Column::UpdatedAt, Expr::value(tx.now()))
        .filter(Column::Id.eq(title.id))
        .exec(tx)
        .await?;
    reduced::keep(tx, &[title.id]).await?;
    Ok(Some(title.title))
}
