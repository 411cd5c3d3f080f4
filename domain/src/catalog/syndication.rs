//! What machines read of the shop: every address that can be found, and lists of titles with their descriptions.

use super::browse::{PAGE_SIZE, browse};
use super::{AudiobookSummary, Browse, Link, Status, search};
use crate::db::BATCH;
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, categories, people, series};
use crate::{Db, Error, Page, Result, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::HashMap;
use uuid::Uuid;

/// Titles in a feed.
const FEED: u64 = 50;

/// What has a page of its own that anyone may find.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    Title,
    Person,
    Series,
    Category,
}

impl PageKind {
    pub const ALL: [Self; 4] = [Self::Title, Self::Person, Self::Series, Self::Category];
}

/// A page that anyone may find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicPage {
    pub slug: String,
    /// When what it shows was last changed, where that is known.
    pub changed_at: Option<Timestamp>,
}

/// A title as readers of feeds and catalogues get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    pub summary: AudiobookSummary,
    /// Paragraphs separated by blank lines.
    pub description: String,
    pub has_sample: bool,
    pub changed_at: Timestamp,
}

/// Which titles a feed is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedOf<'a> {
    Everything,
    /// By slug.
    Category(&'a str),
    /// An author or narrator, by slug.
    Contributor(&'a str),
}

/// How many pages of a kind can be found.
pub async fn count_of_pages(db: &Db, kind: PageKind) -> Result<u64> {
    Ok(match kind {
        PageKind::Title => published().count(db.read()).await?,
        PageKind::Person => people_for_sale().count(db.read()).await?,
        PageKind::Series => series_for_sale().count(db.read()).await?,
        PageKind::Category => categories_for_sale().count(db.read()).await?,
    })
}

/// The pages of a kind that can be found, `most` after the first `skipped`. What is added later comes last.
pub async fn pages(db: &Db, kind: PageKind, skipped: u64, most: u64) -> Result<Vec<PublicPage>> {
    let dated: Vec<(String, Option<i64>)> = match kind {
        PageKind::Title => {
            let titles = published()
                .select_only()
                .columns([audiobooks::Column::Slug, audiobooks::Column::UpdatedAt])
                .order_by_asc(audiobooks::Column::PublishedAt)
                .order_by_asc(audiobooks::Column::Id);
            titles.offset(skipped).limit(most).into_tuple().all(db.read()).await?
        }
        PageKind::Person => {
            let slugs = people_for_sale().select_only().column(people::Column::Slug).order_by_asc(people::Column::Id);
            undated(slugs.offset(skipped).limit(most).into_tuple().all(db.read()).await?)
        }
        PageKind::Series => {
            let slugs = series_for_sale().select_only().column(series::Column::Slug).order_by_asc(series::Column::Id);
            undated(slugs.offset(skipped).limit(most).into_tuple().all(db.read()).await?)
        }
        PageKind::Category => {
            let slugs = categories_for_sale()
                .select_only()
                .column(categories::Column::Slug)
                .order_by_asc(categories::Column::Id);
            undated(slugs.offset(skipped).limit(most).into_tuple().all(db.read()).await?)
        }
    };
    let page = |(slug, at): (String, Option<i64>)| PublicPage { slug, changed_at: at.map(Timestamp) };
    Ok(dated.into_iter().map(page).collect())
}

/// The newest published titles, with the name of what they are the newest of; `None` for the whole shop.
///
/// # Errors
/// [`Error::NotFound`] when there is no such category or person.
pub async fn newest(db: &Db, of: FeedOf<'_>) -> Result<(Option<Link>, Vec<Publication>)> {
    let (about, titles) = match of {
        FeedOf::Everything => (None, published()),
        FeedOf::Category(slug) => {
            let found = categories::Entity::find().filter(categories::Column::Slug.eq(slug)).one(db.read()).await?;
            let category = found.ok_or(Error::NotFound("category"))?;
            let link = Link { slug: category.slug, name: category.name };
            (Some(link), published().filter(audiobooks::Column::Id.in_subquery(titles_in(category.id))))
        }
        FeedOf::Contributor(slug) => {
            let found = people::Entity::find().filter(people::Column::Slug.eq(slug)).one(db.read()).await?;
            let person = found.ok_or(Error::NotFound("person"))?;
            let link = Link { slug: person.slug, name: person.name };
            (Some(link), published().filter(audiobooks::Column::Id.in_subquery(titles_by(person.id))))
        }
    };
    let newest = titles
        .order_by_desc(audiobooks::Column::PublishedAt)
        .order_by_desc(audiobooks::Column::Id)
        .limit(FEED)
        .select_only()
        .column(audiobooks::Column::Id);
    let ids: Vec<Uuid> = newest.into_tuple().all(db.read()).await?;
    let mut summaries = super::browse::summaries(db, &ids).await?;
    let in_order = ids.iter().filter_map(|id| summaries.remove(id)).collect();
    Ok((about, described(db, in_order).await?))
}

/// A page of the catalogue, each title with its description.
///
/// # Errors
/// As [`browse`].
pub async fn publications(db: &Db, wanted: &Browse) -> Result<Page<Publication>> {
    let Page { items, total, number, size } = browse(db, wanted).await?;
    debug_assert_eq!(size, PAGE_SIZE);
    Ok(Page { items: described(db, items).await?, total, number, size })
}

/// One published title.
///
/// # Errors
/// [`Error::NotFound`] when there is none of that slug, or it is not for sale.
pub async fn publication(db: &Db, slug: &str) -> Result<Publication> {
    let found = published().filter(audiobooks::Column::Slug.eq(slug)).select_only().column(audiobooks::Column::Id);
    let id: Uuid = found.into_tuple().one(db.read()).await?.ok_or(Error::NotFound("title"))?;
    let summaries = super::browse::summaries(db, &[id]).await?.into_values().collect();
    described(db, summaries).await?.pop().ok_or(Error::NotFound("title"))
}

/// Adds what lists leave out. A title that goes meanwhile is left out.
async fn described(db: &Db, summaries: Vec<AudiobookSummary>) -> Result<Vec<Publication>> {
    let mut more: HashMap<Uuid, (String, Option<String>, i64)> = HashMap::with_capacity(summaries.len());
    let ids: Vec<Uuid> = summaries.iter().map(|summary| summary.id).collect();
    for batch in ids.chunks(BATCH) {
        use audiobooks::Column;
        let rows: Vec<(Uuid, String, Option<String>, i64)> = audiobooks::Entity::find()
            .select_only()
            .columns([Column::Id, Column::Description, Column::SampleKey, Column::UpdatedAt])
            .filter(Column::Id.is_in(batch.iter().copied()))
            .into_tuple()
            .all(db.read())
            .await?;
        more.extend(rows.into_iter().map(|(id, description, sample, at)| (id, (description, sample, at))));
    }
    let whole = summaries.into_iter().filter_map(|summary| {
        let (description, sample, at) = more.remove(&summary.id)?;
        Some(Publication { summary, description, has_sample: sample.is_some(), changed_at: Timestamp(at) })
    });
    Ok(whole.collect())
}

fn published() -> Select<audiobooks::Entity> {
    search::published()
}

/// Authors and narrators of something that is for sale.
fn people_for_sale() -> Select<people::Entity> {
    let theirs = on_sale(audiobook_people::Entity, audiobook_people::Column::AudiobookId)
        .and_where(
            Expr::col((audiobook_people::Entity, audiobook_people::Column::PersonId))
                .equals((people::Entity, people::Column::Id)),
        )
        .to_owned();
    people::Entity::find().filter(Expr::exists(theirs))
}

fn series_for_sale() -> Select<series::Entity> {
    let its = Query::select()
        .expr(Expr::val(1))
        .from(audiobooks::Entity)
        .and_where(audiobooks::Column::Status.eq(Status::Published))
        .and_where(
            Expr::col((audiobooks::Entity, audiobooks::Column::SeriesId)).equals((series::Entity, series::Column::Id)),
        )
        .to_owned();
    series::Entity::find().filter(Expr::exists(its))
}

fn categories_for_sale() -> Select<categories::Entity> {
    let its = on_sale(audiobook_categories::Entity, audiobook_categories::Column::AudiobookId)
        .and_where(
            Expr::col((audiobook_categories::Entity, audiobook_categories::Column::CategoryId))
                .equals((categories::Entity, categories::Column::Id)),
        )
        .to_owned();
    categories::Entity::find().filter(Expr::exists(its))
}

/// Rows of `links` whose title is published.
fn on_sale<E, C>(links: E, title: C) -> SelectStatement
where
    E: EntityTrait + sea_orm::Iden,
    C: ColumnTrait + sea_orm::Iden,
{
    Query::select()
        .expr(Expr::val(1))
        .from(links)
        .inner_join(audiobooks::Entity, Expr::col((audiobooks::Entity, audiobooks::Column::Id)).equals((links, title)))
        .and_where(audiobooks::Column::Status.eq(Status::Published))
        .to_owned()
}

fn titles_in(category: Uuid) -> SelectStatement {
    Query::select()
        .column(audiobook_categories::Column::AudiobookId)
        .from(audiobook_categories::Entity)
        .and_where(audiobook_categories::Column::CategoryId.eq(category))
        .to_owned()
}

fn titles_by(person: Uuid) -> SelectStatement {
    Query::select()
        .column(audiobook_people::Column::AudiobookId)
        .from(audiobook_people::Entity)
        .and_where(audiobook_people::Column::PersonId.eq(person))
        .to_owned()
}

fn undated(slugs: Vec<String>) -> Vec<(String, Option<i64>)> {
    slugs.into_iter().map(|slug| (slug, None)).collect()
}
