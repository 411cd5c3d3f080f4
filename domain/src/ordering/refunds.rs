//! Paying back: the wish is written first, then a job asks the provider until it has said yes, and what follows from it is
//! written in one transaction.

use super::orders::{by_number, currency};
use super::payment::{NotRefunded, Payments, Refund, Unreachable};
use super::settle::{locked_order, paid_back};
use super::{OrderEventKind, PaymentStatus, RefundStatus, events, news};
use crate::account::email::mail::GivenBackBy;
use crate::audit::{self, Action, Entry};
use crate::entities::{order_lines, orders, payment_events, payments, refund_lines, refunds as rows};
use crate::jobs::{self, Job, Queue, Unique};
use crate::webhooks::happened;
use crate::{Db, Error, Money, Result, Timestamp, Tx};
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;
use uuid::Uuid;

/// How long a refund or an attempt to pay is left to its job before another is enqueued, in milliseconds.
pub(super) const LEFT_TO_JOB_MS: i64 = 60 * 60_000;

/// Gives money back. The provider knows it by the id of the refund, so that asking twice gives it back once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundPayment {
    pub refund_id: Uuid,
}

impl Job for RefundPayment {
    const KIND: &'static str = "ordering.refund-payment";
    const QUEUE: Queue = Queue::Maintenance;
    /// People wait for it.
    const PRIORITY: i32 = -10;
    /// With the queue's growing waits, about an hour; then it comes again, and somebody is told.
    const MAX_ATTEMPTS: i32 = 12;
    const TIME_LIMIT: Duration = Duration::from_secs(2 * 60);
    const NEEDS_PERSON: bool = true;

    fn unique(&self) -> Unique {
        Unique::Unfinished(format!("{}:{}", Self::KIND, self.refund_id))
    }
}

/// A wish to give back, of an order that is held.
pub(super) fn wish(
    tx: &Tx,
    id: Uuid,
    order: &orders::Model,
    payment_id: Option<Uuid>,
    amount_minor: i64,
) -> rows::Model {
    rows::Model {
        id,
        order_id: order.id,
        payment_id,
        late: false,
        handle: None,
        status: RefundStatus::Asked,
        amount_minor,
        currency: order.currency.clone(),
        reason: None,
        last_error: None,
        created_at: tx.now(),
        ask_at: Some(tx.now().plus_ms(LEFT_TO_JOB_MS)),
        done_at: None,
    }
}

/// Asks for lines of an order to be paid back, for a reason that the books keep. Returns the id of the refund.
///
/// # Errors
/// `NotFound` without such an order; `Conflict` when it was not paid or a line is paid back already; `Invalid` without a
/// line or a reason.
#[tracing::instrument(name = "refund.ask", skip_all)]
pub async fn ask(db: &Db, number: &str, lines: &[Uuid], reason: &str) -> Result<Uuid> {
    let reason = reason.trim();
    if lines.is_empty() {
        return Err(Error::invalid("lines", "orders.no-line"));
    }
    if reason.is_empty() || reason.chars().count() > events::CAUSE_MAX {
        return Err(Error::invalid("reason", "orders.no-reason"));
    }
    let order_id = by_number(db, number).await?.id;
    db.transaction(async |tx| {
        let order = locked_order(&tx, order_id).await?;
        if !order.status.is_paid() {
            return Err(Error::conflict("orders.not-paid"));
        }
        let wanted: Vec<order_lines::Model> = order_lines::Entity::find()
            .filter(order_lines::Column::OrderId.eq(order.id))
            .filter(order_lines::Column::Id.is_in(lines.iter().copied()))
            .all(&tx)
            .await?;
        if wanted.len() != lines.len() {
            return Err(Error::invalid("lines", "orders.no-line"));
        }
        let asked = refund_lines::Entity::find()
            .filter(refund_lines::Column::OrderLineId.is_in(lines.iter().copied()))
            .one(&tx)
            .await?;
        if asked.is_some() || wanted.iter().any(|line| line.refunded_at.is_some()) {
            return Err(Error::conflict("orders.line-refunded"));
        }
        // What came back at the provider itself before is not given twice.
        let amount_minor: i64 = wanted.iter().map(|line| line.price_minor - line.refunded_minor).sum();
        let payment_id = if amount_minor == 0 { None } else { Some(charged(&tx, &order, amount_minor).await?) };
        let refund = wish(&tx, Uuid::now_v7(), &order, payment_id, amount_minor);
        let refund = rows::Model { reason: Some(reason.to_owned()), ..refund };
        let id = refund.id;
        rows::Entity::insert(refund.into_active_model()).exec_without_returning(&tx).await?;
        let line = |line: &order_lines::Model| {
            refund_lines::Model { refund_id: id, order_line_id: line.id }.into_active_model()
        };
        refund_lines::Entity::insert_many(wanted.iter().map(line)).exec_without_returning(&tx).await?;
        events::record(&tx, order.id, OrderEventKind::RefundAsked, reason).await?;
        let amount = Money::new(amount_minor, currency(&order.currency)?);
        let details = json!({ "number": order.number, "amount": amount.to_string() });
        audit::record(&tx, Entry::new(Action::OrderRefundAsked).on("order", order.id).with(details)).await?;
        jobs::enqueue(&tx, &RefundPayment { refund_id: id }).await?;
        Ok(id)
    })
    .await
}

