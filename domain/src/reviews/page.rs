//! The reviews of a title, as its page shows them: newest first, a page after the other by the id where it ended.

use super::keep::{own, small};
use super::{Review, ReviewPage, ReviewViewer, tally};
use crate::account::User;
use crate::account::users::name_of;
use crate::catalog::product_page::visible;
use crate::entities::reviews::{Column, Entity, Model};
use crate::entitlements::{owned, owns};
use crate::flags::{Flag, live};
use crate::{Db, Result};
use sea_orm::sea_query::{Expr, SubQueryStatement};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

/// Reviews on a page.
pub const PAGE_SIZE: u64 = 10;

/// A page of the reviews of a title, from the newest on, or from those before `before`.
///
/// # Errors
/// `NotFound` when there is no such title, or not for this viewer.
pub async fn reviews(db: &Db, slug: &str, viewer: Option<&User>, before: Option<Uuid>) -> Result<ReviewPage> {
    reviews_of(db, slug, viewer, before, PAGE_SIZE).await
}

/// [`reviews`] with at most `size` on a page.
///
/// # Errors
/// As [`reviews`].
pub async fn reviews_of(
    db: &Db,
    slug: &str,
    viewer: Option<&User>,
    before: Option<Uuid>,
    size: u64,
) -> Result<ReviewPage> {
    let title = visible(db, slug, viewer).await?;
    let mut reviews = match before {
        None if size == PAGE_SIZE => first(db, title.id).await?,
        before => look(db, title.id, before, size).await?,
    };
    let more = reviews.len() as u64 > size;
    reviews.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    let older = reviews.last().filter(|_| more).map(|review| review.id);
    let taken = live::is_on(db, Flag::Reviews, viewer).await?;
    let viewer = match viewer {
        Some(user) => ReviewViewer {
            logged_in: true,
            taken,
            may_rate: taken && owns(db, user.id, title.id).await?,
            own: own(db, user.id, title.id).await?,
        },
        None => ReviewViewer { taken, ..ReviewViewer::default() },
    };
    Ok(ReviewPage { breakdown: tally::breakdown(&title), reviews, older, viewer })
}

/// The newest reviews of a title that say something.
pub async fn newest(db: &Db, audiobook_id: Uuid, most: usize) -> Result<Vec<Review>> {
    let mut reviews = first(db, audiobook_id).await?;
    reviews.truncate(usize::try_from(PAGE_SIZE).unwrap_or(usize::MAX));
    reviews.retain(|review| !review.text.is_empty());
    reviews.truncate(most);
    Ok(reviews)
}

/// What the first reviews of a title are remembered by.
#[derive(PartialEq, Eq, Hash)]
struct First(Uuid);

/// The newest reviews of a title, which everybody sees; they may be a moment old.
async fn first(db: &Db, audiobook_id: Uuid) -> Result<Vec<Review>> {
    db.alike(First(audiobook_id), || look(db, audiobook_id, None, PAGE_SIZE)).await
}

/// Reviews of a page. One more than is shown tells whether there are more.
async fn look(db: &Db, audiobook_id: Uuid, before: Option<Uuid>, size: u64) -> Result<Vec<Review>> {
    let mut query = Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).filter(Column::Hidden.eq(false));
    if let Some(before) = before {
        query = query.filter(Column::Id.lt(before));
    }
    let rows = read(db, query.order_by_desc(Column::Id).limit(size + 1)).await?;
    Ok(rows.into_iter().map(Review::from).collect())
}

/// A review with what its author is called, and whether they own the title still.
#[derive(FromQueryResult)]
pub(super) struct Row {
    #[sea_orm(nested)]
    pub review: Model,
    author_name: Option<String>,
    author_owns: bool,
}

/// The reviews of a query, in its order.
pub(super) async fn read(db: &Db, query: Select<Entity>) -> Result<Vec<Row>> {
    let of_review = |column: Column| Expr::col((Entity, column));
    let owned = owned(of_review(Column::UserId), of_review(Column::AudiobookId));
    let name = Expr::from(SubQueryStatement::from(name_of(of_review(Column::UserId))));
    let query = query.expr_as(name, "author_name").expr_as(Expr::exists(owned), "author_owns");
    Ok(query.into_model::<Row>().all(db.read()).await?)
}

impl From<Row> for Review {
    fn from(row: Row) -> Self {
        let Row { review, author_name, author_owns } = row;
        let name = author_name.map(|name| name.trim().to_owned());
        Self {
            id: review.id,
            by: name.filter(|name| !name.is_empty()),
            owned: author_owns,
            story: small(review.story),
            performance: small(review.performance),
            text: review.text,
            at: review.created_at,
            edited: review.updated_at > review.created_at,
        }
    }
}
