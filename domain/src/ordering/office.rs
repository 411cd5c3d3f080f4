//! Orders as the people who run the shop see them.

use super::filtered::wanted;
use super::orders::{by_number, currency, with_lines};
use super::settle::locked_order;
use super::{
    Attempt, EventActor, OrderDetails, OrderEvent, OrderEventKind, OrderFilter, OrderRow, RefundView, disputes, events,
    gifts, news,
};
use crate::audit::{self, Action, Entry};
use crate::entities::{order_events, orders, payments, refund_lines, refunds, users};
use crate::keyset::{Keys, Part, Place, Walk};
use crate::{Db, Error, Money, Page, PageRequest, Result};
use sea_orm::{ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A page of orders, newest first.
pub async fn list(db: &Db, filter: &OrderFilter, page: PageRequest) -> Result<Page<OrderRow>> {
    let found = found(filter);
    let total = found.clone().count(db.read()).await?;
    let rows = newest().order(found).offset(page.offset()).limit(u64::from(page.size)).all(db.read()).await?;
    Ok(Page::new(shown(db, rows).await?, total, page))
}

/// A part of the same list, for programs.
///
/// # Errors
/// [`Error::Invalid`] for a place of another list.
pub async fn walk(db: &Db, filter: &OrderFilter, walk: Walk<'_>) -> Result<Part<OrderRow>> {
    let rows = walk.of(found(filter), &newest())?.all(db.read()).await?;
    let part = walk.part(rows, |row| Place::at_number(row.created_at.0, row.id));
    Ok(Part { items: shown(db, part.items).await?, next: part.next })
}

fn newest() -> Keys {
    Keys::number(orders::Column::CreatedAt.into_expr(), orders::Column::Id.into_expr(), Order::Desc)
}

fn found(filter: &OrderFilter) -> Select<orders::Entity> {
    let (all, wanted) = (orders::Entity::find(), wanted(filter));
    if wanted.is_empty() { all } else { all.filter(wanted) }
}

async fn shown(db: &Db, rows: Vec<orders::Model>) -> Result<Vec<OrderRow>> {
    let buyers = addresses(db, rows.iter().map(|row| row.user_id).collect()).await?;
    let users: Vec<Uuid> = rows.iter().map(|row| row.user_id).collect();
    let orders = with_lines(db, rows).await?;
    let row = |(order, user): (_, Uuid)| OrderRow { order, email: buyers.get(&user).cloned() };
    Ok(orders.into_iter().zip(users).map(row).collect())
}

/// The addresses of accounts that are not deleted.
async fn addresses(db: &Db, ids: HashSet<Uuid>) -> Result<HashMap<Uuid, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found: Vec<(Uuid, String)> = users::Entity::find()
        .select_only()
        .columns([users::Column::Id, users::Column::Email])
        .filter(users::Column::Id.is_in(ids))
        .filter(users::Column::DeletedAt.is_null())
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(found.into_iter().collect())
}

/// An order with all that happened to it.
///
/// # Errors
/// `NotFound` without such an order.
pub async fn get(db: &Db, number: &str) -> Result<OrderDetails> {
    let row = by_number(db, number).await?;
    let (id, buyer) = (row.id, row.user_id);
    let attempts = payments::Entity::find()
        .filter(payments::Column::OrderId.eq(id))
        .order_by_asc(payments::Column::CreatedAt)
        .all(db.read())
        .await?;
    let refunds = refunds::Entity::find()
        .filter(refunds::Column::OrderId.eq(id))
        .order_by_asc(refunds::Column::CreatedAt)
        .all(db.read())
        .await?;
    let happened = order_events::Entity::find()
        .filter(order_events::Column::OrderId.eq(id))
        .order_by_asc(order_events::Column::At)
        .order_by_asc(order_events::Column::Id)
        .all(db.read())
        .await?;
    let recipient = gifts::keep::of_order(db.read(), id).await?.and_then(|gift| gift.redeemed_by);
    let who = happened.iter().filter_map(|event| event.actor_id).chain([buyer]).collect();
    let people = addresses(db, who).await?;
    let by = |actor: Option<Uuid>| match actor {
        None => EventActor::Shop,
        Some(id) if id == buyer => EventActor::Buyer,
        Some(id) if Some(id) == recipient => EventActor::Recipient,
        Some(id) => EventActor::Admin(people.get(&id).cloned().unwrap_or_else(|| "a former admin".to_owned())),
    };
    let number = row.number.clone();
    let numbers = HashMap::from([(id, number.clone())]);
    let events = happened.into_iter().map(|event| OrderEvent {
        id: event.id,
        order_number: number.clone(),
        at: event.at,
        kind: event.kind,
        by: by(event.actor_id),
        cause: event.cause,
    });
    let events = events.collect();
    Ok(OrderDetails {
        email: people.get(&buyer).cloned(),
        attempts: attempts.into_iter().map(Attempt::try_from).collect::<Result<_>>()?,
        refunds: refund_views(db, refunds, &numbers).await?,
        disputes: disputes::of_orders(db, &numbers).await?,
        events,
        order: with_lines(db, vec![row]).await?.pop().ok_or(Error::NotFound("order"))?,
    })
}

