//! Making one person of two entries.

use super::keep::by_id;
use crate::audit::{self, Action, Entry};
use crate::catalog::covers::{MakeSizes, PictureOf};
use crate::catalog::reindex::Reindex;
use crate::catalog::{RedirectKind, names, redirects};
use crate::entities::{audiobook_people, people};
use crate::{Db, Error, Result, jobs};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, SimpleExpr};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set};
use serde_json::json;
use uuid::Uuid;

/// Gives the titles of one entry to another, who is the same person under the name `into`, and deletes the first; its
/// address leads to the other from now on. A biography and a portrait are kept where only the first has
/// one.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Invalid`] when nobody is called `into`, or it is the same entry.
pub async fn merge(db: &Db, id: Uuid, into: &str) -> Result<Uuid> {
    let into = into.trim().to_owned();
    db.transaction(async |tx| {
        let gone = by_id(&tx, id).await?;
        let known = names::contributors(&tx, std::slice::from_ref(&into)).await?.found;
        let kept = *known.get(&into).ok_or_else(|| Error::invalid("into", "contributor.into-nobody"))?;
        let kept = by_id(&tx, kept).await?;
        if kept.id == id {
            return Err(Error::invalid("into", "contributor.into-itself"));
        }
        // Titles on which both stand in the same role.
        audiobook_people::Entity::delete_many()
            .filter(audiobook_people::Column::PersonId.eq(id))
            .filter(both().in_subquery(done_by(kept.id)))
            .exec(&tx)
            .await?;
        audiobook_people::Entity::update_many()
            .col_expr(audiobook_people::Column::PersonId, Expr::value(kept.id))
            .filter(audiobook_people::Column::PersonId.eq(id))
            .exec(&tx)
            .await?;
        people::Entity::delete_by_id(id).exec(&tx).await?;
        redirects::follow(&tx, id, kept.id).await?;
        redirects::add(&tx, RedirectKind::Contributor, &gone.slug, kept.id).await?;
        jobs::enqueue(&tx, &Reindex::Contributor { id: kept.id }).await?;
        let line = Entry::new(Action::ContributorMerged).on("contributor", kept.id);
        audit::record(&tx, line.with(json!({ "name": kept.name, "merged": gone.name }))).await?;
        let to = kept.id;
        let biography = kept.bio.is_empty() && !gone.bio.is_empty();
        let portrait = kept.portrait_key.is_none() && gone.portrait_key.is_some();
        let mut change = kept.into_active_model();
        if biography {
            change.bio = Set(gone.bio);
        }
        if portrait {
            if gone.portrait_made.is_none() {
                jobs::enqueue(&tx, &MakeSizes { of: PictureOf::Contributor(to) }).await?;
            }
            change.portrait_key = Set(gone.portrait_key);
            change.portrait_made = Set(gone.portrait_made);
            change.portrait_changed_at = Set(Some(tx.now()));
        }
        if biography || portrait {
            change.update(&tx).await?;
        }
        Ok(to)
    })
    .await
}

fn both() -> SimpleExpr {
    use audiobook_people::Column;
    Expr::tuple([Expr::col(Column::AudiobookId), Expr::col(Column::Role)])
}

/// What somebody did for which title. Read as a table of its own, because MySQL takes no rows from the table that it changes;
/// distinct, so that it does not see through that.
fn done_by(person: Uuid) -> SelectStatement {
    use audiobook_people::{Column, Entity};
    let rows = Query::select()
        .distinct()
        .columns([Column::AudiobookId, Column::Role])
        .from(Entity)
        .and_where(Expr::col(Column::PersonId).eq(person))
        .to_owned();
    Query::select().columns([Column::AudiobookId, Column::Role]).from_subquery(rows, Alias::new("done")).to_owned()
}
