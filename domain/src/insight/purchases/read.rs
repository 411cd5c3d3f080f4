//! How one's own purchases are read.

use super::sums::{Of, Sums, by};
use super::{MOST, Purchase, Purchases};
use crate::catalog::Link;
use crate::catalog::summaries::categories_of;
use crate::entities::{audiobooks, gifts, order_lines, orders, positions};
use crate::listening::days;
use crate::{Day, Db, Error, Money, Page, PageRequest, Result, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use std::cmp::Reverse;
use std::collections::HashMap;
use uuid::Uuid;

/// A line of a paid order.
#[derive(Debug, FromQueryResult)]
struct Row {
    audiobook_id: Uuid,
    title: String,
    price_minor: i64,
    currency: String,
    refunded_minor: i64,
    refunded_at: Option<Timestamp>,
    number: String,
    paid_at: Timestamp,
    slug: String,
    duration_ms: i64,
    position_ms: Option<i64>,
    finished_at: Option<Timestamp>,
    /// It was bought for somebody else.
    gift_id: Option<Uuid>,
}

/// A page of what somebody bought, the newest first, and what all of it comes to.
pub async fn purchases(db: &Db, user_id: Uuid, request: PageRequest) -> Result<Purchases> {
    let mut rows = rows(db, user_id).await?;
    let more = rows.len() as u64 > MOST;
    rows.truncate(usize::try_from(MOST).unwrap_or(usize::MAX));
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.audiobook_id).collect();
    ids.sort();
    ids.dedup();
    let categories = categories_of(db.read(), &ids).await?;
    let first: HashMap<Uuid, Link> =
        categories.into_iter().filter_map(|(id, links)| Some((id, links.into_iter().next()?))).collect();
    let bought = rows.into_iter().map(read).collect::<Result<Vec<(Uuid, Purchase)>>>()?;
    let of = |one: &Purchase| Of {
        price: one.price,
        returned: one.refunded,
        paid_back: one.refunded_at.is_some(),
        // What is given is heard by somebody else.
        duration_ms: if one.gift { 0 } else { one.duration_ms },
        heard_ms: if one.gift { 0 } else { one.heard_ms },
    };
    let mut all = Sums::default();
    bought.iter().for_each(|(_, one)| all.add(of(one)));
    let months = by(bought.iter().map(|(_, one)| (Day::of(one.bought_at).month(), of(one))));
    let mut categories = by(bought.iter().map(|(id, one)| (first.get(id).cloned(), of(one))));
    categories.sort_by_key(|line| Reverse(line.sums.titles));
    let total = bought.len() as u64;
    let start = usize::try_from(request.offset()).unwrap_or(usize::MAX);
    let items = bought.into_iter().skip(start).take(request.size as usize).map(|(_, one)| one).collect();
    let streak = days::streak(db, user_id).await?;
    Ok(Purchases { page: Page::new(items, total, request), more, all, months, categories, streak })
}

async fn rows(db: &Db, user_id: Uuid) -> Result<Vec<Row>> {
    use order_lines::Column;
    let of = |column: Column| Expr::col((order_lines::Entity, column));
    let mut query = order_lines::Entity::find()
        .select_only()
        .columns([Column::AudiobookId, Column::Title, Column::PriceMinor, Column::Currency])
        .columns([Column::RefundedMinor, Column::RefundedAt])
        .column(orders::Column::Number)
        .column(orders::Column::PaidAt)
        .column(audiobooks::Column::Slug)
        .column(audiobooks::Column::DurationMs)
        .column(positions::Column::PositionMs)
        .column(positions::Column::FinishedAt)
        .column_as(Expr::col((gifts::Entity, gifts::Column::Id)), "gift_id")
        .filter(orders::Column::UserId.eq(user_id))
        .filter(orders::Column::PaidAt.is_not_null())
        .order_by_desc(orders::Column::PaidAt)
        .order_by_desc(orders::Column::Id)
        .order_by_asc(Column::Position)
        .limit(MOST + 1);
    let order = Expr::col((orders::Entity, orders::Column::Id)).equals((order_lines::Entity, Column::OrderId));
    let title =
        Expr::col((audiobooks::Entity, audiobooks::Column::Id)).equals((order_lines::Entity, Column::AudiobookId));
    let place = Expr::col((positions::Entity, positions::Column::AudiobookId))
        .eq(of(Column::AudiobookId))
        .and(Expr::col((positions::Entity, positions::Column::UserId)).eq(user_id));
    let gift = Expr::col((gifts::Entity, gifts::Column::OrderId)).equals((orders::Entity, orders::Column::Id));
    QuerySelect::query(&mut query)
        .join(JoinType::InnerJoin, orders::Entity, order)
        .join(JoinType::InnerJoin, audiobooks::Entity, title)
        .join(JoinType::LeftJoin, positions::Entity, place)
        .join(JoinType::LeftJoin, gifts::Entity, gift);
    Ok(query.into_model::<Row>().all(db.read()).await?)
}

fn read(row: Row) -> Result<(Uuid, Purchase)> {
    let currency =
        row.currency.parse().map_err(|error: crate::money::UnknownCurrency| Error::Damaged(error.to_string()))?;
    let heard_ms = match row.finished_at {
        Some(_) => row.duration_ms,
        None => std::cmp::min(row.position_ms.unwrap_or_default(), row.duration_ms),
    };
    let purchase = Purchase {
        title: row.title,
        slug: row.slug,
        order: row.number,
        bought_at: row.paid_at,
        price: Money::new(row.price_minor, currency),
        refunded: Money::new(row.refunded_minor, currency),
        refunded_at: row.refunded_at,
        duration_ms: row.duration_ms,
        heard_ms,
        gift: row.gift_id.is_some(),
    };
    Ok((row.audiobook_id, purchase))
}