/// As [`ask`], for every line that nobody has asked for yet.
///
/// # Errors
/// As there; `Conflict` when there is no such line.
#[tracing::instrument(name = "refund.ask_for_all", skip_all)]
pub async fn ask_for_all(db: &Db, number: &str, reason: &str) -> Result<Uuid> {
    let order = by_number(db, number).await?;
    let asked = Query::select().column(refund_lines::Column::OrderLineId).from(refund_lines::Entity).to_owned();
    let lines: Vec<Uuid> = order_lines::Entity::find()
        .select_only()
        .column(order_lines::Column::Id)
        .filter(order_lines::Column::OrderId.eq(order.id))
        .filter(order_lines::Column::RefundedAt.is_null())
        .filter(order_lines::Column::Id.not_in_subquery(asked))
        .into_tuple()
        .all(db.read())
        .await?;
    if lines.is_empty() {
        return Err(Error::conflict("orders.line-refunded"));
    }
    ask(db, number, &lines, reason).await
}

/// The attempt that charged an order, and still has so much to give back.
async fn charged(tx: &Tx, order: &orders::Model, amount_minor: i64) -> Result<Uuid> {
    let payment = payments::Entity::find()
        .filter(payments::Column::OrderId.eq(order.id))
        .filter(payments::Column::Status.eq(PaymentStatus::Succeeded))
        .order_by_asc(payments::Column::CreatedAt)
        .one(tx)
        .await?
        .ok_or_else(|| Error::conflict("orders.not-paid"))?;
    let given: Vec<i64> = rows::Entity::find()
        .select_only()
        .column(rows::Column::AmountMinor)
        .filter(rows::Column::PaymentId.eq(payment.id))
        .filter(rows::Column::Status.ne(RefundStatus::Elsewhere))
        .into_tuple()
        .all(tx)
        .await?;
    let left = payment.amount_minor - given.iter().sum::<i64>();
    if amount_minor > left { Err(Error::conflict("orders.more-than-paid")) } else { Ok(payment.id) }
}

/// The refunds that no job has brought to an end, put off to another time.
pub(super) async fn take_due(tx: &Tx, most: u64, again: Timestamp) -> Result<Vec<Uuid>> {
    let due: Vec<Uuid> = rows::Entity::find()
        .select_only()
        .column(rows::Column::Id)
        .filter(rows::Column::Status.eq(RefundStatus::Asked))
        .filter(rows::Column::AskAt.lte(tx.now()))
        .order_by_asc(rows::Column::AskAt)
        .limit(most)
        .into_tuple()
        .all(tx)
        .await?;
    if due.is_empty() {
        return Ok(due);
    }
    rows::Entity::update_many()
        .col_expr(rows::Column::AskAt, Expr::value(again))
        .filter(rows::Column::Id.is_in(due.iter().copied()))
        .exec(tx)
        .await?;
    Ok(due)
}

/// What became of a try to give money back.
#[derive(Clone, Debug)]
pub enum Tried {
    Done,
    /// It is to be tried again.
    NotYet(Unreachable),
    /// The provider will never give it back in this way, and says why: a person has to look at it.
    Refused(String),
    /// All that was charged went back at the provider itself before: it is named, and the charge as it calls it.
    Elsewhere {
        through: String,
        charge: String,
    },
}

