//! What shoppers walk through: only what is published.

use super::search::{self, Stretch, Titles, published};
use super::summaries::{SummaryRow, assemble};
use super::{AudiobookSummary, Browse, Collection, Corrected, Filters, Home, Listing, Sort, Status, said, window};
use crate::entities::{audiobook_people, audiobooks, people, series};
use crate::keyset::{Place, Walk};
use crate::{Db, Error, Page, PageRequest, Result};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use super::shelves::{categories, languages};
pub use super::similar::more_like_this;
pub use super::summaries::summaries;

/// Titles on a page of the catalogue.
pub const PAGE_SIZE: u32 = 24;
/// First pages of a list that many look at.
const REMEMBERED_PAGES: u32 = 3;
/// Most titles that the page of a person or series shows.
const COLLECTION: u64 = 200;

/// The home page: what can be heard at once, and the lists. It may be a moment old.
pub async fn home(db: &Db) -> Result<Home> {
    db.alike(Window, || db.copied("home", &Window, || window::look(db))).await
}

/// What the home page is remembered by.
#[derive(PartialEq, Eq, Hash, Serialize)]
struct Window;

/// A page of the titles that fit, in the order that is asked for.
///
/// # Errors
/// When the database fails. An unknown category fits nothing.
pub async fn browse(db: &Db, wanted: &Browse) -> Result<Page<AudiobookSummary>> {
    Ok(listing(db, wanted).await?.page)
}

/// [`browse`], and what was made of the words. A list without words may be a moment old.
///
/// # Errors
/// When the database fails.
pub async fn listing(db: &Db, wanted: &Browse) -> Result<Listing> {
    listing_of(db, wanted, PAGE_SIZE).await
}

/// [`listing`] with pages of `size` titles, 1 to 100.
///
/// # Errors
/// When the database fails.
pub async fn listing_of(db: &Db, wanted: &Browse, size: u32) -> Result<Listing> {
    let request = PageRequest::new(wanted.page, size);
    let look = || async {
        let found = looked_up(db, wanted, Stretch::Page(request)).await?;
        let page = Page::new(found.items, found.total, request);
        Ok(Listing { page, more: found.more, correction: found.correction })
    };
    if may_be_remembered(wanted) && wanted.page <= REMEMBERED_PAGES {
        let key = key(wanted, size);
        return db.alike(key.clone(), || copied(db, "listing", wanted, key, look)).await;
    }
    look().await
}

/// Titles that fit, as a program walks them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walked {
    pub items: Vec<AudiobookSummary>,
    /// Where the list goes on; nowhere at its end.
    pub next: Option<Place>,
    /// How many fit, counted up to a thousand.
    pub total: u64,
    /// There are more titles than were counted.
    pub more: bool,
    pub correction: Option<Corrected>,
}

/// A part of the titles that fit, whichever page `wanted` names: one after the other they are the whole list. Only the best
/// matches of words end after a thousand. A title whose place in the order changes on the way may be passed over or come
/// twice; no other does. The first part of a list without words may be a moment old.
///
/// # Errors
/// [`Error::Invalid`] of `cursor` for a place that the list did not give out, or beyond the best matches.
pub async fn part(db: &Db, wanted: &Browse, walk: Walk<'_>) -> Result<Walked> {
    let look = || looked_up(db, wanted, Stretch::Part(walk));
    if may_be_remembered(wanted) && walk.after.is_none() {
        let key = key(wanted, walk.limit);
        return db.alike(key.clone(), || copied(db, "part", wanted, key, look)).await;
    }
    look().await
}

/// What is charged changes with the clock, to the second; and words are many.
fn may_be_remembered(wanted: &Browse) -> bool {
    let by_price = wanted.filters.by_price() || matches!(wanted.sort, Sort::PriceUp | Sort::PriceDown);
    wanted.text.trim().is_empty() && !by_price
}

/// What a list without words is remembered by: spaces are no words, and anybody may write as many as they like.
fn key(wanted: &Browse, size: u32) -> (Browse, u32) {
    (Browse { text: String::new(), exact: false, ..wanted.clone() }, size)
}

/// A list that many look at, as other servers found it; filters are many, and so are categories that are not there.
async fn copied<V, F>(db: &Db, kind: &str, wanted: &Browse, key: (Browse, u32), look: impl FnOnce() -> F) -> Result<V>
where
    V: Serialize + DeserializeOwned + Send,
    F: Future<Output = Result<V>>,
{
    let copies = db.shares() && wanted.filters == Filters::default() && is_there(db, &wanted.category).await?;
    if copies { db.copied(kind, &key, look).await } else { look().await }
}

