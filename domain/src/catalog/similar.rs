//! Titles like another one.

use super::search::for_sale;
use super::summaries::{SummaryRow, assemble};
use super::{AudiobookSummary, Status};
use crate::entities::{audiobook_categories, audiobook_people, audiobooks};
use crate::{Db, Result};
use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, JoinType, Query, SelectStatement, SubQueryStatement, UnionType,
};
use sea_orm::{ColumnTrait, DbBackend, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

/// Categories that a title has at most.
const CATEGORIES: u64 = 3;
/// Titles that are looked at: the best-selling of the shop, the newest of each category, and those of the same people or
/// series. Of a shop with fewer that is all; in a larger one nobody misses the rest.
const BEST_SELLING: u64 = 300;
const OF_CATEGORY: u64 = 100;
const OF_PEOPLE: u64 = 100;
const OF_SERIES: u64 = 50;

/// Published titles like this one, the closest first.
pub async fn more_like_this(db: &Db, id: Uuid, limit: u64) -> Result<Vec<AudiobookSummary>> {
    assemble(db, rows_like(db, id, limit).await?).await
}

/// Published titles that share a series, people or categories with this one, the closest first and among equals the
/// best-selling: a series counts 4, people 3, each category 2.
async fn rows_like(db: &Db, id: Uuid, limit: u64) -> Result<Vec<SummaryRow>> {
    let titles = closest_first(among(db.backend(), id, candidates(id)), id).limit(limit.clamp(0, 100));
    Ok(titles.into_partial_model::<SummaryRow>().all(db.read()).await?)
}

/// Those of some titles that are for sale, without this one.
pub(super) fn among(backend: DbBackend, id: Uuid, candidates: SelectStatement) -> Select<audiobooks::Entity> {
    let mut titles = audiobooks::Entity::find().filter(for_sale(backend)).filter(audiobooks::Column::Id.ne(id));
    let kin = Alias::new("kin");
    let same = of_title(audiobooks::Column::Id).equals((kin.clone(), Alias::new("id")));
    QuerySelect::query(&mut titles).join_subquery(JoinType::InnerJoin, candidates, kin, same);
    titles
}

/// The closest first, and among equals the best-selling.
pub(super) fn closest_first(titles: Select<audiobooks::Entity>, id: Uuid) -> Select<audiobooks::Entity> {
    titles
        .order_by(closeness(id), Order::Desc)
        .order_by_desc(audiobooks::Column::SoldCount)
        .order_by_desc(audiobooks::Column::Id)
}

pub(super) fn of_title(column: audiobooks::Column) -> Expr {
    Expr::col((audiobooks::Entity, column))
}

fn subquery(query: SelectStatement) -> Expr {
    Expr::from(SubQueryStatement::from(query))
}

/// The series of a title, beside others of the same table.
fn series_of(id: Uuid) -> SelectStatement {
    let this = Alias::new("this_title");
    Query::select()
        .column((this.clone(), audiobooks::Column::SeriesId))
        .from_as(audiobooks::Entity, this.clone())
        .and_where(Expr::col((this, audiobooks::Column::Id)).eq(id))
        .to_owned()
}

fn people_of(id: Uuid) -> SelectStatement {
    Query::select()
        .column(audiobook_people::Column::PersonId)
        .from(audiobook_people::Entity)
        .and_where(audiobook_people::Column::AudiobookId.eq(id))
        .to_owned()
}

fn categories_of(id: Uuid) -> SelectStatement {
    Query::select()
        .column(audiobook_categories::Column::CategoryId)
        .from(audiobook_categories::Entity)
        .and_where(audiobook_categories::Column::AudiobookId.eq(id))
        .to_owned()
}

/// Titles that share something with a title, each once.
pub(super) fn candidates(id: Uuid) -> SelectStatement {
    let mut all = best_selling(id);
    for place in 0..CATEGORIES {
        all.union(UnionType::Distinct, of_category(id, place));
    }
    all.union(UnionType::Distinct, within(by_people(id), "kin_people"));
    all.union(UnionType::Distinct, within(in_series(id), "kin_series"));
    all
}

/// A part of a union may have no limit of its own in SQLite, but what it selects from may.
fn within(limited: SelectStatement, name: &'static str) -> SelectStatement {
    Query::select().column((Alias::new(name), Alias::new("id"))).from_subquery(limited, Alias::new(name)).to_owned()
}

/// Those of the best-selling titles of the shop that share a category.
fn best_selling(id: Uuid) -> SelectStatement {
    use audiobooks::Column;
    let best = Query::select()
        .expr_as(of_title(Column::Id), Alias::new("id"))
        .from(audiobooks::Entity)
        .and_where(Column::Status.eq(Status::Published))
        .order_by((audiobooks::Entity, Column::SoldCount), Order::Desc)
        .order_by((audiobooks::Entity, Column::Id), Order::Desc)
        .limit(BEST_SELLING)
        .to_owned();
    let found = Alias::new("kin_best");
    let shelf = Query::select()
        .expr(Expr::val(1))
        .from(audiobook_categories::Entity)
        .and_where(audiobook_categories::Column::AudiobookId.into_expr().equals((found.clone(), Alias::new("id"))))
        .and_where(audiobook_categories::Column::CategoryId.in_subquery(categories_of(id)))
        .to_owned();
    within(best, "kin_best").and_where(Expr::exists(shelf)).to_owned()
}

/// The newest titles of one of the categories of a title.
fn of_category(id: Uuid, place: u64) -> SelectStatement {
    use audiobook_categories::Column;
    let category = categories_of(id)
        .order_by(Column::Position, Order::Asc)
        .order_by(Column::CategoryId, Order::Asc)
        .limit(1)
        .offset(place)
        .to_owned();
    let newest = Query::select()
        .expr_as(Expr::col(Column::AudiobookId), Alias::new("id"))
        .from(audiobook_categories::Entity)
        // Equal to the one category, not in a list: SQLite would go through all titles for that.
        .and_where(Expr::col(Column::CategoryId).eq(subquery(category)))
        .order_by(Column::AudiobookId, Order::Desc)
        .limit(OF_CATEGORY)
        .to_owned();
    within(newest, "kin_shelf")
}

fn by_people(id: Uuid) -> SelectStatement {
    use audiobook_people::Column;
    Query::select()
        .expr_as(Expr::col(Column::AudiobookId), Alias::new("id"))
        .from(audiobook_people::Entity)
        .and_where(Column::PersonId.in_subquery(people_of(id)))
        .limit(OF_PEOPLE)
        .to_owned()
}

fn in_series(id: Uuid) -> SelectStatement {
    use audiobooks::Column;
    Query::select()
        .expr_as(Expr::col(Column::Id), Alias::new("id"))
        .from(audiobooks::Entity)
        .and_where(Expr::col(Column::SeriesId).eq(subquery(series_of(id))))
        // The order of the index: SQLite would go through all titles where most have no series.
        .order_by(Column::SeriesPosition, Order::Asc)
        .limit(OF_SERIES)
        .to_owned()
}

/// How much a title at hand shares with another one.
fn closeness(id: Uuid) -> Expr {
    let shelves = Alias::new("its_shelves");
    let shared = Query::select()
        .expr(Expr::val(1).count())
        .from_as(audiobook_categories::Entity, shelves.clone())
        .and_where(
            Expr::col((shelves.clone(), audiobook_categories::Column::AudiobookId))
                .equals((audiobooks::Entity, audiobooks::Column::Id)),
        )
        .and_where(Expr::col((shelves, audiobook_categories::Column::CategoryId)).in_subquery(categories_of(id)))
        .to_owned();
    let people = Alias::new("its_people");
    let known = Query::select()
        .expr(Expr::val(1))
        .from_as(audiobook_people::Entity, people.clone())
        .and_where(
            Expr::col((people.clone(), audiobook_people::Column::AudiobookId))
                .equals((audiobooks::Entity, audiobooks::Column::Id)),
        )
        .and_where(Expr::col((people, audiobook_people::Column::PersonId)).in_subquery(people_of(id)))
        .to_owned();
    let of_people: Expr = CaseStatement::new().case(Expr::exists(known), Expr::val(3)).finally(Expr::val(0)).into();
    let same_series = of_title(audiobooks::Column::SeriesId).eq(subquery(series_of(id)));
    let of_series: Expr = CaseStatement::new().case(same_series, Expr::val(4)).finally(Expr::val(0)).into();
    subquery(shared).mul(2).add(of_people).add(of_series)
}
