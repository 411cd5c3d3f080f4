//! What the writer proposes goes into the draft.

use super::Proposal;
use crate::catalog::{associations, summaries, titles};
use crate::entities::audiobooks;
use crate::{Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Fills the draft with what the writer proposes. What a person wrote stays: only a field that is empty, or that still
/// holds what the writer had proposed before, is filled.
///
/// # Errors
/// [`crate::Error::NotFound`].
pub(crate) async fn fill_in(tx: &Tx, id: Uuid, before: Option<&Proposal>, proposal: &Proposal) -> Result<()> {
    let now = tx.now();
    let title = titles::by_id(tx, id).await?;
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
    let have: Vec<String> = summaries::categories_of(tx, &[id])
        .await?
        .remove(&id)
        .unwrap_or_default()
        .into_iter()
        .map(|category| category.slug)
        .collect();
    let untouched = before.is_some_and(|before| before.categories == have);
    let sort = (have.is_empty() || untouched) && !proposal.categories.is_empty();
    if sort {
        associations::set_categories(tx, id, &proposal.categories).await?;
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
    associations::reindex(tx, id).await
}
