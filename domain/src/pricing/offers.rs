//! The sales of the shop that some titles are in.

use super::Price;
use super::listed::Listed;
use super::shares::hundredths;
use super::window::{Window, best, now_or_next};
use crate::db::BATCH;
use crate::entities::sales::Column;
use crate::entities::{audiobook_categories, sale_categories, sale_titles, sales};
use crate::{Money, Result, Timestamp};
use sea_orm::sea_query::{Alias, Condition, Expr, ExprTrait, JoinType, Query, SelectStatement, UnionType};
use sea_orm::{ConnectionTrait, FromQueryResult};
use std::collections::HashMap;
use uuid::Uuid;

/// Sales, by the titles that they are for.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    sales: HashMap<Uuid, Sale>,
    everywhere: Vec<Uuid>,
    chosen: HashMap<Uuid, Vec<Uuid>>,
}

/// What a price needs of a sale.
#[derive(Debug, FromQueryResult)]
struct Sale {
    id: Uuid,
    percent: Option<i32>,
    price_minor: Option<i64>,
    currency: String,
    starts_at: Timestamp,
    ends_at: Option<Timestamp>,
}

/// The column of the title that a sale is for: null where it is for all.
const TITLE: &str = "title";

impl Offers {
    /// The sales of these titles that run at `now`.
    pub async fn running(db: &impl ConnectionTrait, titles: &[Uuid], now: Timestamp) -> Result<Self> {
        Self::read(db, titles, not_over(now).add(of_sale(Column::StartsAt).lte(now))).await
    }

    /// The sales of these titles that run at `now` or later.
    pub async fn to_come(db: &impl ConnectionTrait, titles: &[Uuid], now: Timestamp) -> Result<Self> {
        Self::read(db, titles, not_over(now)).await
    }

    /// One query for each [`BATCH`] of titles.
    async fn read(db: &impl ConnectionTrait, titles: &[Uuid], which: Condition) -> Result<Self> {
        let mut offers = Self::default();
        for batch in titles.chunks(BATCH) {
            let mut all = of_everything(&which);
            all.union(UnionType::All, by_title(&which, batch)).union(UnionType::All, by_shelf(&which, batch));
            for row in &db.query_all(&all).await? {
                let sale = Sale::from_query_result(row, "")?;
                match row.try_get::<Option<Uuid>>("", TITLE)? {
                    None if !offers.everywhere.contains(&sale.id) => offers.everywhere.push(sale.id),
                    None => {}
                    Some(title) => offers.chosen.entry(title).or_default().push(sale.id),
                }
                offers.sales.insert(sale.id, sale);
            }
        }
        Ok(offers)
    }

    /// What a title costs at `now`.
    pub fn price(&self, title: &Listed, now: Timestamp) -> Result<Price> {
        let currency = title.currency()?;
        let best = self.best(title, now);
        let charged = best.map_or(title.price_minor, |best| best.minor);
        Ok(Price {
            list: Money::new(title.price_minor, currency),
            now: Money::new(charged, currency),
            until: best.and_then(|best| best.ends_at),
        })
    }

    /// The lower price that counts at `now`.
    pub fn best(&self, title: &Listed, now: Timestamp) -> Option<Window> {
        best(&self.windows(title), now)
    }

    /// The lower price that counts at `now` or next.
    pub fn now_or_next(&self, title: &Listed, now: Timestamp) -> Option<Window> {
        now_or_next(&self.windows(title), now)
    }

    /// When it begins or ceases to cost something else.
    pub fn changes(&self, title: &Listed) -> Vec<Timestamp> {
        self.windows(title).iter().flat_map(|window| [window.starts_at, window.ends_at]).flatten().collect()
    }

    fn windows(&self, title: &Listed) -> Vec<Window> {
        let of_title = self.chosen.get(&title.id).into_iter().flatten();
        let sales = self.everywhere.iter().chain(of_title).filter_map(|id| self.sales.get(id));
        title.lower(sales.filter_map(|sale| window(sale, title)).chain(title.own()))
    }
}

/// What a title costs in a sale; `None` where the sale has a price in another currency.
fn window(sale: &Sale, title: &Listed) -> Option<Window> {
    let minor = match (sale.percent, sale.price_minor) {
        (Some(percent), _) => title.price_minor - hundredths(title.price_minor, i64::from(percent)),
        (None, Some(minor)) if sale.currency == title.currency => minor,
        _ => return None,
    };
    Some(Window { minor, starts_at: Some(sale.starts_at), ends_at: sale.ends_at, sale: Some(sale.id) })
}

fn not_over(now: Timestamp) -> Condition {
    Condition::all().add(of_sale(Column::EndsAt).is_null().or(of_sale(Column::EndsAt).gt(now)))
}

fn of_sale(column: Column) -> Expr {
    Expr::col((sales::Entity, column))
}

/// The sales that fit, and in a column of its own the title that they are for.
fn part(which: &Condition, title: Expr) -> SelectStatement {
    use Column::{Currency, EndsAt, Id, Percent, PriceMinor, StartsAt};
    let columns = [Id, Percent, PriceMinor, Currency, StartsAt, EndsAt].map(|column| (sales::Entity, column));
    Query::select()
        .columns(columns)
        .expr_as(title, Alias::new(TITLE))
        .from(sales::Entity)
        .cond_where(which.clone())
        .to_owned()
}

fn of_everything(which: &Condition) -> SelectStatement {
    part(which, Expr::cust("NULL")).and_where(of_sale(Column::Everything).eq(true)).to_owned()
}

fn by_title(which: &Condition, titles: &[Uuid]) -> SelectStatement {
    let chosen = |column: sale_titles::Column| Expr::col((sale_titles::Entity, column));
    part(which, chosen(sale_titles::Column::AudiobookId))
        .join(JoinType::InnerJoin, sale_titles::Entity, chosen(sale_titles::Column::SaleId).eq(of_sale(Column::Id)))
        .and_where(of_sale(Column::Everything).eq(false))
        .and_where(chosen(sale_titles::Column::AudiobookId).is_in(titles.iter().copied()))
        .to_owned()
}

fn by_shelf(which: &Condition, titles: &[Uuid]) -> SelectStatement {
    let chosen = |column: sale_categories::Column| Expr::col((sale_categories::Entity, column));
    let shelf = |column: audiobook_categories::Column| Expr::col((audiobook_categories::Entity, column));
    let of_shelf = chosen(sale_categories::Column::CategoryId).eq(shelf(audiobook_categories::Column::CategoryId));
    part(which, shelf(audiobook_categories::Column::AudiobookId))
        .join(
            JoinType::InnerJoin,
            sale_categories::Entity,
            chosen(sale_categories::Column::SaleId).eq(of_sale(Column::Id)),
        )
        .join(JoinType::InnerJoin, audiobook_categories::Entity, of_shelf)
        .and_where(of_sale(Column::Everything).eq(false))
        .and_where(shelf(audiobook_categories::Column::AudiobookId).is_in(titles.iter().copied()))
        .to_owned()
}
