//! An order as the people who run the shop see it.

use super::dispute::OrderDispute;
use super::order_event::OfficeOrderEvent;
use crate::http::api::values::{Amount, time};
use domain::ordering::{Attempt, Order, OrderDetails, OrderLine, OrderRow, OrderStatus, PaymentStatus};
use domain::ordering::{RefundStatus, RefundView};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An order in the list of the office.
#[derive(Serialize, ToSchema)]
pub struct OfficeOrder {
    pub id: Uuid,
    /// What people quote, and what names it in addresses.
    #[schema(example = "L-7K3Q-92MX")]
    pub number: String,
    /// `pending`, `paid` (a gift that nobody has accepted), `fulfilled`, `declined`, `cancelled`, `partly-refunded` or
    /// `refunded`.
    #[schema(value_type = String, example = "fulfilled")]
    pub status: OrderStatus,
    /// The buyer's address; missing once their account is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ada@example.com")]
    pub email: Option<String>,
    /// What is paid, tax in it.
    pub total: Amount,
    /// The tax in the total.
    pub tax: Amount,
    /// What the coupon took off.
    pub discount: Amount,
    /// What was paid back.
    pub refunded: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "WINTER-25")]
    pub coupon: Option<String>,
    /// Where the buyer lives, by their own word (ISO 3166-1).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "DE")]
    pub country: Option<&'static str>,
    /// Through whom it is paid, such as `stripe`; missing where nothing was to be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "simulated")]
    pub provider: Option<String>,
    /// Why the last payment was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The card was declined.")]
    pub failure: Option<String>,
    /// It was bought for somebody else.
    pub gift: bool,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:30:05Z")]
    pub paid_at: Option<String>,
    pub lines: Vec<OfficeOrderLine>,
}

/// A title in an order, as it was then.
#[derive(Serialize, ToSchema)]
pub struct OfficeOrderLine {
    pub id: Uuid,
    pub audiobook_id: Uuid,
    #[schema(example = "the-bell-at-north-rock")]
    pub slug: String,
    #[schema(example = "The Bell at North Rock")]
    pub title: String,
    pub list_price: Amount,
    /// What is paid for it, less its shares of a bundle and of the coupon. Tax is in it.
    pub price: Amount,
    /// The tax in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tax: Option<Amount>,
    /// What of its price was paid back.
    pub refunded: Amount,
    /// When all of it was paid back, and it left the library.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-21T10:00:00Z")]
    pub refunded_at: Option<String>,
}

/// An order with all that happened to it.
#[derive(Serialize, ToSchema)]
pub struct OfficeOrderDetails {
    pub order: OfficeOrder,
    /// The attempts to pay, the oldest first.
    pub attempts: Vec<PaymentAttempt>,
    /// What was, or is to be, paid back, the oldest first.
    pub refunds: Vec<OrderRefund>,
    /// What buyers' banks want back, or wanted, the oldest first.
    pub disputes: Vec<OrderDispute>,
    /// What happened, mails among it, the oldest first.
    pub events: Vec<OfficeOrderEvent>,
}

/// An attempt to pay.
#[derive(Serialize, ToSchema)]
pub struct PaymentAttempt {
    #[schema(example = "simulated")]
    pub provider: String,
    /// What the shop calls it.
    #[schema(example = "0192f0c12b3c7d4e8f50617283940a1b")]
    pub reference: String,
    /// What the provider calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "pi_3Nf")]
    pub handle: Option<String>,
    /// `started`, `succeeded`, `declined`, `unseen` or `abandoned`.
    #[schema(value_type = String, example = "succeeded")]
    pub status: PaymentStatus,
    pub amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "4242")]
    pub card_last4: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The card was declined.")]
    pub failure: Option<String>,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub created_at: String,
}

/// Money that is given back.
#[derive(Serialize, ToSchema)]
pub struct OrderRefund {
    pub id: Uuid,
    /// `asked` while the provider has not said yes, then `done`; `refused` when a person has to look at it; `elsewhere` where
    /// the money went back at the provider itself before.
    #[schema(value_type = String, example = "asked")]
    pub status: RefundStatus,
    pub amount: Amount,
    /// The lines that it is for; none for a charge that came too late, and where only an amount is known.
    pub lines: Vec<Uuid>,
    /// It was not begun here, but at the provider itself.
    #[schema(example = false)]
    pub elsewhere: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Bought twice")]
    pub reason: Option<String>,
    /// What the provider last said instead of yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The bank does not answer.")]
    pub last_error: Option<String>,
    #[schema(format = DateTime, example = "2026-11-21T10:00:00Z")]
    pub created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-21T10:00:10Z")]
    pub done_at: Option<String>,
}

impl OfficeOrder {
    fn new(order: Order, email: Option<String>) -> Self {
        Self {
            id: order.id,
            number: order.number,
            status: order.status,
            email,
            total: order.total.into(),
            tax: order.tax.into(),
            discount: order.discount.into(),
            refunded: order.refunded.into(),
            coupon: order.coupon,
            country: order.country.map(domain::Country::code),
            provider: order.provider,
            failure: order.failure,
            gift: order.gift.is_some(),
            created_at: time(order.created_at),
            paid_at: order.paid_at.map(time),
            lines: order.lines.into_iter().map(OfficeOrderLine::from).collect(),
        }
    }
}

impl From<OrderRow> for OfficeOrder {
    fn from(row: OrderRow) -> Self {
        Self::new(row.order, row.email)
    }
}

impl From<OrderLine> for OfficeOrderLine {
    fn from(line: OrderLine) -> Self {
        Self {
            id: line.id,
            audiobook_id: line.audiobook_id,
            slug: line.slug,
            title: line.title,
            list_price: line.list_price.into(),
            price: line.price.into(),
            tax: line.tax.map(|tax| tax.amount.into()),
            refunded: line.refunded.into(),
            refunded_at: line.refunded_at.map(time),
        }
    }
}

impl From<OrderDetails> for OfficeOrderDetails {
    fn from(details: OrderDetails) -> Self {
        Self {
            order: OfficeOrder::new(details.order, details.email),
            attempts: details.attempts.into_iter().map(PaymentAttempt::from).collect(),
            refunds: details.refunds.into_iter().map(OrderRefund::from).collect(),
            disputes: details.disputes.into_iter().map(OrderDispute::from).collect(),
            events: details.events.into_iter().map(OfficeOrderEvent::from).collect(),
        }
    }
}

impl From<Attempt> for PaymentAttempt {
    fn from(attempt: Attempt) -> Self {
        Self {
            provider: attempt.provider,
            reference: attempt.reference,
            handle: attempt.handle,
            status: attempt.status,
            amount: attempt.amount.into(),
            card_last4: attempt.card_last4,
            failure: attempt.failure,
            created_at: time(attempt.created_at),
        }
    }
}

impl From<RefundView> for OrderRefund {
    fn from(refund: RefundView) -> Self {
        Self {
            id: refund.id,
            status: refund.status,
            amount: refund.amount.into(),
            lines: refund.lines,
            elsewhere: refund.elsewhere,
            reason: refund.reason,
            last_error: refund.last_error,
            created_at: time(refund.created_at),
            done_at: refund.done_at.map(time),
        }
    }
}
