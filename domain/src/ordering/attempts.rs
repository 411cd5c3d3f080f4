//! Attempts to pay. Each is written before the provider is asked, and known to it by its id. An outcome that is not known
//! stays so, and is asked for again, less and less often; each attempt by a job of its own, so that a bad one stops nobody.

use super::events::Occasion;
use super::payment::{Outcome, Payments, Unreachable};
use super::refunds::{self, LEFT_TO_JOB_MS, RefundPayment};
use super::settle::{failed, locked_order, paid};
use super::{OrderEventKind, OrderStatus, PaymentStatus, bills, customers, events, news};
use crate::entities::{orders, payments as rows, refunds as refund_rows};
use crate::jobs::{self, Job, Queue, Unique};
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long after its beginning an attempt is first asked about, in milliseconds: by then whoever began it has given up
/// waiting.
pub const PAYMENT_GRACE_MS: i64 = 2 * 60_000;
/// When an order is given up whose payment the provider never saw, in milliseconds. The attempt is watched on: what is
/// charged after all is given back.
pub const GIVEN_UP_MS: i64 = 10 * 60_000;
/// How long an attempt that the provider never saw is watched, in milliseconds.
pub const WATCHED_MS: i64 = 7 * Timestamp::DAY_MS;
/// First wait between two questions, in milliseconds; it doubles with each further one.
const FIRST_WAIT_MS: i64 = 60_000;
/// No wait is longer.
const LONGEST_WAIT_MS: i64 = 6 * 60 * 60_000;
/// Attempts and refunds taken up in one run.
const A_RUN: u64 = 200;
const NEVER_SEEN: &str = "The payment was interrupted.";

/// Asks what became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlePayment {
    pub payment_id: Uuid,
}

impl Job for SettlePayment {
    const KIND: &'static str = "ordering.settle-payment";
    const QUEUE: Queue = Queue::Maintenance;
    const PRIORITY: i32 = -5;
    const MAX_ATTEMPTS: i32 = 3;
    const NEEDS_PERSON: bool = true;

    fn unique(&self) -> Unique {
        Unique::Unfinished(format!("{}:{}", Self::KIND, self.payment_id))
    }
}

/// What the provider knows an attempt by.
fn reference(id: Uuid) -> String {
    id.to_string()
}

/// Writes down that the provider is about to be asked for the money of an order.
pub(super) async fn begin(tx: &Tx, order: &orders::Model, provider: &str) -> Result<Uuid> {
    let (id, now) = (Uuid::now_v7(), tx.now());
    // From here on the provider is asked for the same, whatever becomes of the buyer's other payments.
    let customer = customers::name(tx, order.user_id, provider).await?;
    let attempt = rows::Model {
        id,
        order_id: order.id,
        provider: provider.to_owned(),
        reference: reference(id),
        handle: None,
        go_on_at: None,
        status: PaymentStatus::Started,
        amount_minor: order.total_minor,
        currency: order.currency.clone(),
        card_last4: None,
        customer,
        failure: None,
        created_at: now,
        updated_at: now,
        asks: 0,
        ask_at: Some(now.plus_ms(PAYMENT_GRACE_MS)),
    };
    rows::Entity::insert(attempt.into_active_model()).exec_without_returning(tx).await?;
    Ok(id)
}

/// Writes down what an attempt came to, once. Money for an order that is over is given back by a job.
///
/// # Errors
/// `NotFound` without such an attempt.
pub(super) async fn record(db: &Db, id: Uuid, outcome: &Outcome, on: Occasion) -> Result<()> {
    let attempt = find(db, id).await?;
    let cause = on.cause(&attempt.provider);
    db.transaction(async |tx| {
        let order = locked_order(&tx, attempt.order_id).await?;
        let waits = order.status == OrderStatus::Pending;
        match outcome {
            Outcome::Paid { card_last4, customer } => {
                if let Some(customer) = customer {
                    customers::remember(&tx, id, customer).await?;
                }
                if !close(&tx, id, PaymentStatus::Succeeded, card_last4.as_deref(), None).await? {
                    return Ok(());
                }
                if waits { paid(&tx, &order, &cause).await } else { give_back_late(&tx, &order, id, &cause).await }
            }
            Outcome::Declined { card_last4, reason } => {
                let closed = close(&tx, id, PaymentStatus::Declined, card_last4.as_deref(), Some(reason)).await?;
                if !closed || !waits {
                    return Ok(());
                }
                failed(&tx, &order, OrderStatus::Declined, reason).await?;
                if on.is_told_by_mail() { news::payment_failed(&tx, &order, reason).await } else { Ok(()) }
            }
            Outcome::Abandoned { reason } => {
                let closed = close(&tx, id, PaymentStatus::Abandoned, None, Some(reason)).await?;
                if !closed || !waits {
                    return Ok(());
                }
                failed(&tx, &order, OrderStatus::Cancelled, reason).await?;
                if on.is_told_by_mail() { news::payment_failed(&tx, &order, reason).await } else { Ok(()) }
            }
            Outcome::Waits { handle, address } => keep_open(&tx, id, handle, address.as_deref()).await,
        }
    })
    .await
}

