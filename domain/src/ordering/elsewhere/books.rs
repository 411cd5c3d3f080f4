//! What the shop has written of a charge, and what it lacks.

mod bank;

use crate::account::email::mail::GivenBackBy;
use crate::audit::{self, Action, Entry};
use crate::entities::{orders, payments as payment_rows, refund_lines, refunds as rows};
use crate::jobs;
use crate::ordering::orders::currency;
use crate::ordering::payment::{GivenBack, TakenBack};
use crate::ordering::refunds::RefundPayment;
use crate::ordering::settle::paid_back;
use crate::ordering::{OrderEventKind, RefundStatus, disputes, events, news, refunds};
use crate::webhooks::happened;
use crate::{Money, Result, Tx};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// The cause that stands with what was not begun here.
const CAUSE: &str = "At the provider";
const OVERTAKEN: &str = "The money went back at the provider itself before.";
const OVERTAKEN_IN_PART: &str = "Some of the money went back at the provider itself before.";
const REST_OF_LATE: &str = "The rest of a payment that came when the order was over.";

/// What the shop has written of a charge, while its order is held.
pub(super) struct Books {
    pub order: orders::Model,
    pub payment: payment_rows::Model,
    refunds: Vec<rows::Model>,
    /// Those of `refunds` that a bank took, by the provider's names.
    taken: HashSet<String>,
}

impl Books {
    pub async fn open(tx: &Tx, order: orders::Model, payment: payment_rows::Model) -> Result<Self> {
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

    /// The money of a refund is the shop's again, and nothing went back in its place.
    pub fn is_refused(&self, id: Uuid) -> bool {
        self.refunds.iter().any(|row| row.id == id && row.status == RefundStatus::Refused)
    }

    /// The provider still owes the buyer what a refund that came back was to give: nobody gave it there meanwhile, in whatever
    /// pieces. What was made for the refund itself may be asked for again.
    pub fn is_lacking(&self, id: Uuid, found: &TakenBack) -> bool {
        let Some(row) = self.refunds.iter().find(|row| row.id == id) else { return true };
        if row.status != RefundStatus::Refused || row.done_at.is_none() {
            return true;
        }
        let of_others = found.refunds.iter().filter(|one| one.failed.is_none() && one.ours != Some(id));
        let alive = of_others.filter(|one| one.ours.is_none_or(|ours| self.is_written(ours)));
        self.booked(false) - alive.map(|one| one.amount.minor).sum::<i64>() >= row.amount_minor
    }

    /// Refunds of the shop that the provider has made and that are not written yet are written by their own jobs.
    fn is_written(&self, id: Uuid) -> bool {
        self.refunds.iter().any(|row| row.id == id && row.done_at.is_some())
    }

    /// A refund that was made at the provider. Says when its money did not reach the buyer, and why: once, or again for the event
    /// that it belongs to, and no other for that event.
    pub async fn given_back(
        &mut self,
        tx: &Tx,
        given: &GivenBack,
        found: &TakenBack,
        of_event: Option<Uuid>,
    ) -> Result<Option<(Uuid, String)>> {
        let known = self.refunds.iter_mut().find(|row| row.handle.as_deref() == Some(given.name.as_str()));
        if let Some(row) = known {
            let Some(why) = &given.failed else { return Ok(None) };
            let made_anew = found.refunds.iter().any(|other| other.ours == Some(row.id) && other.failed.is_none());
            if made_anew || of_event.is_some_and(|id| id != row.id) {
                return Ok(None);
            }
            if row.status == RefundStatus::Refused {
                return Ok(of_event.map(|id| (id, why.clone())));
            }
            refuse(tx, row.id, why).await?;
            row.status = RefundStatus::Refused;
            events::record(tx, self.order.id, OrderEventKind::RefundRefused, why).await?;
            return Ok(Some((row.id, why.clone())));
        }
        if given.failed.is_some() {
            return Ok(None);
        }
        let written = |id: Uuid| self.is_written(id);
        let alive = found.refunds.iter().filter(|one| one.failed.is_none() && one.ours.is_none_or(written));
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
        let taken = &self.taken;
        let bounced = self.refunds.iter_mut().find(|row| {
            row.status == RefundStatus::Refused
                && row.done_at.is_some()
                && row.handle.as_ref().is_none_or(|handle| !taken.contains(handle))
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
    pub async fn take(&mut self, tx: &Tx, handle: &str, minor: i64, why: &str, by: GivenBackBy) -> Result<()> {
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

    /// Ends the wishes for more than is left: they can never be granted, and what is left can be wished for anew. Where the order
    /// is over nobody can, so the shop does.
    pub async fn overtake(&mut self, tx: &Tx, found: &TakenBack) -> Result<()> {
        let left = self.payment.amount_minor - self.booked(true);
        let under_way =
            |row: &rows::Model| found.refunds.iter().any(|one| one.ours == Some(row.id) && one.failed.is_none());
        let (over, waiting): (Vec<&rows::Model>, Vec<&rows::Model>) = self
            .refunds
            .iter()
            .filter(|row| row.done_at.is_none() && row.status != RefundStatus::Elsewhere)
            .partition(|row| row.amount_minor > left && !under_way(row));
        if over.is_empty() {
            return Ok(());
        }
        let over: Vec<Uuid> = over.iter().map(|row| row.id).collect();
        let minor = (left - waiting.iter().map(|row| row.amount_minor).sum::<i64>()).max(0);
        let rest = Money::new(minor, currency(&self.order.currency)?);
        let late = self.is_late();
        let cause = match (minor, late) {
            (0, _) => OVERTAKEN.to_owned(),
            (_, true) => format!("{OVERTAKEN_IN_PART} The shop gives back what is left: {rest}."),
            (_, false) => format!("{OVERTAKEN_IN_PART} What is left has to be asked for anew: {rest}."),
        };
        rows::Entity::update_many()
            .col_expr(rows::Column::Status, Expr::value(RefundStatus::Elsewhere))
            .col_expr(rows::Column::AskAt, Expr::value(None::<i64>))
            .col_expr(rows::Column::LastError, Expr::value(cause.as_str()))
            .filter(rows::Column::Id.is_in(over.iter().copied()))
            .exec(tx)
            .await?;
        refund_lines::Entity::delete_many().filter(refund_lines::Column::RefundId.is_in(over)).exec(tx).await?;
        if late && minor > 0 {
            self.wish_for_rest(tx, minor).await?;
        }
        events::record(tx, self.order.id, OrderEventKind::RefundRefused, &cause).await
    }

    /// What is left of a payment that came when the order was over goes back as well.
    async fn wish_for_rest(&self, tx: &Tx, minor: i64) -> Result<()> {
        let id = Uuid::now_v7();
        let rest = rows::Model {
            late: true,
            reason: Some(REST_OF_LATE.to_owned()),
            ..refunds::wish(tx, id, &self.order, Some(self.payment.id), minor)
        };
        rows::Entity::insert(rest.into_active_model()).exec_without_returning(tx).await?;
        jobs::enqueue(tx, &RefundPayment { refund_id: id }).await.map(|_| ())
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