/// Asks the provider to give the money back and, once it has said yes, writes down all that follows. May be cut off at any
/// place and done again.
///
/// # Errors
/// `NotFound` without such a refund; when the database fails.
#[tracing::instrument(name = "refund", skip_all, fields(id = %job.refund_id))]
pub async fn carry_out(db: &Db, payments: &Payments, job: &RefundPayment) -> Result<Tried> {
    let refund = rows::Entity::find_by_id(job.refund_id).one(db.read()).await?.ok_or(Error::NotFound("refund"))?;
    if matches!(refund.status, RefundStatus::Done | RefundStatus::Elsewhere) {
        return Ok(Tried::Done);
    }
    if let Some(payment_id) = refund.payment_id {
        let (through, asked) = as_asked(db, &refund, payment_id).await?;
        let answer = match payments.named(&through) {
            Some(provider) => provider.refund(&asked).await,
            None => {
                Err(NotRefunded::Refused(format!("It was paid through {through}, which is not set up in this shop.")))
            }
        };
        match answer {
            Ok(()) => {}
            Err(NotRefunded::Unreachable(error)) => {
                tracing::warn!(refund = %refund.id, %error, "a refund has to wait");
                rows::Entity::update_many()
                    .col_expr(rows::Column::LastError, Expr::value(events::shortened(&error.to_string())))
                    .filter(rows::Column::Id.eq(refund.id))
                    .exec(db.read())
                    .await?;
                return Ok(Tried::NotYet(error));
            }
            Err(NotRefunded::Elsewhere(charge)) => return Ok(Tried::Elsewhere { through, charge }),
            Err(NotRefunded::Refused(why)) => {
                tracing::error!(refund = %refund.id, why, "a refund is refused");
                refuse(db, &refund, &why, None).await?;
                return Ok(Tried::Refused(why));
            }
        }
    }
    finish(db, &refund).await?;
    Ok(Tried::Done)
}

/// A refund as its provider, which is named, is asked for it.
async fn as_asked(db: &Db, refund: &rows::Model, payment_id: Uuid) -> Result<(String, Refund)> {
    let payment = payments::Entity::find_by_id(payment_id).one(db.read()).await?.ok_or(Error::NotFound("payment"))?;
    let asked = Refund {
        id: refund.id.to_string(),
        reference: payment.reference,
        handle: payment.handle,
        amount: Money::new(refund.amount_minor, currency(&refund.currency)?),
    };
    Ok((payment.provider, asked))
}

/// Gives a refund back once more that was refused, after somebody has looked at it.
///
/// # Errors
/// When the database fails.
pub(super) async fn try_again(db: &Db, payments: &Payments, id: Uuid) -> Result<Tried> {
    let refund = rows::Entity::find_by_id(id).one(db.read()).await?;
    match refund.filter(|refund| refund.status == RefundStatus::Refused) {
        Some(refund) => carry_out(db, payments, &RefundPayment { refund_id: refund.id }).await,
        None => Ok(Tried::Done),
    }
}

/// What its provider calls the charge that a refund is of; `None` where nothing is known of it there.
///
/// # Errors
/// When the database fails.
pub(super) async fn charge(
    db: &Db,
    payments: &Payments,
    id: Uuid,
) -> Result<std::result::Result<Option<String>, Unreachable>> {
    let Some(refund) = rows::Entity::find_by_id(id).one(db.read()).await? else { return Ok(Ok(None)) };
    let Some(payment_id) = refund.payment_id else { return Ok(Ok(None)) };
    let (through, asked) = as_asked(db, &refund, payment_id).await?;
    let Some(provider) = payments.named(&through) else { return Ok(Ok(None)) };
    Ok(provider.charge_of(&asked).await)
}

/// Whether an event about a refund was the first to tell that its money came back. A server of before m0058, which may run beside
/// this one, writes that by naming the payment.
fn is_first_to_tell(event: &payment_events::Model) -> bool {
    event.first_to_tell || event.payment_id.is_some()
}

