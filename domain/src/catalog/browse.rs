//! What shoppers walk through: only what is published.

use super::search::{self, Picked, published};
use super::showcase::showcase;
use super::summaries::{SummaryRow, assemble};
use super::{AudiobookSummary, Browse, Collection, Home, Listing, Status, said};
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, people, series};
use crate::{Db, Error, Page, PageRequest, Result};
use sea_orm::sea_query::{
    Alias, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, SubQueryStatement, UnionType,
};
use sea_orm::{ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

pub use super::shelves::{categories, languages};
pub use super::summaries::summaries;

/// Titles on a page of the catalogue.
pub const PAGE_SIZE: u32 = 24;
/// Titles in each list of the home page.
const HOME_LIST: u64 = 8;
/// Most titles that the page of a person or series shows.
const COLLECTION: u64 = 200;

/// The home page: what can be heard at once, and the lists.
pub async fn home(db: &Db) -> Result<Home> {
    let everything = published;
    let featured = everything()
        .filter(audiobooks::Column::Featured.eq(true))
        .order_by_desc(audiobooks::Column::PublishedAt)
        .order_by_desc(audiobooks::Column::Id);
    let newest = everything().order_by_desc(audiobooks::Column::PublishedAt).order_by_desc(audiobooks::Column::Id);
    // A title that nobody has bought is not a best-seller.
    let best_selling = everything()
        .filter(audiobooks::Column::SoldCount.gt(0))
        .order_by_desc(audiobooks::Column::SoldCount)
        .order_by_desc(audiobooks::Column::Id);
    Ok(Home {
        showcase: showcase(db).await?,
        featured: listed(db, featured, HOME_LIST).await?,
        newest: listed(db, newest, HOME_LIST).await?,
        best_selling: listed(db, best_selling, HOME_LIST).await?,
        categories: categories(db).await?,
    })
}

/// A page of the titles that fit, in the order that is asked for.
///
/// # Errors
/// When the database fails. An unknown category fits nothing.
pub async fn browse(db: &Db, wanted: &Browse) -> Result<Page<AudiobookSummary>> {
    Ok(listing(db, wanted).await?.page)
}

/// [`browse`], and what was made of the words.
///
/// # Errors
/// When the database fails.
pub async fn listing(db: &Db, wanted: &Browse) -> Result<Listing> {
    let request = PageRequest::new(wanted.page, PAGE_SIZE);
    let found = search::find(db, wanted, request).await?;
    let items = match found.picked {
        Picked::Rows(rows) => assemble(db.read(), rows, db.now()).await?,
        Picked::Ids(ids) => in_order(db, &ids).await?,
    };
    let correction = match found.correction {
        Some(correction) => Some(said::said(db, &wanted.text, correction).await?),
        None => None,
    };
    Ok(Listing { page: Page::new(items, found.total, request), more: found.more, correction })
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

/// Published titles that share a series, people or categories with this one, the closest first and among equals the
/// best-selling.
pub async fn more_like_this(db: &Db, id: Uuid, limit: u64) -> Result<Vec<AudiobookSummary>> {
    let mut titles = published().filter(audiobooks::Column::Id.ne(id));
    let kin = Alias::new("kin");
    let same = Expr::col((audiobooks::Entity, audiobooks::Column::Id))
        .equals((kin.clone(), audiobook_people::Column::AudiobookId));
    QuerySelect::query(&mut titles).join_subquery(JoinType::InnerJoin, similarity(id), kin.clone(), same);
    let titles = titles
        .order_by(Expr::col((kin, Alias::new("closeness"))), Order::Desc)
        .order_by_desc(audiobooks::Column::SoldCount)
        .order_by_desc(audiobooks::Column::Id);
    listed(db, titles, limit.clamp(0, 100)).await
}

async fn listed(db: &Db, titles: Select<audiobooks::Entity>, limit: u64) -> Result<Vec<AudiobookSummary>> {
    let rows = titles.limit(limit).into_partial_model::<SummaryRow>().all(db.read()).await?;
    assemble(db.read(), rows, db.now()).await
}

/// Every title that shares something with this one, and how much: a series counts 4, a person 3, a category 2.
fn similarity(id: Uuid) -> SelectStatement {
    let shared = Alias::new("audiobook_id");
    let weight = Alias::new("weight");

    let of_title = Query::select()
        .column(audiobook_categories::Column::CategoryId)
        .from(audiobook_categories::Entity)
        .and_where(audiobook_categories::Column::AudiobookId.eq(id))
        .to_owned();
    let by_category = Query::select()
        .column(audiobook_categories::Column::AudiobookId)
        .expr_as(Expr::val(2), weight.clone())
        .from(audiobook_categories::Entity)
        .and_where(audiobook_categories::Column::CategoryId.in_subquery(of_title))
        .to_owned();

    let of_title = Query::select()
        .column(audiobook_people::Column::PersonId)
        .from(audiobook_people::Entity)
        .and_where(audiobook_people::Column::AudiobookId.eq(id))
        .to_owned();
    let by_person = Query::select()
        .distinct()
        .column(audiobook_people::Column::AudiobookId)
        .expr_as(Expr::val(3), weight.clone())
        .from(audiobook_people::Entity)
        .and_where(audiobook_people::Column::PersonId.in_subquery(of_title))
        .to_owned();

    let of_title = Query::select()
        .column(audiobooks::Column::SeriesId)
        .from(audiobooks::Entity)
        .and_where(audiobooks::Column::Id.eq(id))
        .to_owned();
    let by_series = Query::select()
        .expr_as(Expr::col(audiobooks::Column::Id), shared.clone())
        .expr_as(Expr::val(4), weight.clone())
        .from(audiobooks::Entity)
        // Equal to the one series, not in a list: SQLite would go through all titles for that.
        .and_where(Expr::col(audiobooks::Column::SeriesId).eq(SubQueryStatement::from(of_title)))
        .to_owned();

    let mut all = by_category;
    all.union(UnionType::All, by_person).union(UnionType::All, by_series);
    Query::select()
        .column(shared.clone())
        .expr_as(Func::sum(Expr::col(weight)), Alias::new("closeness"))
        .from_subquery(all, Alias::new("shared"))
        .group_by_col(shared)
        .to_owned()
}
