//! What is left of a buyer who goes, and what a buyer takes along.

use super::office::refund_views;
use super::orders::with_lines;
use super::{Dispute, Order, OrderEventKind, OrderStatus, RefundView, answers, disputes, gifts};
use crate::catalog::titles::names_of;
use crate::db::BATCH;
use crate::entities::{carts, entitlements, order_events, orders, payments, refunds};
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::SelectStatement;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A book in somebody's library, or one that was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub since: Timestamp,
    /// When it was paid back.
    pub until: Option<Timestamp>,
}

/// How many books are in somebody's library, and how many orders there are.
pub async fn counts(db: &Db, user_id: Uuid) -> Result<(u64, u64)> {
    let books = entitlements::Entity::find()
        .filter(entitlements::Column::UserId.eq(user_id))
        .filter(entitlements::Column::RevokedAt.is_null());
    let orders = orders::Entity::find().filter(orders::Column::UserId.eq(user_id));
    Ok((books.count(db.read()).await?, orders.count(db.read()).await?))
}

/// Forgets a buyer: the cart and the library go, the orders stay with their amounts and dates, and without the digits of a
/// card. Belongs into the transaction that deletes the account.
///
/// # Errors
/// `Conflict` while a payment is under way.
pub async fn forget_buyer(tx: &Tx, user_id: Uuid) -> Result<()> {
    // Whoever buys at this moment holds the cart: after this they have either ordered or nothing to order.
    carts::Entity::delete_many().filter(carts::Column::UserId.eq(user_id)).exec(tx).await?;
    let all: Vec<(Uuid, OrderStatus)> = orders::Entity::find()
        .select_only()
        .columns([orders::Column::Id, orders::Column::Status])
        .filter(orders::Column::UserId.eq(user_id))
        .into_tuple()
        .all(tx)
        .await?;
    if all.iter().any(|(_, status)| *status == OrderStatus::Pending) {
        return Err(Error::conflict("orders.under-way"));
    }
    for some in all.chunks(BATCH) {
        payments::Entity::update_many()
            .col_expr(payments::Column::CardLast4, Expr::value(None::<String>))
            .col_expr(payments::Column::Customer, Expr::value(None::<String>))
            .filter(payments::Column::OrderId.is_in(some.iter().map(|(id, _)| *id)))
            .exec(tx)
            .await?;
    }
    gifts::privacy::forget(tx, user_id, &all).await?;
    answers::forget(tx, user_id).await?;
    forget_words(tx, &all.iter().map(|(id, _)| *id).collect::<Vec<_>>()).await?;
    entitlements::Entity::delete_many().filter(entitlements::Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}

/// Forgets what people wrote about orders: notes and reasons may speak of the buyer.
async fn forget_words(tx: &Tx, orders: &[Uuid]) -> Result<()> {
    for some in orders.chunks(BATCH) {
        order_events::Entity::update_many()
            .col_expr(order_events::Column::Cause, Expr::value(None::<String>))
            .filter(order_events::Column::OrderId.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
        refunds::Entity::update_many()
            .col_expr(refunds::Column::Reason, Expr::value(None::<String>))
            .filter(refunds::Column::OrderId.is_in(some.iter().copied()))
            .exec(tx)
            .await?;
        disputes::forget_words(tx, some).await?;
    }
    Ok(())
}

/// Something that happened to an order of somebody's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happened {
    pub id: Uuid,
    pub number: String,
    pub at: Timestamp,
    pub kind: OrderEventKind,
    pub cause: Option<String>,
}

/// Some of what happened to a person's orders, as [`orders_after`].
pub async fn events_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<Happened>> {
    let mut query = order_events::Entity::find().filter(order_events::Column::OrderId.in_subquery(of_buyer(user_id)));
    if let Some(after) = after {
        query = query.filter(order_events::Column::Id.gt(after));
    }
    let rows = query.order_by_asc(order_events::Column::Id).limit(most).all(db.read()).await?;
    let mut numbers = numbers(db, rows.iter().map(|row| row.order_id).collect()).await?;
    let happened = |row: order_events::Model| Happened {
        id: row.id,
        number: numbers.entry(row.order_id).or_default().clone(),
        at: row.at,
        kind: row.kind,
        cause: row.cause,
    };
    Ok(rows.into_iter().map(happened).collect())
}

/// Some of a person's refunds, as [`orders_after`].
pub async fn refunds_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<RefundView>> {
    let mut query = refunds::Entity::find().filter(refunds::Column::OrderId.in_subquery(of_buyer(user_id)));
    if let Some(after) = after {
        query = query.filter(refunds::Column::Id.gt(after));
    }
    let rows = query.order_by_asc(refunds::Column::Id).limit(most).all(db.read()).await?;
    let numbers = numbers(db, rows.iter().map(|row| row.order_id).collect()).await?;
    refund_views(db, rows, &numbers).await
}

/// Some of what a person's banks wanted back, as [`orders_after`].
pub async fn disputes_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<Dispute>> {
    let rows = disputes::after(db, of_buyer(user_id), after, most).await?;
    let numbers = numbers(db, rows.iter().map(|row| row.order_id).collect()).await?;
    rows.into_iter().map(|row| disputes::view(row, &numbers)).collect()
}

fn of_buyer(user_id: Uuid) -> SelectStatement {
    let mine = orders::Entity::find().select_only().column(orders::Column::Id);
    mine.filter(orders::Column::UserId.eq(user_id)).into_query()
}

async fn numbers(db: &Db, orders: HashSet<Uuid>) -> Result<HashMap<Uuid, String>> {
    if orders.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(Uuid, String)> = orders::Entity::find()
        .select_only()
        .columns([orders::Column::Id, orders::Column::Number])
        .filter(orders::Column::Id.is_in(orders))
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(found.into_iter().collect())
}

/// Some of a person's orders, in the order in which they were made: those after the one with the id `after`, at most
/// `most`.
pub async fn orders_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<Order>> {
    let mut query = orders::Entity::find().filter(orders::Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(orders::Column::Id.gt(after));
    }
    let rows = query.order_by_asc(orders::Column::Id).limit(most).all(db.read()).await?;
    if rows.is_empty() { Ok(Vec::new()) } else { with_lines(db, rows).await }
}

/// Some of the books that are or were in a person's library, as [`orders_after`].
pub async fn books_after(db: &Db, user_id: Uuid, after: Option<Uuid>, most: u64) -> Result<Vec<Kept>> {
    let mut query = entitlements::Entity::find().filter(entitlements::Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(entitlements::Column::Id.gt(after));
    }
    let rows = query.order_by_asc(entitlements::Column::Id).limit(most).all(db.read()).await?;
    let titles: Vec<Uuid> = rows.iter().map(|row| row.audiobook_id).collect();
    let mut names = names_of(db, &titles).await?;
    let kept = |row: entitlements::Model| {
        let (slug, title) = names.remove(&row.audiobook_id).unwrap_or_default();
        Kept { id: row.id, slug, title, since: row.granted_at, until: row.revoked_at }
    };
    Ok(rows.into_iter().map(kept).collect())
}
