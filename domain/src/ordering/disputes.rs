//! When a buyer's bank wants money back: shown on the order, and the people who look after orders are told.

use super::orders::currency;
use super::payment::Disputed;
use super::{Dispute, DisputeStatus, OrderEventKind, events};
use crate::account::email::mail::{self, DisputeNews};
use crate::audit::{self, Action, Entry};
use crate::entities::disputes::{Column, Entity, Model};
use crate::entities::{orders, payments};
use crate::{Db, Money, Result, Tx};
use sea_orm::sea_query::{Expr, SelectStatement};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The cause that stands with money that a bank took.
pub(super) const LOST: &str = "The buyer's bank took the money back.";
/// The cause that stands with money that a bank took and gave back.
pub(super) const RETURNED: &str = "The buyer's bank gave the money back to the shop after all.";
const NO_REASON: &str = "The bank gives no reason.";
/// Longest reason that is kept, in characters.
const REASON_MAX: usize = 64;

/// What the provider calls those of a payment.
pub(super) async fn handles(tx: &Tx, payment_id: Uuid) -> Result<HashSet<String>> {
    let of_payment = Entity::find().select_only().column(Column::Handle).filter(Column::PaymentId.eq(payment_id));
    let handles: Vec<String> = of_payment.into_tuple().all(tx).await?;
    Ok(handles.into_iter().collect())
}

/// What a bank has done with money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moved {
    /// So much is gone.
    Lost(i64),
    /// What was gone is the shop's again.
    Returned,
}

/// Writes down how it stands whenever that has changed, tells those who look after orders, and says what became of the money.
/// The order is held. One that was lost is not open again until it is won.
pub(super) async fn keep(
    tx: &Tx,
    order: &orders::Model,
    payment: &payments::Model,
    disputed: &Disputed,
) -> Result<Option<Moved>> {
    let of_payment = Entity::find().filter(Column::PaymentId.eq(payment.id));
    let known = match of_payment.filter(Column::Handle.eq(&disputed.name)).one(tx).await? {
        Some(known) => known,
        None => open(tx, order, payment, disputed).await?,
    };
    let moves = match (known.status, disputed.status) {
        // A bank that only asked, and was answered, may want or take the money later under the same name.
        (DisputeStatus::Open | DisputeStatus::Won, now) => now != known.status,
        // Many an answer changes what a bank has decided.
        (DisputeStatus::Lost, now) => now == DisputeStatus::Won,
    };
    if !moves {
        return Ok(None);
    }
    // A bank may take less than it wanted at first.
    let before = known.status;
    let known = Model { amount_minor: disputed.amount.minor, ..known };
    let (news, kind) = match disputed.status {
        DisputeStatus::Open => (DisputeNews::Opened, OrderEventKind::DisputeOpened),
        DisputeStatus::Won => (DisputeNews::Won, OrderEventKind::DisputeWon),
        DisputeStatus::Lost => (DisputeNews::Lost, OrderEventKind::DisputeLost),
    };
    let closed_at = (disputed.status != DisputeStatus::Open).then(|| tx.now().0);
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(disputed.status))
        .col_expr(Column::AmountMinor, Expr::value(known.amount_minor))
        .col_expr(Column::ClosedAt, Expr::value(closed_at))
        .filter(Column::Id.eq(known.id))
        .exec(tx)
        .await?;
    tell(tx, order, &known, news, kind).await?;
    Ok(match (before, disputed.status) {
        (_, DisputeStatus::Lost) => Some(Moved::Lost(known.amount_minor)),
        (DisputeStatus::Lost, DisputeStatus::Won) => Some(Moved::Returned),
        _ => None,
    })
}

async fn open(tx: &Tx, order: &orders::Model, payment: &payments::Model, disputed: &Disputed) -> Result<Model> {
    let row = Model {
        id: Uuid::now_v7(),
        order_id: order.id,
        payment_id: payment.id,
        handle: disputed.name.clone(),
        status: DisputeStatus::Open,
        amount_minor: disputed.amount.minor,
        currency: disputed.amount.currency.code().to_owned(),
        reason: disputed.reason.as_ref().map(|reason| reason.chars().take(REASON_MAX).collect()),
        opened_at: tx.now(),
        closed_at: None,
    };
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
    tell(tx, order, &row, DisputeNews::Opened, OrderEventKind::DisputeOpened).await?;
    Ok(row)
}

/// Writes what happened to the order and into the trail, and tells those who look after orders.
async fn tell(tx: &Tx, order: &orders::Model, row: &Model, news: DisputeNews, kind: OrderEventKind) -> Result<()> {
    events::record(tx, order.id, kind, row.reason.as_deref().unwrap_or(NO_REASON)).await?;
    let amount = Money::new(row.amount_minor, currency(&row.currency)?);
    let action = if news == DisputeNews::Opened { Action::OrderDisputed } else { Action::OrderDisputeEnded };
    let details = json!({ "number": order.number, "amount": amount.to_string(), "news": news });
    audit::record(tx, Entry::new(action).on("order", order.id).with(details)).await?;
    mail::tell_of_dispute(tx, &order.number, amount, news).await
}

/// Those of some orders, the oldest first, with the numbers of their orders.
pub(super) async fn of_orders(db: &Db, numbers: &HashMap<Uuid, String>) -> Result<Vec<Dispute>> {
    let rows = Entity::find()
        .filter(Column::OrderId.is_in(numbers.keys().copied()))
        .order_by_asc(Column::Id)
        .all(db.read())
        .await?;
    rows.into_iter().map(|row| view(row, numbers)).collect()
}

/// Some of a buyer's, in the order in which they were opened: those after the one with the id `after`, at most `most`.
pub(super) async fn after(db: &Db, of_buyer: SelectStatement, after: Option<Uuid>, most: u64) -> Result<Vec<Model>> {
    let mut query = Entity::find().filter(Column::OrderId.in_subquery(of_buyer));
    if let Some(after) = after {
        query = query.filter(Column::Id.gt(after));
    }
    Ok(query.order_by_asc(Column::Id).limit(most).all(db.read()).await?)
}

/// Forgets the banks' words about some orders. Belongs into the transaction that deletes the account of their buyer.
pub(super) async fn forget_words(tx: &Tx, orders: &[Uuid]) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::Reason, Expr::value(None::<String>))
        .filter(Column::OrderId.is_in(orders.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

/// As it is shown, with the number of its order.
pub(super) fn view(row: Model, numbers: &HashMap<Uuid, String>) -> Result<Dispute> {
    Ok(Dispute {
        id: row.id,
        order_number: numbers.get(&row.order_id).cloned().unwrap_or_default(),
        handle: row.handle,
        status: row.status,
        amount: Money::new(row.amount_minor, currency(&row.currency)?),
        reason: row.reason,
        opened_at: row.opened_at,
        closed_at: row.closed_at,
    })
}
