//! The admin's list of titles.

use super::{Bounded, Lack, TitleFilter, TitleList, TitleRow, TitleSort, TitleTab};
use crate::catalog::{ContributorRole, Link, Status, search, summaries};
use crate::entities::{audiobook_categories, audiobook_people, audiobooks, categories, production_steps};
use crate::keyset::Keys;
use crate::production::{Step, StepStatus};
use crate::{Db, Error, Money, Page, PageRequest, Result, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, DerivePartialModel, EntityTrait, Order, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, Select, Statement,
};
use std::collections::HashMap;
use uuid::Uuid;

use audiobooks::Column;

/// Each language of each status is one step in the index, however many titles have it.
const LANGUAGES: &str = "WITH RECURSIVE spoken AS (
    SELECT statuses.status AS status,
        (SELECT MIN(language) FROM audiobooks WHERE audiobooks.status = statuses.status) AS language
    FROM (SELECT 'draft' AS status UNION ALL SELECT 'published' UNION ALL SELECT 'archived') AS statuses
    UNION ALL
    SELECT spoken.status, (SELECT MIN(language) FROM audiobooks
        WHERE audiobooks.status = spoken.status AND audiobooks.language > spoken.language)
    FROM spoken WHERE spoken.language IS NOT NULL
) SELECT DISTINCT language FROM spoken WHERE language IS NOT NULL ORDER BY language";

/// A page of the titles that fit, in the order that is asked for. However many there are, no more are counted than is said.
pub async fn list(db: &Db, filter: &TitleFilter, sort: TitleSort, request: PageRequest) -> Result<TitleList> {
    let tabs = tabs(db, filter).await?;
    let total = tabs.iter().find(|(tab, _)| *tab == filter.tab).map_or(Bounded(0), |(_, count)| *count);
    let fitting = match few(db, filter, total).await? {
        Some(few) => few,
        None => fitting(db.backend(), filter, db.now()),
    };
    let fitting = keys(sort).order(fitting);
    // One more than a page tells whether there is another.
    let wanted = fitting.offset(request.offset()).limit(u64::from(request.size) + 1);
    let mut found = wanted.into_partial_model::<Listed>().all(db.read()).await?;
    let further = found.len() > request.size as usize;
    found.truncate(request.size as usize);
    let counted = Page::<()>::new(Vec::new(), total.0, request).count();
    let pages = if further { std::cmp::max(counted, request.number + 1) } else { counted };
    Ok(TitleList {
        rows: rows(db, found).await?,
        number: request.number,
        pages,
        tabs,
        total,
        categories: all_categories(db).await?,
        languages: languages(db).await?,
        key: Uuid::now_v7(),
    })
}

/// Few titles are found first and put in order then: in the order of an index the search for the last of them goes through
/// every title. `None` where there are many.
pub(super) async fn few(db: &Db, filter: &TitleFilter, total: Bounded) -> Result<Option<Select<audiobooks::Entity>>> {
    if total.more() || *filter == TitleFilter::default() {
        return Ok(None);
    }
    let ids = fitting(db.backend(), filter, db.now()).select_only().column(Column::Id).limit(Bounded::MOST);
    let ids: Vec<Uuid> = ids.into_tuple().all(db.read()).await?;
    Ok(Some(audiobooks::Entity::find().filter(Column::Id.is_in(ids))))
}

/// The titles that were begun last, at most `most`.
pub async fn latest(db: &Db, most: u64) -> Result<Vec<TitleRow>> {
    let newest = keys(TitleSort::Newest).order(audiobooks::Entity::find()).limit(most);
    rows(db, newest.into_partial_model::<Listed>().all(db.read()).await?).await
}

/// What a row needs of a title: all but the description.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "audiobooks::Entity")]
pub(super) struct Listed {
    pub id: Uuid,
    slug: String,
    title: String,
    pub sort_title: String,
    status: Status,
    priced: bool,
    pub price_minor: i64,
    currency: String,
    reduced_minor: Option<i64>,
    reduced_starts_at: Option<Timestamp>,
    reduced_ends_at: Option<Timestamp>,
    duration_ms: i64,
    pub sold_count: i64,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    publish_at: Option<Timestamp>,
    publish_failure: Option<String>,
}

