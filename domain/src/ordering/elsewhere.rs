//! Money that goes back at the provider itself: refunds that somebody made there, and what a buyer's bank takes back. What an event
//! tells is not believed: the provider is asked for all that went back of a charge, and what the books do not have yet is
//! written into them, in one transaction and once.

use super::attempts::{self, Looked};
use super::events::Occasion;
use super::orders::currency;
use super::payment::{GivenBack, Payments, TakenBack, Unreachable};
use super::refunds::{self, RefundPayment, Tried};
use super::settle::{locked_order, paid_back};
use super::{OrderEventKind, PaymentStatus, RefundStatus, disputes, events, news};
use crate::account::email::mail::GivenBackBy;
use crate::audit::{self, Action, Entry};
use crate::entities::{orders, payments as payment_rows, refund_lines, refunds as rows};
use crate::webhooks::happened;
use crate::{Db, Error, Money, Result, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// The cause that stands with what was not begun here.
pub(super) const CAUSE: &str = "At the provider";
const OVERTAKEN: &str = "The money went back at the provider itself before.";

/// What became of following a charge.
#[derive(Clone, Debug)]
pub(super) enum Followed {
    Done,
    /// The provider has to be asked again.
    NotYet(Unreachable),
    /// The money of a refund that was made there did not reach the buyer, and a person has to look at it.
    Bounced {
        refund: Uuid,
        why: String,
    },
}

/// Brings the books up to what the provider says went back of a charge, by its own name of it. May be cut off at any place and
/// done again.
///
/// # Errors
/// When the database fails, or the provider speaks of another currency.
pub(super) async fn follow(db: &Db, payments: &Payments, through: &str, charge: &str) -> Result<Followed> {
    let Some(provider) = payments.named(through) else { return Ok(Followed::Done) };
    let found = match provider.taken_back(charge).await {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(Followed::Done),
        Err(error) => return Ok(Followed::NotYet(error)),
    };
    let Ok(id) = found.reference.parse() else { return Ok(Followed::Done) };
    let attempt = match attempts::find(db, id).await {
        // Of another shop with the same account.
        Err(Error::NotFound(_)) => return Ok(Followed::Done),
        attempt => attempt?,
    };
    // That it was paid is written first, whatever was told first.
    match attempts::look(db, payments, &attempt, Occasion::Webhook).await? {
        Looked::Known => {}
        Looked::Unreachable(error) => return Ok(Followed::NotYet(error)),
        Looked::Waits | Looked::Unseen => {
            return Ok(Followed::NotYet(Unreachable("whether the charge was made is not known yet".to_owned())));
        }
    }
    db.transaction(async |tx| {
        let order = locked_order(&tx, attempt.order_id).await?;
        let payment = payment_rows::Entity::find_by_id(attempt.id).one(&tx).await?.ok_or(Error::NotFound("payment"))?;
        if payment.status != PaymentStatus::Succeeded {
            return Ok(Followed::Done);
        }
        let mut books = Books::open(&tx, order, payment).await?;
        let mut bounced = None;
        // At most a few, and most often one.
        for given in &found.refunds {
            if given.ours.is_none() {
                bounced = books.given_back(&tx, given, &found).await?.or(bounced);
            }
        }
        for disputed in &found.disputes {
            if let Some(lost) = disputes::keep(&tx, &books.order, &books.payment, disputed).await? {
                books.take(&tx, &disputed.name, lost, disputes::LOST, GivenBackBy::Bank).await?;
            }
        }
        books.overtake(&tx, &found).await?;
        Ok(bounced.map_or(Followed::Done, |(refund, why)| Followed::Bounced { refund, why }))
    })
    .await
}

/// As [`refunds::carry_out`]; a refund that is not made because the money went back at the provider before ends with that.
///
/// # Errors
/// As there.
pub async fn carry_out(db: &Db, payments: &Payments, job: &RefundPayment) -> Result<Tried> {
    let tried = refunds::carry_out(db, payments, job).await?;
    overtaken(db, payments, job.refund_id, tried).await
}

/// Where a try to give money back found that it went back at the provider itself, writes that down.
///
/// # Errors
/// When the database fails.
pub(super) async fn overtaken(db: &Db, payments: &Payments, id: Uuid, tried: Tried) -> Result<Tried> {
    let Tried::Elsewhere { through, charge } = tried else { return Ok(tried) };
    if let Followed::NotYet(error) = follow(db, payments, &through, &charge).await? {
        return Ok(Tried::NotYet(error));
    }
    let Some(refund) = rows::Entity::find_by_id(id).one(db.read()).await? else { return Ok(Tried::Done) };
    if matches!(refund.status, RefundStatus::Done | RefundStatus::Elsewhere) {
        return Ok(Tried::Done);
    }
    let why = "The provider says that all of it went back before.".to_owned();
    refunds::refuse(db, &refund, &why).await?;
    Ok(Tried::Refused(why))
}

/// What the shop has written of a charge, while its order is held.
struct Books {
    order: orders::Model,
    payment: payment_rows::Model,
    refunds: Vec<rows::Model>,
    /// Those of `refunds` that a bank took, by the provider's names.
    taken: HashSet<String>,
}

impl Books {
    async fn open(tx: &Tx, order: orders::Model, payment: payment_rows::Model) -> Result<Self> {
        let refunds = rows::Entity::find()
            .filter(rows::Column::PaymentId.eq(payment.id))
            .order_by_asc(rows::Column::CreatedAt)
            .all(tx)
            .await?;
        let taken = disputes::handles(tx, payment.id).await?;
        Ok(Self { order, payment, refunds, taken })
    }

    /// The money came when its order was over, or was paid twice: no title belongs to it.
    fn is_late(&self) -> bool {
        self.refunds.iter().any(|row| row.late)
    }

    /// What went back by the books; what a bank took is in it, or not.
    fn booked(&self, with_taken: bool) -> i64 {
        let of_bank = |row: &rows::Model| row.handle.as_ref().is_some_and(|handle| self.taken.contains(handle));
        let counts = |row: &&rows::Model| row.done_at.is_some() && (with_taken || !of_bank(row));
        self.refunds.iter().filter(counts).map(|row| row.amount_minor).sum()
    }

    /// A refund that was made at the provider. Says when its money did not reach the buyer, and why.
    async fn given_back(&mut self, tx: &Tx, given: &GivenBack, found: &TakenBack) -> Result<Option<(Uuid, String)>> {
        let known = self.refunds.iter().find(|row| row.handle.as_deref() == Some(given.name.as_str()));
        if let Some(row) = known {
            let Some(why) = &given.failed else { return Ok(None) };
            let made_anew = found.refunds.iter().any(|other| other.ours == Some(row.id) && other.failed.is_none());
            if made_anew || row.status == RefundStatus::Refused {
                return Ok(None);
            }
            let id = row.id;
            refuse(tx, id, why).await?;
            events::record(tx, self.order.id, OrderEventKind::RefundRefused, why).await?;
            return Ok(Some((id, why.clone())));
        }
        if given.failed.is_some() {
            return Ok(None);
        }
        if given.amount.currency != currency(&self.payment.currency)? {
            return Err(Error::Damaged(format!("the refund {} is in another currency than its charge", given.name)));
        }
        // Refunds of the shop that the provider has made and that are not written yet are written by their own jobs.
        let is_written = |id: Uuid| self.refunds.iter().any(|row| row.id == id && row.done_at.is_some());
        let alive = found.refunds.iter().filter(|one| one.failed.is_none() && one.ours.is_none_or(is_written));
        let room = alive.map(|one| one.amount.minor).sum::<i64>() - self.booked(false);
        let minor = given.amount.minor.min(room).min(self.payment.amount_minor - self.booked(true));
        if minor > 0 {
            self.take(tx, &given.name, minor, CAUSE, GivenBackBy::Provider).await?;
        } else {
            self.in_place_of_bounced(tx, given).await?;
        }
        Ok(None)
    }

    /// A refund stands in the books already, and its money had come back: this one, made at the provider, is in its place.
    async fn in_place_of_bounced(&mut self, tx: &Tx, given: &GivenBack) -> Result<()> {
        let bounced = self.refunds.iter_mut().find(|row| {
            row.status == RefundStatus::Refused
                && row.done_at.is_some()
                && row.handle.is_none()
                && row.amount_minor == given.amount.minor
        });
        let Some(row) = bounced else { return Ok(()) };
        (row.status, row.handle) = (RefundStatus::Done, Some(given.name.clone()));
        rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value(RefundStatus::Done))
            .col_expr(rows::Column::Handle, Expr::value(given.name.as_str()))
            .col_expr(rows::Column::LastError, Expr::value(None::<String>))
            .filter(rows::Column::Id.eq(row.id))
            .exec(tx)
            .await?;
        events::record(tx, self.order.id, OrderEventKind::Refunded, CAUSE).await
    }

    /// Writes that so much went back there, and all that follows from it.
    async fn take(&mut self, tx: &Tx, handle: &str, minor: i64, why: &str, by: GivenBackBy) -> Result<()> {
        let minor = minor.min(self.payment.amount_minor - self.booked(true));
        if minor <= 0 {
            return Ok(());
        }
        let row = rows::Model {
            late: self.is_late(),
            handle: Some(handle.to_owned()),
            status: RefundStatus::Done,
            reason: Some(why.to_owned()),
            ask_at: None,
            done_at: Some(tx.now()),
            ..refunds::wish(tx, Uuid::now_v7(), &self.order, Some(self.payment.id), minor)
        };
        rows::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx).await?;
        let mut backs = Vec::new();
        if !row.late {
            (self.order, backs) = paid_back(tx, &self.order, &[], minor).await?;
        }
        if by == GivenBackBy::Bank {
            self.taken.insert(handle.to_owned());
        }
        self.refunds.push(row);
        events::record(tx, self.order.id, OrderEventKind::Refunded, why).await?;
        let amount = Money::new(minor, currency(&self.order.currency)?);
        let details = json!({ "number": self.order.number, "amount": amount.to_string() });
        audit::record(tx, Entry::new(Action::OrderRefundedElsewhere).on("order", self.order.id).with(details)).await?;
        let gone: Vec<Uuid> = backs.iter().filter(|back| back.whole).map(|back| back.title).collect();
        happened::order_refunded(tx, &self.order.number, amount, &gone).await?;
        news::refunded(tx, &self.order, &backs, amount, by).await
    }

    /// Ends the wishes for more than is left: they can never be granted, and what is left can be wished for anew.
    async fn overtake(&mut self, tx: &Tx, found: &TakenBack) -> Result<()> {
        let left = self.payment.amount_minor - self.booked(true);
        let under_way =
            |row: &rows::Model| found.refunds.iter().any(|one| one.ours == Some(row.id) && one.failed.is_none());
        let over: Vec<Uuid> = self
            .refunds
            .iter()
            .filter(|row| row.done_at.is_none() && row.status != RefundStatus::Elsewhere)
            .filter(|row| row.amount_minor > left && !under_way(row))
            .map(|row| row.id)
            .collect();
        if over.is_empty() {
            return Ok(());
        }
        rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value(RefundStatus::Elsewhere))
            .col_expr(rows::Column::AskAt, Expr::value(None::<i64>))
            .col_expr(rows::Column::LastError, Expr::value(OVERTAKEN))
            .filter(rows::Column::Id.is_in(over.iter().copied()))
            .exec(tx)
            .await?;
        refund_lines::Entity::delete_many().filter(refund_lines::Column::RefundId.is_in(over)).exec(tx).await?;
        events::record(tx, self.order.id, OrderEventKind::RefundRefused, OVERTAKEN).await
    }
}

async fn refuse(tx: &Tx, id: Uuid, why: &str) -> Result<()> {
    rows::Entity::update_many()
        .col_expr(rows::Column::Status, Expr::value(RefundStatus::Refused))
        .col_expr(rows::Column::LastError, Expr::value(events::shortened(why)))
        .filter(rows::Column::Id.eq(id))
        .exec(tx)
        .await?;
    Ok(())
}
