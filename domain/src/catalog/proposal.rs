//! What production may know of a title and write into its draft.

use super::{cards, edit, links};
use crate::entities::{audiobooks, categories};
use crate::production::Proposal;
use crate::{Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

/// A category of the shop's list, as the writers need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryFacts {
    pub slug: String,
    pub name: String,
    /// Words that are typical of it.
    pub keywords: Vec<String>,
}

/// Every category, in the shop's order.
///
/// # Errors
/// From the database.
pub async fn category_facts(db: &impl ConnectionTrait) -> Result<Vec<CategoryFacts>> {
    let rows = categories::Entity::find().order_by_asc(categories::Column::Position).all(db).await?;
    let words = |text: &str| {
        text.split([',', ' ', '\n', ';'])
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect()
    };
    Ok(rows
        .into_iter()
        .map(|row| CategoryFacts { keywords: words(&row.keywords), slug: row.slug, name: row.name })
        .collect())
}

/// Where the sample of a title lies or shall lie, in milliseconds; `None` when nobody has chosen yet.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn sample_range(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<(i64, i64)>> {
    let title = edit::by_id(db, id).await?;
    let chosen = title.sample_end_ms > title.sample_start_ms;
    Ok(chosen.then_some((title.sample_start_ms, title.sample_end_ms)))
}

/// Fills the draft with what the writer proposes. What a person wrote stays: only a field that is empty, or that still
/// holds what the writer had proposed before, is filled.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub async fn fill_in(tx: &Tx, id: Uuid, before: Option<&Proposal>, proposal: &Proposal) -> Result<()> {
    let now = tx.now();
    let title = edit::by_id(tx, id).await?;
    let blank = title.description.trim().is_empty();
    let untouched = before.is_some_and(|before| before.description == title.description);
    let describe = (blank || untouched) && !proposal.description.is_empty();
    if describe {
        audiobooks::Entity::update_many()
            .col_expr(audiobooks::Column::Description, Expr::value(proposal.description.as_str()))
            .filter(audiobooks::Column::Id.eq(id))
            .exec(tx)
            .await?;
    }
    let have: Vec<String> = cards::categories_of(tx, &[id])
        .await?
        .remove(&id)
        .unwrap_or_default()
        .into_iter()
        .map(|category| category.slug)
        .collect();
    let untouched = before.is_some_and(|before| before.categories == have);
    let sort = (have.is_empty() || untouched) && !proposal.categories.is_empty();
    if sort {
        links::set_categories(tx, id, &proposal.categories).await?;
    }
    if describe || sort {
        // A form that was opened before knows nothing of this: it must not save over it.
        audiobooks::Entity::update_many()
            .col_expr(audiobooks::Column::Version, Expr::col(audiobooks::Column::Version).add(1))
            .col_expr(audiobooks::Column::UpdatedAt, Expr::value(now))
            .filter(audiobooks::Column::Id.eq(id))
            .exec(tx)
            .await?;
    }
    links::reindex(tx, id).await
}