/// Writes down what the provider calls an attempt that is under way, and where the buyer goes on.
async fn keep_open(tx: &Tx, id: Uuid, handle: &str, address: Option<&str>) -> Result<()> {
    rows::Entity::update_many()
        .col_expr(rows::Column::Handle, Expr::value(handle))
        .col_expr(rows::Column::GoOnAt, Expr::value(address.map(str::to_owned)))
        .col_expr(rows::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(rows::Column::Id.eq(id))
        .filter(rows::Column::Status.eq(PaymentStatus::Started))
        .exec(tx)
        .await?;
    Ok(())
}

/// The money of an attempt came when its order was over.
async fn give_back_late(tx: &Tx, order: &orders::Model, payment_id: Uuid, cause: &str) -> Result<()> {
    let id = Uuid::now_v7();
    let refund = refund_rows::Model {
        late: true,
        reason: Some("The payment came when the order was over.".to_owned()),
        ..refunds::wish(tx, id, order, Some(payment_id), order.total_minor)
    };
    refund_rows::Entity::insert(refund.into_active_model()).exec_without_returning(tx).await?;
    events::record(tx, order.id, OrderEventKind::LateCharge, cause).await?;
    jobs::enqueue(tx, &RefundPayment { refund_id: id }).await.map(|_| ())
}

/// Ends an attempt that is under way; `false` when it has ended before.
async fn close(
    tx: &Tx,
    id: Uuid,
    status: PaymentStatus,
    card_last4: Option<&str>,
    failure: Option<&str>,
) -> Result<bool> {
    let closed = rows::Entity::update_many()
        .col_expr(rows::Column::Status, Expr::value(status))
        .col_expr(rows::Column::CardLast4, Expr::value(card_last4.map(str::to_owned)))
        .col_expr(rows::Column::Failure, Expr::value(failure.map(str::to_owned)))
        .col_expr(rows::Column::UpdatedAt, Expr::value(tx.now()))
        .col_expr(rows::Column::AskAt, Expr::value(None::<i64>))
        .col_expr(rows::Column::GoOnAt, Expr::value(None::<String>))
        .filter(rows::Column::Id.eq(id))
        .filter(rows::Column::Status.eq(PaymentStatus::Started))
        .exec(tx)
        .await?;
    Ok(closed.rows_affected == 1)
}

/// Enqueues a job for each attempt and each refund that is due. Says how many. Run it every minute.
pub async fn enqueue_due(db: &Db) -> Result<u64> {
    db.transaction(async |tx| {
        let (now, later) = (tx.now(), tx.now().plus_ms(LEFT_TO_JOB_MS));
        let attempts: Vec<Uuid> = rows::Entity::find()
            .select_only()
            .column(rows::Column::Id)
            .filter(rows::Column::Status.eq(PaymentStatus::Started))
            .filter(rows::Column::AskAt.lte(now))
            .order_by_asc(rows::Column::AskAt)
            .limit(A_RUN)
            .into_tuple()
            .all(&tx)
            .await?;
        // Out of the way of the next ones until their jobs have said when to ask again.
        if !attempts.is_empty() {
            rows::Entity::update_many()
                .col_expr(rows::Column::AskAt, Expr::value(later))
                .filter(rows::Column::Id.is_in(attempts.iter().copied()))
                .filter(rows::Column::Status.eq(PaymentStatus::Started))
                .exec(&tx)
                .await?;
        }
        let refunds = refunds::take_due(&tx, A_RUN, later).await?;
        // At most as many as a run takes up, each a short insert.
        for payment_id in &attempts {
            jobs::enqueue(&tx, &SettlePayment { payment_id: *payment_id }).await?;
        }
        for refund_id in &refunds {
            jobs::enqueue(&tx, &RefundPayment { refund_id: *refund_id }).await?;
        }
        Ok((attempts.len() + refunds.len()) as u64)
    })
    .await
}

/// Asks the provider what became of an attempt and writes it down. Not known: it is asked again later, and after
/// [`GIVEN_UP_MS`] without the provider having seen it the order is given up.
///
/// # Errors
/// `NotFound` without such an attempt; when the database fails.
#[tracing::instrument(skip_all, fields(attempt = %job.payment_id))]
pub async fn settle(db: &Db, payments: &Payments, job: &SettlePayment) -> Result<()> {
    let attempt = find(db, job.payment_id).await?;
    match look(db, payments, &attempt, Occasion::Job).await? {
        Looked::Known => Ok(()),
        Looked::Waits => db.transaction(async |tx| ask_again(&tx, &attempt).await).await,
        Looked::Unseen => unseen(db, &attempt).await,
        Looked::Unreachable(error) => {
            tracing::warn!(attempt = %attempt.id, %error, "the outcome of a payment is not known yet");
            db.transaction(async |tx| ask_again(&tx, &attempt).await).await
        }
    }
}

/// What a question to the provider came to.
#[derive(Debug)]
pub(super) enum Looked {
    /// It ended, and is written down.
    Known,
    /// It goes on at the provider.
    Waits,
    /// The provider does not know of it.
    Unseen,
    Unreachable(Unreachable),
}

/// Asks the provider what became of an attempt, and writes it down where that is known.
pub(super) async fn look(db: &Db, payments: &Payments, attempt: &rows::Model, on: Occasion) -> Result<Looked> {
    if attempt.status != PaymentStatus::Started {
        return Ok(Looked::Known);
    }
    if attempt.amount_minor == 0 {
        // A free order of before there were attempts.
        record(db, attempt.id, &Outcome::Paid { card_last4: None, customer: None }, on).await?;
        return Ok(Looked::Known);
    }
    let Some(provider) = payments.named(&attempt.provider) else {
        // For as long as attempts are watched the shop may be set up with it again.
        let watched = db.now().since_ms(attempt.created_at) < WATCHED_MS;
        let away = || Looked::Unreachable(Unreachable(format!("{} is not set up in this shop", attempt.provider)));
        return Ok(if watched { away() } else { Looked::Unseen });
    };
    let mut charge = bills::charge(db, attempt, None).await?;
    loop {
        return Ok(match provider.outcome(&charge).await {
            Ok(Some(outcome)) => {
                record(db, attempt.id, &outcome, on).await?;
                match outcome {
                    // Found again after an answer was lost: what became of it is asked by that name.
                    Outcome::Waits { handle, .. } if charge.handle.is_none() => {
                        charge.handle = Some(handle);
                        continue;
                    }
                    Outcome::Waits { .. } => Looked::Waits,
                    _ => Looked::Known,
                }
            }
            Ok(None) => Looked::Unseen,
            Err(error) => Looked::Unreachable(error),
        });
    }
}

/// The provider does not know of an attempt.
async fn unseen(db: &Db, attempt: &rows::Model) -> Result<()> {
    db.transaction(async |tx| {
        let order = locked_order(&tx, attempt.order_id).await?;
        let age_ms = tx.now().since_ms(attempt.created_at);
        if order.status == OrderStatus::Pending && age_ms >= GIVEN_UP_MS {
            failed(&tx, &order, OrderStatus::Cancelled, NEVER_SEEN).await?;
            news::payment_failed(&tx, &order, NEVER_SEEN).await?;
        }
        if age_ms >= WATCHED_MS {
            return close(&tx, attempt.id, PaymentStatus::Unseen, None, Some(NEVER_SEEN)).await.map(|_| ());
        }
        ask_again(&tx, attempt).await
    })
    .await
}

async fn ask_again(tx: &Tx, attempt: &rows::Model) -> Result<()> {
    rows::Entity::update_many()
        .col_expr(rows::Column::Asks, Expr::value(attempt.asks.saturating_add(1)))
        .col_expr(rows::Column::AskAt, Expr::value(tx.now().plus_ms(wait_ms(attempt.asks))))
        .col_expr(rows::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(rows::Column::Id.eq(attempt.id))
        .filter(rows::Column::Status.eq(PaymentStatus::Started))
        .exec(tx)
        .await?;
    Ok(())
}

pub(super) async fn find(db: &Db, id: Uuid) -> Result<rows::Model> {
    rows::Entity::find_by_id(id).one(db.read()).await?.ok_or(Error::NotFound("payment"))
}

/// The wait after so many questions, in milliseconds.
fn wait_ms(asks: i32) -> i64 {
    let doublings = u32::try_from(asks).unwrap_or(0).min(20);
    FIRST_WAIT_MS.saturating_mul(1 << doublings).min(LONGEST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_waits_between_questions_double_up_to_six_hours() {
        let minutes: Vec<i64> = [0, 1, 2, 3, 9, 40].map(|asks| wait_ms(asks) / 60_000).to_vec();
        assert_eq!(minutes, [1, 2, 4, 8, 360, 360]);
    }
}
