//! The titles of a stretch of a list.

use super::narrow::{Access, MOST, condition, published};
use super::order::{by, keys, running};
use super::postings;
use super::stretch::{Picked, PlacedRow, Stretch};
use crate::catalog::search_terms::Sought;
use crate::catalog::{Browse, Sort};
use crate::entities::audiobooks;
use crate::keyset::{Keys, Place};
use crate::{Db, Result, Timestamp};
use sea_orm::sea_query::{Alias, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

/// Names for the parts of a union.
const FOUND: [&str; 4] = ["found_first", "found_second", "found_third", "found_fourth"];

/// Everything for sale, to be counted.
pub fn everything() -> SelectStatement {
    published().select_only().column(audiobooks::Column::Id).limit(MOST + 1).into_query()
}

/// Puts some titles in order, and takes the stretch.
pub async fn sorted(db: &Db, ids: Vec<Uuid>, sort: Sort, stretch: Stretch<'_>) -> Result<Picked> {
    if stretch.offset() >= ids.len() as u64 {
        return Ok(Picked::nothing());
    }
    let now = db.now();
    let keys = keys(sort, now);
    let mut titles = audiobooks::Entity::find().filter(audiobooks::Column::Id.is_in(ids));
    if let Some(place) = stretch.place() {
        titles = titles.filter(keys.beyond(place)?);
    }
    rows(db, keys.order(titles), sort, stretch, now).await
}

/// Goes through the titles in the order of an index until there are enough. For lists of which there are many: the fewer
/// fit, the longer it goes.
pub async fn walk(db: &Db, words: &[Sought], wanted: &Browse, sort: Sort, stretch: Stretch<'_>) -> Result<Picked> {
    if stretch.most() == 0 {
        return Ok(Picked::nothing());
    }
    let now = db.now();
    let mut titles = audiobooks::Entity::find().filter(condition(db.backend(), wanted, now, Access::Order(sort)));
    for (n, word) in words.iter().enumerate() {
        titles =
            titles.filter(postings::has(db.backend(), &Alias::new(format!("word_{n}")), word, postings::at_hand()));
    }
    let most = stretch.offset() + stretch.most();
    let found = after(by_indexes(titles, sort, now), &keys(sort, now), stretch.place(), most)?;
    rows(db, found, sort, stretch, now).await
}

/// The titles after a place, or from the beginning: those that are in parts, each in the order of an index, all together in
/// the order of `keys`. At most `most` of each part are looked at.
///
/// # Errors
/// [`crate::Error::Invalid`] for a place of another list.
pub(crate) fn after(
    parts: Vec<(Select<audiobooks::Entity>, Keys)>,
    keys: &Keys,
    place: Option<&Place>,
    most: u64,
) -> Result<Select<audiobooks::Entity>> {
    let mut ordered = Vec::new();
    for (titles, keys) in parts {
        match place {
            None => ordered.push(keys.order(titles)),
            Some(place) => {
                let stretches = keys.stretches(place)?;
                ordered.extend(stretches.map(|stretch| keys.order(titles.clone().filter(stretch))));
            }
        }
    }
    Ok(match <[_; 1]>::try_from(ordered) {
        Ok([all]) => all,
        Err(parts) => keys.order(among(beginnings(parts, most))),
    })
}

/// What is charged changes when a sale begins or ends, so that no index holds it. Both prices have one: the titles on sale
/// go by one, the others by the other.
fn by_indexes(
    titles: Select<audiobooks::Entity>,
    sort: Sort,
    now: Timestamp,
) -> Vec<(Select<audiobooks::Entity>, Keys)> {
    use audiobooks::Column;
    let order = match sort {
        Sort::PriceUp => Order::Asc,
        Sort::PriceDown => Order::Desc,
        _ => return vec![(titles, keys(sort, now))],
    };
    vec![
        (titles.clone().filter(running(now)), by(Column::ReducedMinor, order.clone())),
        (titles.filter(running(now).not()), by(Column::PriceMinor, order)),
    ]
}

/// The first titles of each part.
fn beginnings(parts: Vec<Select<audiobooks::Entity>>, most: u64) -> SelectStatement {
    let mut parts = parts.into_iter().zip(FOUND).map(|(titles, name)| beginning(titles, name, most));
    let mut all = parts.next().unwrap_or_else(everything);
    for part in parts {
        all.union(UnionType::All, part);
    }
    all
}

async fn rows(
    db: &Db,
    titles: Select<audiobooks::Entity>,
    sort: Sort,
    stretch: Stretch<'_>,
    now: Timestamp,
) -> Result<Picked> {
    let rows = titles.offset(stretch.offset()).limit(stretch.most());
    let rows = rows.into_partial_model::<PlacedRow>().all(db.read()).await?;
    Ok(Picked::rows(rows, stretch, sort, now))
}

/// The ids of the first titles of a list, as a part of a union: in SQLite that has no limit of its own.
pub fn beginning(titles: Select<audiobooks::Entity>, name: &'static str, most: u64) -> SelectStatement {
    let first = titles.select_only().column(audiobooks::Column::Id).limit(most).into_query();
    Query::select().column((Alias::new(name), audiobooks::Column::Id)).from_subquery(first, Alias::new(name)).to_owned()
}

/// The titles with some ids.
pub fn among(ids: SelectStatement) -> Select<audiobooks::Entity> {
    let found = Alias::new("found");
    let same = postings::at_hand().equals((found.clone(), audiobooks::Column::Id));
    let mut titles = audiobooks::Entity::find();
    QuerySelect::query(&mut titles).join_subquery(JoinType::InnerJoin, ids, found, same);
    titles
}