/// Whether there is such a category; none is the whole shop.
async fn is_there(db: &Db, category: &str) -> Result<bool> {
    Ok(category.is_empty() || categories(db).await?.iter().any(|one| one.category.slug == category))
}

async fn looked_up(db: &Db, wanted: &Browse, stretch: Stretch<'_>) -> Result<Walked> {
    let found = search::find(db, wanted, stretch).await?;
    let items = match found.picked.titles {
        Titles::Rows(rows) => assemble(db, rows).await?,
        Titles::Ids(ids) => in_order(db, &ids).await?,
    };
    let correction = match found.correction {
        Some(correction) => Some(said::said(db, &wanted.text, correction).await?),
        None => None,
    };
    Ok(Walked { items, next: found.picked.next, total: found.total, more: found.more, correction })
}

/// Published titles by id, in the order of the ids.
async fn in_order(db: &Db, ids: &[Uuid]) -> Result<Vec<AudiobookSummary>> {
    let mut known = summaries(db, ids).await?;
    Ok(ids.iter().filter_map(|id| known.remove(id)).collect())
}

/// A person with what they wrote or read, newest first; at most 200 titles.
///
/// # Errors
/// [`Error::NotFound`] when nobody has that slug, or only drafts name them.
pub async fn contributor(db: &Db, slug: &str) -> Result<Collection> {
    let person = people::Entity::find()
        .filter(people::Column::Slug.eq(slug))
        .one(db.read())
        .await?
        .ok_or(Error::NotFound("person"))?;
    // Who wrote a title and reads it too is linked to it twice: `IN` gives it once.
    let theirs = Query::select()
        .column(audiobook_people::Column::AudiobookId)
        .from(audiobook_people::Entity)
        .and_where(audiobook_people::Column::PersonId.eq(person.id))
        .to_owned();
    let by_them = audiobooks::Column::Id.in_subquery(theirs);
    let titles = published()
        .filter(by_them.clone())
        .order_by_desc(audiobooks::Column::PublishedAt)
        .order_by_desc(audiobooks::Column::Id);
    let portrait = person.portrait_made.and(person.portrait_changed_at);
    let titles = listed(db, titles, COLLECTION).await?;
    if titles.is_empty() && !was_for_sale(db, by_them).await? {
        return Err(Error::NotFound("person"));
    }
    Ok(Collection { name: person.name, about: person.bio, portrait, titles })
}

/// A series with its titles in order, those without a number last; at most 200 titles.
///
/// # Errors
/// [`Error::NotFound`] when there is no such series, or only drafts are of it.
pub async fn series(db: &Db, slug: &str) -> Result<Collection> {
    let series = series::Entity::find()
        .filter(series::Column::Slug.eq(slug))
        .one(db.read())
        .await?
        .ok_or(Error::NotFound("series"))?;
    let titles = published()
        .filter(audiobooks::Column::SeriesId.eq(series.id))
        .order_by(audiobooks::Column::SeriesPosition.is_null(), Order::Asc)
        .order_by_asc(audiobooks::Column::SeriesPosition)
        .order_by_asc(audiobooks::Column::SortTitle)
        .order_by_asc(audiobooks::Column::Id);
    let titles = listed(db, titles, COLLECTION).await?;
    if titles.is_empty() && !was_for_sale(db, audiobooks::Column::SeriesId.eq(series.id)).await? {
        return Err(Error::NotFound("series"));
    }
    Ok(Collection { name: series.name, about: series.description, portrait: None, titles })
}

/// How many titles of a group shoppers have a page for.
pub(super) fn ever_published() -> Expr {
    let shown = audiobooks::Column::Status.ne(Status::Draft);
    let counted: Expr = Expr::case(shown, audiobooks::Column::Id.into_expr()).into();
    counted.count()
}

/// Whether one of some titles was for sale once, so that whoever bought it may follow its links.
async fn was_for_sale(db: &Db, which: Expr) -> Result<bool> {
    let archived = audiobooks::Entity::find().filter(which).filter(audiobooks::Column::Status.eq(Status::Archived));
    Ok(archived.count(db.read()).await? > 0)
}

async fn listed(db: &Db, titles: Select<audiobooks::Entity>, limit: u64) -> Result<Vec<AudiobookSummary>> {
    let rows = titles.limit(limit).into_partial_model::<SummaryRow>().all(db.read()).await?;
    assemble(db, rows).await
}
