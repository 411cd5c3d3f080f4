//! What happened to an order, written in the transaction in which it happened.

use super::OrderEventKind;
use crate::db::{Acting, counts};
use crate::entities::order_events;
use crate::{Result, Tx};
use sea_orm::{EntityTrait, IntoActiveModel};
use uuid::Uuid;

/// Longest cause that is kept, in characters.
pub(super) const CAUSE_MAX: usize = 500;

/// What causes an order to be placed.
pub(super) const CHECKOUT: &str = "Checkout";
pub(super) const CHECKOUT_OF_A_GIFT: &str = "Checkout of a gift";
/// What causes a free order to be paid.
pub(super) const NOTHING_TO_PAY: &str = "Nothing was to be paid";
/// What causes an order to be fulfilled.
pub(super) const PAYMENT: &str = "Payment";
pub(super) const GIFT_ACCEPTED: &str = "Gift accepted";

/// On what occasion the shop heard how a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Occasion {
    /// Its provider answered at checkout.
    Checkout,
    /// The buyer came back from the provider's page.
    Return,
    /// The buyer gave it up, or began another.
    GivenUp,
    /// The provider sent an event.
    Webhook,
    /// A job asked about what is open.
    Job,
}

impl Occasion {
    /// As the cause of what followed.
    pub(super) fn cause(self, provider: &str) -> String {
        match self {
            Self::Checkout => format!("Checkout: the answer of {provider}"),
            Self::Return => format!("The buyer came back: {provider} was asked"),
            Self::GivenUp => format!("The buyer gave it up: {provider} was asked"),
            Self::Webhook => format!("Webhook of {provider}"),
            Self::Job => format!("Job: {provider} was asked"),
        }
    }

    /// The buyer does not look at a page that says that the payment failed.
    pub(super) fn is_told_by_mail(self) -> bool {
        matches!(self, Self::Return | Self::Webhook | Self::Job)
    }
}

/// Writes down what happened to an order and why, done by whoever the transaction acts for.
pub(super) async fn record(tx: &Tx, order_id: Uuid, kind: OrderEventKind, cause: &str) -> Result<()> {
    let event = order_events::Model {
        id: Uuid::now_v7(),
        order_id,
        at: tx.now(),
        kind,
        cause: Some(shortened(cause)),
        actor_id: tx.actor().user_id,
    };
    order_events::Entity::insert(event.into_active_model()).exec_without_returning(tx).await?;
    if let Some(name) = counted(kind) {
        tx.happens(counts::ORDER, name);
    }
    Ok(())
}

/// What is counted of how sales and payments go; the rest is for the one order.
fn counted(kind: OrderEventKind) -> Option<&'static str> {
    Some(match kind {
        OrderEventKind::Placed => "placed",
        OrderEventKind::Paid => "paid",
        OrderEventKind::Declined => "declined",
        OrderEventKind::Cancelled => "cancelled",
        OrderEventKind::LateCharge => "late-charge",
        OrderEventKind::Refunded => "refunded",
        OrderEventKind::RefundRefused => "refund-refused",
        OrderEventKind::DisputeOpened => "dispute-opened",
        _ => return None,
    })
}

/// As much of a text as is kept.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(CAUSE_MAX).collect()
}
