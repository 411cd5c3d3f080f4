//! Gifts as their buyers see them.

use crate::http::api::values::time;
use domain::ordering::{Gift, GiftState, OrderStatus};
use serde::Serialize;
use utoipa::ToSchema;

/// A gift, as its buyer sees it.
#[derive(Serialize, ToSchema)]
pub struct GivenGift {
    state: GivenState,
    /// The address that the mail goes to.
    #[schema(example = "ben@example.com")]
    recipient: Option<String>,
    #[schema(example = "Ben")]
    recipient_name: Option<String>,
    #[schema(example = "Ada")]
    sender: Option<String>,
    #[schema(example = "For the long evenings.")]
    message: Option<String>,
    /// The day on which the mail goes.
    #[schema(format = Date, example = "2026-12-24")]
    send_on: String,
    #[schema(format = DateTime, example = "2026-12-24T09:00:00Z")]
    sent_at: Option<String>,
    #[schema(format = DateTime, example = "2026-12-24T18:30:00Z")]
    accepted_at: Option<String>,
}

/// How a gift stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GivenState {
    /// Its order is not paid, or came to nothing.
    Unpaid,
    /// The mail goes on its day.
    Waits,
    Sent,
    Accepted,
    /// It was paid back.
    Over,
}

impl GivenGift {
    pub fn new(gift: Gift, order: OrderStatus) -> Self {
        let state = match gift.state(order) {
            GiftState::Unpaid => GivenState::Unpaid,
            GiftState::Waits => GivenState::Waits,
            GiftState::Sent => GivenState::Sent,
            GiftState::Redeemed => GivenState::Accepted,
            GiftState::Over => GivenState::Over,
        };
        Self {
            state,
            recipient: gift.recipient,
            recipient_name: gift.recipient_name,
            sender: gift.sender,
            message: gift.message,
            send_on: gift.send_on.to_string(),
            sent_at: gift.sent_at.map(time),
            accepted_at: gift.redeemed_at.map(time),
        }
    }
}