/// Refunds with their lines.
pub(super) async fn refund_views(
    db: &Db,
    rows: Vec<refunds::Model>,
    numbers: &HashMap<Uuid, String>,
) -> Result<Vec<RefundView>> {
    let mut lines: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let of_these = refund_lines::Entity::find()
        .filter(refund_lines::Column::RefundId.is_in(rows.iter().map(|row| row.id)))
        .all(db.read())
        .await?;
    for line in of_these {
        lines.entry(line.refund_id).or_default().push(line.order_line_id);
    }
    let view = |row: refunds::Model| {
        Ok(RefundView {
            id: row.id,
            order_number: numbers.get(&row.order_id).cloned().unwrap_or_default(),
            status: row.status,
            amount: Money::new(row.amount_minor, currency(&row.currency)?),
            lines: lines.remove(&row.id).unwrap_or_default(),
            elsewhere: row.handle.is_some(),
            reason: row.reason,
            last_error: row.last_error,
            created_at: row.created_at,
            done_at: row.done_at,
        })
    };
    rows.into_iter().map(view).collect()
}

impl TryFrom<payments::Model> for Attempt {
    type Error = Error;

    fn try_from(row: payments::Model) -> Result<Self> {
        Ok(Self {
            amount: Money::new(row.amount_minor, currency(&row.currency)?),
            provider: row.provider,
            reference: row.reference,
            handle: row.handle,
            status: row.status,
            card_last4: row.card_last4,
            failure: row.failure,
            created_at: row.created_at,
            ask_at: row.ask_at,
        })
    }
}

/// Writes a note to an order, for the people who run the shop.
///
/// # Errors
/// `Invalid` when it is empty or too long; `NotFound` without such an order.
pub async fn note(db: &Db, number: &str, text: &str) -> Result<()> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > events::CAUSE_MAX {
        return Err(Error::invalid("note", "orders.no-note"));
    }
    let order = by_number(db, number).await?;
    db.transaction(async |tx| {
        events::record(&tx, order.id, OrderEventKind::Note, text).await?;
        let details = json!({ "number": order.number });
        audit::record(&tx, Entry::new(Action::OrderNoted).on("order", order.id).with(details)).await
    })
    .await
}

/// Sends the receipt of an order once more.
///
/// # Errors
/// `Conflict` when nothing of it is paid, or its buyer has gone; `NotFound` without such an order.
pub async fn resend_receipt(db: &Db, number: &str) -> Result<()> {
    let order = by_number(db, number).await?;
    if !addresses(db, HashSet::from([order.user_id])).await?.contains_key(&order.user_id) {
        return Err(Error::conflict("orders.buyer-gone"));
    }
    db.transaction(async |tx| {
        let order = locked_order(&tx, order.id).await?;
        if !order.status.is_paid() {
            return Err(Error::conflict("orders.no-receipt"));
        }
        news::receipt(&tx, &order).await?;
        events::record(&tx, order.id, OrderEventKind::ReceiptSent, "Asked for once more").await?;
        let details = json!({ "number": order.number });
        audit::record(&tx, Entry::new(Action::ReceiptResent).on("order", order.id).with(details)).await
    })
    .await
}
