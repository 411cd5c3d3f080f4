//! The shop window: what the home page shows. Each of its lists is the beginning of an index, and the titles of all of them
//! are read at once.

use super::sampled::{Sampled, can_be_heard};
use super::search::{among, beginning, for_sale, published};
use super::shelves::categories;
use super::summaries::{SummaryRow, assemble};
use super::{AudiobookSummary, Home, Showcase};
use crate::entities::audiobooks::{self, Column, Entity};
use crate::transcript::segments;
use crate::{Db, Result};
use sea_orm::sea_query::UnionType;
use sea_orm::{ColumnTrait, DerivePartialModel, QueryFilter, QueryOrder, Select};
use std::cmp::Reverse;
use std::collections::HashMap;
use uuid::Uuid;

/// Titles in each list.
const LIST: u64 = 8;
/// Of so many of the newest titles, the first that can be heard is shown. In a shop where none can, all would be looked at.
const HEARD_AMONG: u64 = 500;

/// A title, and by what it stands in one list or another.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "audiobooks::Entity")]
struct WindowRow {
    #[sea_orm(nested)]
    title: SummaryRow,
    #[sea_orm(nested)]
    sampled: Sampled,
    featured: bool,
    sold_count: i64,
    #[sea_orm(from_expr = "can_be_heard()")]
    heard: bool,
}

/// What is in the window now: six statements.
pub(super) async fn look(db: &Db) -> Result<Home> {
    let found = of_lists(db).await?;
    let rows: Vec<SummaryRow> = found.iter().map(|row| row.title.clone()).collect();
    let titles = assemble(db, rows).await?;
    let titles: HashMap<Uuid, AudiobookSummary> = titles.into_iter().map(|title| (title.id, title)).collect();
    let showcase = match heard_first(&found) {
        Some(heard) => {
            let segments = match heard.sampled.read() {
                Some((from_ms, to_ms)) => segments::cut(db, heard.title.id, from_ms, to_ms).await?,
                None => Vec::new(),
            };
            let sample = heard.sampled.saying(segments).filter(|sample| !sample.segments.is_empty());
            titles.get(&heard.title.id).cloned().zip(sample).map(|(summary, sample)| Showcase { summary, sample })
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

/// The newest title that can be heard and read along with: of those that the shop puts forward, or else of the newest.
fn heard_first(found: &[WindowRow]) -> Option<&WindowRow> {
    let heard = found.iter().filter(|row| row.heard);
    heard.max_by_key(|row| (row.featured, row.title.published_at, row.title.id))
}

/// The titles of all lists, and those that may be heard first. The first of them in the order of a list are the first of the
/// shop, which are among them.
async fn of_lists(db: &Db) -> Result<Vec<WindowRow>> {
    let newest = |titles: Select<Entity>| titles.order_by_desc(Column::PublishedAt).order_by_desc(Column::Id);
    let featured = newest(published().filter(Column::Featured.eq(true)));
    // A title that nobody has bought is not a best-seller.
    let sold = published().filter(Column::SoldCount.gt(0));
    let best_selling = sold.order_by_desc(Column::SoldCount).order_by_desc(Column::Id);
    let heard_featured = newest(published().filter(can_be_heard()).filter(Column::Featured.eq(true)));
    let recent = among(beginning(newest(published()), "recent", HEARD_AMONG));
    let mut all = beginning(newest(published()), "found_new", LIST);
    all.union(UnionType::Distinct, beginning(featured, "found_featured", LIST));
    all.union(UnionType::Distinct, beginning(best_selling, "found_sold", LIST));
    all.union(UnionType::Distinct, beginning(newest(recent.filter(can_be_heard())), "found_heard", 1));
    all.union(UnionType::Distinct, beginning(heard_featured, "found_heard_featured", 1));
    let titles = among(all).filter(for_sale(db.backend()));
    Ok(titles.into_partial_model::<WindowRow>().all(db.read()).await?)
}