/// The titles that fit, without an order.
pub(super) fn fitting(backend: DbBackend, filter: &TitleFilter, now: Timestamp) -> Select<audiobooks::Entity> {
    let query = search::with_words(audiobooks::Entity::find(), &filter.text);
    let mut all = Condition::all();
    all = match filter.tab {
        TitleTab::All => all,
        TitleTab::Draft => all.add(Column::Status.eq(Status::Draft)),
        // Nearly all are: what a title lacks is looked for in the table and not by way of an index.
        TitleTab::Published if filter.lacks.is_some() => {
            all.add(search::checked(backend, column(Column::Status), "").eq(Status::Published))
        }
        TitleTab::Published => all.add(Column::Status.eq(Status::Published)),
        TitleTab::Archived => all.add(Column::Status.eq(Status::Archived)),
        TitleTab::Scheduled => all.add(Column::PublishAt.is_not_null()),
        TitleTab::Attention => all.add(Column::Id.in_subquery(stuck())),
    };
    if !filter.category.is_empty() {
        all = all.add(Column::Id.in_subquery(shelved(&filter.category)));
    }
    if !filter.language.is_empty() {
        all = all.add(Column::Language.eq(&filter.language));
    }
    if filter.reduced {
        all = all
            .add(Column::ReducedMinor.is_not_null())
            .add(Expr::col((audiobooks::Entity, Column::ReducedMinor)).lt(column(Column::PriceMinor)))
            .add(Column::ReducedStartsAt.is_null().or(Column::ReducedStartsAt.lte(now)))
            .add(Column::ReducedEndsAt.is_null().or(Column::ReducedEndsAt.gt(now)));
    }
    if let Some(lack) = filter.lacks {
        all = all.add(match lack {
            Lack::Price => Column::Priced.eq(false),
            Lack::Description => Column::Description.eq(""),
            Lack::Audio => Column::DurationMs.eq(0),
            Lack::Category => Expr::exists(of_title(
                Query::select().from(audiobook_categories::Entity),
                (audiobook_categories::Entity, audiobook_categories::Column::AudiobookId),
            ))
            .not(),
            Lack::Author => Expr::exists(of_title(
                Query::select()
                    .from(audiobook_people::Entity)
                    .and_where(audiobook_people::Column::Role.eq(ContributorRole::Author)),
                (audiobook_people::Entity, audiobook_people::Column::AudiobookId),
            ))
            .not(),
        });
    }
    query.filter(all)
}

fn column(column: Column) -> Expr {
    Expr::col((audiobooks::Entity, column))
}

/// The rows of another table that belong to the title at hand.
fn of_title(rows: &mut SelectStatement, owner: impl sea_orm::sea_query::IntoColumnRef) -> SelectStatement {
    rows.expr(Expr::val(1)).and_where(Expr::col(owner).equals((audiobooks::Entity, Column::Id))).to_owned()
}

/// Titles with a step that failed or waits for a person.
fn stuck() -> SelectStatement {
    production_steps::Entity::find()
        .select_only()
        .column(production_steps::Column::AudiobookId)
        .filter(production_steps::Column::Status.is_in([StepStatus::Failed, StepStatus::Blocked]))
        .into_query()
}

/// Titles in a category.
fn shelved(slug: &str) -> SelectStatement {
    let category = categories::Entity::find()
        .select_only()
        .column(categories::Column::Id)
        .filter(categories::Column::Slug.eq(slug))
        .into_query();
    audiobook_categories::Entity::find()
        .select_only()
        .column(audiobook_categories::Column::AudiobookId)
        .filter(audiobook_categories::Column::CategoryId.in_subquery(category))
        .into_query()
}

/// The id comes last, so that no two pages share a title or miss one.
pub(super) fn keys(sort: TitleSort) -> Keys {
    let number = |by, order| Keys::number(column(by), column(Column::Id), order);
    match sort {
        TitleSort::Newest => number(Column::CreatedAt, Order::Desc),
        TitleSort::Title => Keys::text(column(Column::SortTitle), column(Column::Id), Order::Asc),
        TitleSort::Cheapest => number(Column::PriceMinor, Order::Asc),
        TitleSort::Dearest => number(Column::PriceMinor, Order::Desc),
        TitleSort::Sold => number(Column::SoldCount, Order::Desc),
        TitleSort::Changed => number(Column::UpdatedAt, Order::Desc),
    }
}

