//! The titles of one page.

use super::narrow::{Access, MOST, condition, published};
use super::order::{charged, ordered, running};
use super::postings;
use crate::catalog::search_terms::Sought;
use crate::catalog::summaries::SummaryRow;
use crate::catalog::{Browse, Sort};
use crate::entities::audiobooks;
use crate::{Db, PageRequest, Result, Timestamp};
use sea_orm::sea_query::{Alias, SelectStatement};
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
    let most = u64::from(request.size).min(MOST.saturating_sub(request.offset()));
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

/// What is charged changes when a sale begins or ends, so that no index holds it. Both prices have one: titles on sale by
/// one, the others by the other, merged.
async fn by_price(db: &Db, titles: Select<audiobooks::Entity>, order: Order, offset: u64, most: u64) -> Result<Picked> {
    let now = db.now();
    let on_sale = titles.clone().filter(running(now)).order_by(audiobooks::Column::ReducedMinor, order.clone());
    let others = titles.filter(running(now).not()).order_by(audiobooks::Column::PriceMinor, order.clone());
    let mut all = priced(db, on_sale, &order, offset + most, now).await?;
    all.extend(priced(db, others, &order, offset + most, now).await?);
    all.sort_unstable();
    if matches!(order, Order::Desc) {
        all.reverse();
    }
    let page = all.into_iter().skip(usize::try_from(offset).unwrap_or(usize::MAX));
    Ok(Picked::Ids(page.take(usize::try_from(most).unwrap_or(usize::MAX)).map(|(_, id)| id).collect()))
}

async fn priced(
    db: &Db,
    titles: Select<audiobooks::Entity>,
    order: &Order,
    most: u64,
    now: Timestamp,
) -> Result<Vec<(i64, Uuid)>> {
    Ok(titles
        .select_only()
        .expr_as(charged(now), "charged")
        .column(audiobooks::Column::Id)
        .order_by(audiobooks::Column::Id, order.clone())
        .limit(most)
        .into_tuple()
        .all(db.read())
        .await?)
}
