//! The shop window: what the home page shows. Each of its lists is the beginning of an index, and the titles of all of them
//! are read at once.

use super::search::{for_sale, published};
use super::shelves::categories;
use super::showcase::{heard_first, sample_of};
use super::summaries::{SummaryRow, assemble};
use super::{AudiobookSummary, Home, Showcase};
use crate::entities::audiobooks::{self, Column, Entity};
use crate::{Db, Result};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use std::cmp::Reverse;
use std::collections::HashMap;
use uuid::Uuid;

/// Titles in each list.
const LIST: u64 = 8;

/// A title, and by what it stands in one list or another.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "audiobooks::Entity")]
struct WindowRow {
    #[sea_orm(nested)]
    title: SummaryRow,
    featured: bool,
    sold_count: i64,
}

/// What is in the window now: six statements.
pub(super) async fn look(db: &Db) -> Result<Home> {
    let found = of_lists(db).await?;
    let heard = heard_first(db).await?;
    let mut rows: Vec<SummaryRow> = found.iter().map(|row| row.title.clone()).collect();
    rows.extend(heard.iter().filter(|heard| found.iter().all(|row| row.title.id != heard.id)).map(SummaryRow::from));
    let titles = assemble(db, rows).await?;
    let titles: HashMap<Uuid, AudiobookSummary> = titles.into_iter().map(|title| (title.id, title)).collect();
    let showcase = match heard {
        Some(heard) => {
            let sample = sample_of(db, &heard).await?;
            titles.get(&heard.id).cloned().zip(sample).map(|(summary, sample)| Showcase { summary, sample })
        }
        None => None,
    };
    let first = |fits: fn(&WindowRow) -> bool, key: fn(&WindowRow) -> i64| -> Vec<AudiobookSummary> {
        let mut rows: Vec<&WindowRow> = found.iter().filter(|row| fits(row)).collect();
        rows.sort_by_key(|row| Reverse((key(row), row.title.id)));
        rows.truncate(usize::try_from(LIST).unwrap_or(usize::MAX));
        rows.into_iter().filter_map(|row| titles.get(&row.title.id).cloned()).collect()
    };
    let published_at = |row: &WindowRow| row.title.published_at.map_or(i64::MIN, |at| at.0);
    Ok(Home {
        showcase,
        featured: first(|row| row.featured, published_at),
        newest: first(|_| true, published_at),
        best_selling: first(|row| row.sold_count > 0, |row| row.sold_count),
        categories: categories(db).await?,
    })
}

/// The titles of all lists. The first of them in the order of a list are the first of the shop, which are among them.
async fn of_lists(db: &Db) -> Result<Vec<WindowRow>> {
    let newest = |titles: Select<Entity>| titles.order_by_desc(Column::PublishedAt).order_by_desc(Column::Id);
    let featured = newest(published().filter(Column::Featured.eq(true)));
    // A title that nobody has bought is not a best-seller.
    let sold = published().filter(Column::SoldCount.gt(0));
    let best_selling = sold.order_by_desc(Column::SoldCount).order_by_desc(Column::Id);
    let mut all = beginning(newest(published()), "found_new");
    all.union(UnionType::Distinct, beginning(featured, "found_featured"));
    all.union(UnionType::Distinct, beginning(best_selling, "found_sold"));
    let mut titles = Entity::find().filter(for_sale(db.backend()));
    let found = Alias::new("found");
    let same = Expr::col((Entity, Column::Id)).equals((found.clone(), Column::Id));
    QuerySelect::query(&mut titles).join_subquery(JoinType::InnerJoin, all, found, same);
    Ok(titles.into_partial_model::<WindowRow>().all(db.read()).await?)
}

/// The ids of the first titles of a list, as a part of a union: in SQLite that has no limit of its own.
fn beginning(titles: Select<Entity>, name: &'static str) -> SelectStatement {
    let first = titles.select_only().column(Column::Id).limit(LIST).into_query();
    Query::select().column((Alias::new(name), Column::Id)).from_subquery(first, Alias::new(name)).to_owned()
}
