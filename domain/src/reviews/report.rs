//! Telling the shop that a review should not stand there.

use crate::audit::{self, Action, Entry};
use crate::entities::{review_reports, reviews};
use crate::limits::{Limits, Rule};
use crate::{Db, Error, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect};
use uuid::Uuid;

/// Reports a review, as often as [`Rule::Report`] allows one person. Who reports the same one again changes nothing.
///
/// # Errors
/// `Conflict` on one's own; `NotFound` when there is no such review, or nobody sees it; `TooMany`.
pub async fn report(db: &Db, limits: &Limits, user_id: Uuid, review_id: Uuid) -> Result<()> {
    limits.take(Rule::Report, &[&user_id.to_string()]).await?;
    db.transaction(async |tx| {
        let review = held(&tx, review_id).await?;
        if review.hidden {
            return Err(Error::NotFound("review"));
        }
        if review.user_id == user_id {
            return Err(Error::conflict("review.own"));
        }
        if review_reports::Entity::find_by_id((user_id, review_id)).one(&tx).await?.is_some() {
            return Ok(());
        }
        let report = review_reports::Model { user_id, review_id, created_at: tx.now() };
        review_reports::Entity::insert(report.into_active_model()).exec_without_returning(&tx).await?;
        reviews::Entity::update_many()
            .col_expr(reviews::Column::OpenReports, Expr::col(reviews::Column::OpenReports).add(1))
            .filter(reviews::Column::Id.eq(review_id))
            .exec(&tx)
            .await?;
        audit::record(&tx, Entry::new(Action::ReviewReported).on("review", review_id)).await
    })
    .await
}

/// A review that nobody else changes until the transaction ends.
pub(super) async fn held(tx: &Tx, id: Uuid) -> Result<reviews::Model> {
    reviews::Entity::find_by_id(id).lock_exclusive().one(tx).await?.ok_or(Error::NotFound("review"))
}