/// How many fit under each tab.
async fn tabs(db: &Db, filter: &TitleFilter) -> Result<Vec<(TitleTab, Bounded)>> {
    let counted = TitleTab::ALL.map(|(tab, ..)| tab).into_iter().filter(|tab| *tab != TitleTab::All);
    let under = |tab| some(fitting(db.backend(), &TitleFilter { tab, ..filter.clone() }, db.now()));
    let counts = search::bounded(db, counted.clone().map(under).collect()).await?;
    let mut tabs: Vec<(TitleTab, Bounded)> = counted.zip(counts.into_iter().map(Bounded)).collect();
    // Every title has one of the three statuses.
    let statuses = [TitleTab::Draft, TitleTab::Published, TitleTab::Archived];
    let all = tabs.iter().filter(|(tab, _)| statuses.contains(tab)).map(|(_, count)| count.0).sum::<u64>();
    tabs.insert(0, (TitleTab::All, Bounded(std::cmp::min(all, Bounded::MOST + 1))));
    Ok(tabs)
}

/// As many of some titles as are counted.
pub(super) fn some(titles: Select<audiobooks::Entity>) -> SelectStatement {
    titles.select_only().column(Column::Id).limit(Bounded::MOST + 1).into_query()
}

pub(super) async fn rows(db: &Db, found: Vec<Listed>) -> Result<Vec<TitleRow>> {
    let ids: Vec<Uuid> = found.iter().map(|title| title.id).collect();
    let mut people = summaries::contributors_of(db.read(), &ids).await?;
    let mut steps = steps_of(db, &ids).await?;
    let now = db.now();
    let mut rows = Vec::with_capacity(found.len());
    for title in found {
        let currency = title.currency.parse().map_err(|error| Error::Damaged(format!("{error}")))?;
        let (authors, _) = people.remove(&title.id).unwrap_or_default();
        let running = title.reduced_starts_at.is_none_or(|start| start <= now)
            && title.reduced_ends_at.is_none_or(|end| now < end);
        let sale = title.reduced_minor.filter(|minor| running && *minor < title.price_minor);
        rows.push(TitleRow {
            id: title.id,
            slug: title.slug,
            title: title.title,
            authors: authors.into_iter().map(|author| author.name).collect(),
            status: title.status,
            price: title.priced.then_some(Money::new(title.price_minor, currency)),
            sale: sale.map(|minor| Money::new(minor, currency)),
            duration_ms: title.duration_ms,
            sold: title.sold_count,
            updated_at: title.updated_at,
            publish_at: title.publish_at,
            publish_failed: title.publish_failure.is_some(),
            step: steps.remove(&title.id).and_then(|steps| current_step(&steps)),
        });
    }
    Ok(rows)
}

async fn all_categories(db: &Db) -> Result<Vec<(Uuid, Link)>> {
    let all = categories::Entity::find()
        .order_by_asc(categories::Column::Position)
        .order_by_asc(categories::Column::Slug)
        .all(db.read())
        .await?;
    Ok(all.into_iter().map(|row| (row.id, Link { slug: row.slug, name: row.name })).collect())
}

/// The languages of all titles.
async fn languages(db: &Db) -> Result<Vec<String>> {
    let rows = db.read().query_all_raw(Statement::from_string(db.backend(), LANGUAGES)).await?;
    rows.iter().map(|row| Ok(row.try_get_by_index(0)?)).collect()
}

async fn steps_of(db: &Db, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<(Step, StepStatus)>>> {
    let mut found: HashMap<Uuid, Vec<(Step, StepStatus)>> = HashMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    let rows: Vec<(Uuid, Step, StepStatus)> = production_steps::Entity::find()
        .select_only()
        .column(production_steps::Column::AudiobookId)
        .column(production_steps::Column::Step)
        .column(production_steps::Column::Status)
        .filter(production_steps::Column::AudiobookId.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db.read())
        .await?;
    for (id, step, status) in rows {
        found.entry(id).or_default().push((step, status));
    }
    Ok(found)
}

/// The first step that is not done, or the last one when all are.
fn current_step(steps: &[(Step, StepStatus)]) -> Option<(Step, StepStatus)> {
    let in_order = Step::ALL.iter().filter_map(|step| steps.iter().find(|(known, _)| known == step));
    let mut last = None;
    for (step, status) in in_order {
        last = Some((*step, *status));
        if *status != StepStatus::Done {
            break;
        }
    }
    last
}