/// Asks the provider whether the money of a refund came back from the buyer's bank, and writes that down: once, for the first
/// event that tells of it, which says so again should it be cut off.
///
/// # Errors
/// When the database fails.
pub(super) async fn check(db: &Db, payments: &Payments, event: &payment_events::Model, id: Uuid) -> Result<Tried> {
    let Some(refund) = rows::Entity::find_by_id(id).one(db.read()).await? else { return Ok(Tried::Done) };
    let Some(payment_id) = refund.payment_id else { return Ok(Tried::Done) };
    if is_first_to_tell(event) {
        let why = refund.last_error.unwrap_or_default();
        return Ok(if refund.status == RefundStatus::Refused { Tried::Refused(why) } else { Tried::Done });
    }
    let (through, asked) = as_asked(db, &refund, payment_id).await?;
    let Some(provider) = payments.named(&through) else { return Ok(Tried::Done) };
    match provider.refund_failure(&asked).await {
        Ok(None) => Ok(Tried::Done),
        Ok(Some(why)) => {
            Ok(if refuse(db, &refund, &why, Some(event.id)).await? { Tried::Refused(why) } else { Tried::Done })
        }
        Err(error) => Ok(Tried::NotYet(error)),
    }
}

/// Writes down that a refund is refused, and of an `event` that it is the one that tells of it; `false` when that is known, or it
/// ended because the money went back elsewhere.
pub(super) async fn refuse(db: &Db, refund: &rows::Model, why: &str, event: Option<Uuid>) -> Result<bool> {
    db.transaction(async |tx| {
        let order = locked_order(&tx, refund.order_id).await?;
        let refused = rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value(RefundStatus::Refused))
            .col_expr(rows::Column::AskAt, Expr::value(None::<i64>))
            .col_expr(rows::Column::LastError, Expr::value(events::shortened(why)))
            .filter(rows::Column::Id.eq(refund.id))
            .filter(rows::Column::Status.is_not_in([RefundStatus::Refused, RefundStatus::Elsewhere]))
            .exec(&tx)
            .await?;
        if refused.rows_affected == 0 {
            return Ok(false);
        }
        if let Some(event) = event {
            payment_events::Entity::update_many()
                .col_expr(payment_events::Column::FirstToTell, Expr::value(true))
                // For a server of before m0058 that hears it again.
                .col_expr(payment_events::Column::PaymentId, Expr::value(refund.payment_id))
                .filter(payment_events::Column::Id.eq(event))
                .exec(&tx)
                .await?;
        }
        events::record(&tx, order.id, OrderEventKind::RefundRefused, why).await?;
        Ok(true)
    })
    .await
}

/// The provider has said yes.
async fn finish(db: &Db, refund: &rows::Model) -> Result<()> {
    db.transaction(async |tx| {
        let order = locked_order(&tx, refund.order_id).await?;
        let done = rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value(RefundStatus::Done))
            .col_expr(rows::Column::DoneAt, Expr::value(tx.now()))
            .col_expr(rows::Column::AskAt, Expr::value(None::<i64>))
            .col_expr(rows::Column::LastError, Expr::value(None::<String>))
            .filter(rows::Column::Id.eq(refund.id))
            .filter(rows::Column::Status.ne(RefundStatus::Done))
            .exec(&tx)
            .await?;
        // One that had come back from the buyer's bank is on its way again; all else was written then.
        if done.rows_affected == 0 || refund.done_at.is_some() {
            return Ok(());
        }
        let lines: Vec<Uuid> = refund_lines::Entity::find()
            .select_only()
            .column(refund_lines::Column::OrderLineId)
            .filter(refund_lines::Column::RefundId.eq(refund.id))
            .into_tuple()
            .all(&tx)
            .await?;
        let mut backs = Vec::new();
        if !refund.late {
            (_, backs) = paid_back(&tx, &order, &lines, refund.amount_minor).await?;
        }
        // The reason is forgotten with its buyer.
        let cause = refund.reason.as_deref().unwrap_or("A refund that was asked for");
        events::record(&tx, order.id, OrderEventKind::Refunded, cause).await?;
        let amount = Money::new(refund.amount_minor, currency(&refund.currency)?);
        let gone: Vec<Uuid> = backs.iter().filter(|back| back.whole).map(|back| back.title).collect();
        happened::order_refunded(&tx, &order.number, amount, &gone).await?;
        news::refunded(&tx, &order, &backs, amount, GivenBackBy::Shop).await
    })
    .await
}
