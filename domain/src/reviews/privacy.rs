//! What somebody wrote of titles, and which reviews they reported: to take along, and to forget.

use super::tally;
use crate::catalog::titles::{locked, names_of};
use crate::entities::{review_reports, reviews};
use crate::{Db, Result, Timestamp, Tx};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// A review as its author takes it along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenReview {
    pub audiobook_id: Uuid,
    pub slug: String,
    pub title: String,
    /// Stars, 1 to 5.
    pub story: i32,
    pub performance: i32,
    pub text: String,
    pub hidden: bool,
    /// Why it is hidden.
    pub reason: Option<String>,
    pub at: Timestamp,
    pub changed_at: Timestamp,
}

/// How many titles somebody rated.
///
/// # Errors
/// From the database.
pub async fn count_of(db: &Db, user_id: Uuid) -> Result<u64> {
    Ok(reviews::Entity::find().filter(reviews::Column::UserId.eq(user_id)).count(db.read()).await?)
}

/// Some reviews of an author: those of titles whose id is beyond `after`, at most `most`.
pub async fn reviews_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<WrittenReview>> {
    let mut query = reviews::Entity::find().filter(reviews::Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(reviews::Column::AudiobookId.gt(after));
    }
    let rows = query.order_by_asc(reviews::Column::AudiobookId).limit(most).all(db.read()).await?;
    let titles: Vec<Uuid> = rows.iter().map(|row| row.audiobook_id).collect();
    let mut names = names_of(db, &titles).await?;
    let review = |row: reviews::Model| {
        let (slug, title) = names.remove(&row.audiobook_id).unwrap_or_default();
        WrittenReview {
            audiobook_id: row.audiobook_id,
            slug,
            title,
            story: row.story,
            performance: row.performance,
            text: row.text,
            hidden: row.hidden,
            reason: row.hidden_reason,
            at: row.created_at,
            changed_at: row.updated_at,
        }
    };
    Ok(rows.into_iter().map(review).collect())
}

/// Some reviews that somebody reported, and when: those whose id is beyond `after`, at most `most`.
pub async fn reports_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<(Uuid, Timestamp)>> {
    let mut query = review_reports::Entity::find().filter(review_reports::Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(review_reports::Column::ReviewId.gt(after));
    }
    let rows = query.order_by_asc(review_reports::Column::ReviewId).limit(most).all(db.read()).await?;
    Ok(rows.into_iter().map(|row| (row.review_id, row.created_at)).collect())
}

/// Forgets what somebody wrote and reported: their stars count no more. Belongs into the transaction that deletes the
/// account. Titles are taken one after the other in the order of their ids, so that two who leave do not wait for each other.
pub async fn forget_reviewer(tx: &Tx, user_id: Uuid) -> Result<()> {
    let own = reviews::Entity::find().filter(reviews::Column::UserId.eq(user_id));
    let titles: Vec<Uuid> = own
        .select_only()
        .column(reviews::Column::AudiobookId)
        .order_by_asc(reviews::Column::AudiobookId)
        .into_tuple()
        .all(tx)
        .await?;
    for id in titles {
        let title = locked(tx, id).await?;
        let of_title = reviews::Column::UserId.eq(user_id).and(reviews::Column::AudiobookId.eq(id));
        let Some(review) = reviews::Entity::find().filter(of_title).one(tx).await? else { continue };
        tally::change(tx, &title, Some(&review), None).await?;
        reviews::Entity::delete_by_id(review.id).exec(tx).await?;
    }
    review_reports::Entity::delete_many().filter(review_reports::Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}
