//! The titles of one page.

use super::narrow::{Access, MOST, condition, published};
use super::order::{charged, ordered, running};
use super::postings;
use crate::catalog::search_terms::Sought;
use crate::catalog::summaries::SummaryRow;
use crate::catalog::{Browse, Sort};
use crate::entities::audiobooks;
use crate::{Db, PageRequest, Result};
use sea_orm::sea_query::{Alias, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

/// The titles of a page, in order: read already, or to be read.
#[derive(Debug)]
pub enum Picked {
    Rows(Vec<SummaryRow>),
    Ids(Vec<Uuid>),
}

/// Everything for sale, to be counted.
pub fn everything() -> SelectStatement {
    published().select_only().column(audiobooks::Column::Id).limit(MOST + 1).into_query()
}

/// The page of a list that is in order already.
pub fn slice(ids: &[Uuid], request: PageRequest) -> Picked {
    let begin = usize::try_from(request.offset()).unwrap_or(usize::MAX);
    Picked::Ids(ids.iter().skip(begin).take(request.size as usize).copied().collect())
}

/// Puts some titles in order, and takes the page.
pub async fn sorted(db: &Db, ids: Vec<Uuid>, sort: Sort, request: PageRequest) -> Result<Picked> {
    if request.offset() >= ids.len() as u64 {
        return Ok(Picked::Rows(Vec::new()));
    }
    let titles = audiobooks::Entity::find().filter(audiobooks::Column::Id.is_in(ids));
    rows(db, ordered(titles, sort, db.now()), request.offset(), u64::from(request.size)).await
}

/// Goes through the titles in the order of an index until the page is full. For lists of which there are many: the fewer
/// fit, the longer it goes. Nothing beyond the first [`MOST`] is shown.
pub async fn walk(db: &Db, words: &[Sought], wanted: &Browse, sort: Sort, request: PageRequest) -> Result<Picked> {
    let most = Ord::min(u64::from(request.size), MOST.saturating_sub(request.offset()));
    if most == 0 {
        return Ok(Picked::Rows(Vec::new()));
    }
    let mut titles = audiobooks::Entity::find().filter(condition(db.backend(), wanted, db.now(), Access::Order(sort)));
    for (n, word) in words.iter().enumerate() {
        titles =
            titles.filter(postings::has(db.backend(), &Alias::new(format!("word_{n}")), word, postings::at_hand()));
    }
    match sort {
        Sort::PriceUp => by_price(db, titles, Order::Asc, request.offset(), most).await,
        Sort::PriceDown => by_price(db, titles, Order::Desc, request.offset(), most).await,
        _ => rows(db, ordered(titles, sort, db.now()), request.offset(), most).await,
    }
}

async fn rows(db: &Db, titles: Select<audiobooks::Entity>, offset: u64, most: u64) -> Result<Picked> {
    Ok(Picked::Rows(titles.offset(offset).limit(most).into_partial_model::<SummaryRow>().all(db.read()).await?))
}

/// What is charged changes when a sale begins or ends, so that no index holds it. Both prices have one: the first titles on
/// sale by one, the first of the others by the other, and of those the page.
async fn by_price(db: &Db, titles: Select<audiobooks::Entity>, order: Order, offset: u64, most: u64) -> Result<Picked> {
    use audiobooks::Column;
    let now = db.now();
    let by = |titles: Select<audiobooks::Entity>, price: Column| {
        titles.order_by(price, order.clone()).order_by(Column::Id, order.clone())
    };
    let on_sale = by(titles.clone().filter(running(now)), Column::ReducedMinor);
    let others = by(titles.filter(running(now).not()), Column::PriceMinor);
    let mut all = beginning(on_sale, "found_on_sale", offset + most);
    all.union(UnionType::All, beginning(others, "found_others", offset + most));
    let page = among(all).order_by(charged(now), order.clone()).order_by(Column::Id, order);
    rows(db, page, offset, most).await
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
