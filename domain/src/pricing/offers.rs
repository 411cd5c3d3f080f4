//! The sales of the shop that some titles are in.

use super::Price;
use super::listed::Listed;
use super::shares::hundredths;
use super::window::{Window, best, now_or_next};
use crate::db::BATCH;
use crate::entities::{audiobook_categories, sale_categories, sale_titles, sales};
use crate::{Money, Result, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use std::collections::HashMap;
use uuid::Uuid;

/// Sales, by the titles that they are for.
#[derive(Debug, Default)]
pub(crate) struct Offers {
    sales: HashMap<Uuid, sales::Model>,
    everywhere: Vec<Uuid>,
    chosen: HashMap<Uuid, Vec<Uuid>>,
}

impl Offers {
    /// The sales of these titles that run at `now`.
    pub async fn running(db: &impl ConnectionTrait, titles: &[Uuid], now: Timestamp) -> Result<Self> {
        Self::read(db, titles, not_over(now).filter(sales::Column::StartsAt.lte(now))).await
    }

    /// The sales of these titles that run at `now` or later.
    pub async fn to_come(db: &impl ConnectionTrait, titles: &[Uuid], now: Timestamp) -> Result<Self> {
        Self::read(db, titles, not_over(now)).await
    }

    /// One query where every sale is for all titles; where one is for some, two more for each [`BATCH`] of titles.
    async fn read(db: &impl ConnectionTrait, titles: &[Uuid], which: sea_orm::Select<sales::Entity>) -> Result<Self> {
        if titles.is_empty() {
            return Ok(Self::default());
        }
        let (all, some): (Vec<_>, Vec<_>) = which.all(db).await?.into_iter().partition(|sale| sale.everything);
        let ids: Vec<Uuid> = some.iter().map(|sale| sale.id).collect();
        let mut chosen: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        if !ids.is_empty() {
            for batch in titles.chunks(BATCH) {
                let by_title = by_title(db, &ids, batch).await?;
                for (title, sale) in by_title.into_iter().chain(by_shelf(db, &ids, batch).await?) {
                    chosen.entry(title).or_default().push(sale);
                }
            }
        }
        let everywhere = all.iter().map(|sale| sale.id).collect();
        let sales = all.into_iter().chain(some).map(|sale| (sale.id, sale)).collect();
        Ok(Self { sales, everywhere, chosen })
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

    fn windows(&self, title: &Listed) -> Vec<Window> {
        let of_title = self.chosen.get(&title.id).into_iter().flatten();
        let sales = self.everywhere.iter().chain(of_title).filter_map(|id| self.sales.get(id));
        title.lower(sales.filter_map(|sale| window(sale, title)).chain(title.own()))
    }
}

/// What a title costs in a sale; `None` where the sale has a price in another currency.
fn window(sale: &sales::Model, title: &Listed) -> Option<Window> {
    let minor = match (sale.percent, sale.price_minor) {
        (Some(percent), _) => title.price_minor - hundredths(title.price_minor, i64::from(percent)),
        (None, Some(minor)) if sale.currency == title.currency => minor,
        _ => return None,
    };
    Some(Window { minor, starts_at: Some(sale.starts_at), ends_at: sale.ends_at, sale: Some(sale.id) })
}

fn not_over(now: Timestamp) -> sea_orm::Select<sales::Entity> {
    sales::Entity::find().filter(sales::Column::EndsAt.is_null().or(sales::Column::EndsAt.gt(now)))
}

async fn by_title(db: &impl ConnectionTrait, sales: &[Uuid], titles: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    use sale_titles::Column;
    Ok(sale_titles::Entity::find()
        .select_only()
        .columns([Column::AudiobookId, Column::SaleId])
        .filter(Column::AudiobookId.is_in(titles.iter().copied()))
        .filter(Column::SaleId.is_in(sales.iter().copied()))
        .into_tuple()
        .all(db)
        .await?)
}

async fn by_shelf(db: &impl ConnectionTrait, sales: &[Uuid], titles: &[Uuid]) -> Result<Vec<(Uuid, Uuid)>> {
    let mut query = audiobook_categories::Entity::find()
        .select_only()
        .column(audiobook_categories::Column::AudiobookId)
        .column(sale_categories::Column::SaleId)
        .filter(audiobook_categories::Column::AudiobookId.is_in(titles.iter().copied()))
        .filter(sale_categories::Column::SaleId.is_in(sales.iter().copied()));
    let same = Expr::col((sale_categories::Entity, sale_categories::Column::CategoryId))
        .equals((audiobook_categories::Entity, audiobook_categories::Column::CategoryId));
    QuerySelect::query(&mut query).join(JoinType::InnerJoin, sale_categories::Entity, same);
    Ok(query.into_tuple().all(db).await?)
}
