//! The lists: the beginnings of indexes, read at once.

use super::Discover;
use super::best::{Best, best};
use crate::catalog::search::{MOST, for_sale, published, running};
use crate::catalog::shelves::categories;
use crate::catalog::summaries::{SummaryRow, assemble};
use crate::catalog::{AudiobookSummary, CategoryCount, Status};
use crate::entities::{audiobook_categories, audiobooks, categories as shelves};
use crate::{Db, Error, Result};
use audiobooks::{Column, Entity};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement, SubQueryStatement, UnionType};
use sea_orm::{ColumnTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::HashMap;
use uuid::Uuid;

/// Titles in each list.
const LIST: u64 = 12;

/// What a page is remembered by.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
struct Page(String);

/// A title, and by what it stands in one list or another.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "audiobooks::Entity")]
struct Row {
    #[sea_orm(nested)]
    title: SummaryRow,
    sold_count: i64,
}

/// What is worth a look, in the whole shop or, with the slug of one, in a category; it may be a moment old. Six statements.
///
/// # Errors
/// `NotFound` for a category that is not there or has no title.
pub async fn discover(db: &Db, category: &str) -> Result<Discover> {
    let page = Page(category.to_owned());
    db.alike(page.clone(), || db.copied("discover", &page, || look(db, category))).await
}

async fn look(db: &Db, category: &str) -> Result<Discover> {
    let all = categories(db).await?;
    let all: Vec<CategoryCount> = all.into_iter().filter(|one| one.titles > 0).collect();
    let chosen = all.iter().find(|one| one.category.slug == category);
    if !category.is_empty() && chosen.is_none() {
        return Err(Error::NotFound("category"));
    }
    let shelf = chosen.map(|one| In { slug: &one.category.slug, many: one.titles > MOST });
    let best = best(db, LIST, |id| fitting(id, shelf)).await?;
    let rows = rows(db, &best, shelf).await?;
    let sold: HashMap<Uuid, i64> = rows.iter().map(|row| (row.title.id, row.sold_count)).collect();
    let titles = assemble(db, rows.into_iter().map(|row| row.title).collect()).await?;
    let by_id = |ids: &[Uuid]| -> Vec<AudiobookSummary> {
        ids.iter().filter_map(|id| titles.iter().find(|title| title.id == *id).cloned()).collect()
    };
    let mut of_all_time: Vec<_> = titles.iter().filter(|title| sold.get(&title.id) > Some(&0)).cloned().collect();
    of_all_time.sort_by_key(|title| Reverse((sold.get(&title.id).copied(), title.id)));
    let mut newest = titles.clone();
    newest.sort_by_key(|title| Reverse((title.published_at, title.id)));
    let mut on_sale: Vec<_> = titles.iter().filter(|title| title.price.on_sale()).cloned().collect();
    on_sale.sort_by_key(|title| (title.price.now.minor, title.id));
    for list in [&mut of_all_time, &mut newest, &mut on_sale] {
        list.truncate(usize::try_from(LIST).unwrap_or(usize::MAX));
    }
    Ok(Discover {
        category: chosen.map(|one| one.category.clone()),
        of_the_week: by_id(&best.of_the_week),
        most_finished: by_id(&best.most_finished),
        of_all_time,
        newest,
        on_sale,
        categories: all,
    })
}

/// A category that the lists are narrowed to.
#[derive(Clone, Copy)]
struct In<'a> {
    slug: &'a str,
    /// It has more titles than are counted.
    many: bool,
}

impl In<'_> {
    /// Its titles.
    fn titles(self) -> SelectStatement {
        let named = Query::select()
            .column(shelves::Column::Id)
            .from(shelves::Entity)
            .and_where(shelves::Column::Slug.eq(self.slug))
            .to_owned();
        Query::select()
            .from(audiobook_categories::Entity)
            .and_where(
                audiobook_categories::Column::CategoryId.into_expr().eq(Expr::from(SubQueryStatement::from(named))),
            )
            .to_owned()
    }

    fn of(self) -> Expr {
        Expr::col((audiobook_categories::Entity, audiobook_categories::Column::AudiobookId))
    }
}

/// Finds the title of this id when it is for sale and in the category.
fn fitting(id: Expr, shelf: Option<In<'_>>) -> SelectStatement {
    let known = Alias::new("known");
    let mut title = Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, known.clone())
        .and_where(Expr::col((known.clone(), Column::Id)).eq(id.clone()))
        .and_where(Expr::col((known, Column::Status)).eq(Status::Published))
        .to_owned();
    if let Some(shelf) = shelf {
        let same = shelf.of().eq(id);
        title.and_where(Expr::exists(shelf.titles().expr(Expr::val(1)).and_where(same).to_owned()));
    }
    title
}

/// The titles of all lists. The first of them in the order of a list are the first of the shop, which are among them.
async fn rows(db: &Db, best: &Best, shelf: Option<In<'_>>) -> Result<Vec<Row>> {
    let narrowed = |titles: Select<Entity>| match shelf {
        None => titles,
        // Many: the first of a list are soon found on the way. Few: the list is made of them.
        Some(shelf) if shelf.many => {
            let same = shelf.of().equals((Entity, Column::Id));
            titles.filter(Expr::exists(shelf.titles().expr(Expr::val(1)).and_where(same).to_owned()))
        }
        Some(shelf) => titles.filter(Column::Id.in_subquery(shelf.titles().expr(shelf.of()).to_owned())),
    };
    let newest = narrowed(published()).order_by_desc(Column::PublishedAt).order_by_desc(Column::Id);
    let sold = narrowed(published().filter(Column::SoldCount.gt(0)));
    let sold = sold.order_by_desc(Column::SoldCount).order_by_desc(Column::Id);
    let reduced = narrowed(published().filter(running(db.now())));
    let reduced = reduced.order_by_asc(Column::ReducedMinor).order_by_asc(Column::Id);
    let mut all = beginning(newest, "found_new");
    all.union(UnionType::Distinct, beginning(sold, "found_sold"));
    all.union(UnionType::Distinct, beginning(reduced, "found_reduced"));
    let known: Vec<Uuid> = best.of_the_week.iter().chain(&best.most_finished).copied().collect();
    if !known.is_empty() {
        let known = published().filter(Column::Id.is_in(known)).select_only().column(Column::Id).into_query();
        all.union(UnionType::Distinct, known);
    }
    let mut titles = Entity::find().filter(for_sale(db.backend()));
    let found = Alias::new("found");
    let same = Expr::col((Entity, Column::Id)).equals((found.clone(), Column::Id));
    QuerySelect::query(&mut titles).join_subquery(JoinType::InnerJoin, all, found, same);
    Ok(titles.into_partial_model::<Row>().all(db.read()).await?)
}

/// The ids of the first titles of a list, as a part of a union: in SQLite that has no limit of its own.
fn beginning(titles: Select<Entity>, name: &'static str) -> SelectStatement {
    let first = titles.select_only().column(Column::Id).limit(LIST).into_query();
    Query::select().column((Alias::new(name), Column::Id)).from_subquery(first, Alias::new(name)).to_owned()
}
