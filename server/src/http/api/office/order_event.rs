//! What happened to an order.

use crate::http::api::values::time;
use domain::ordering::{EventActor, OrderEvent, OrderEventKind};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Something that happened to an order.
#[derive(Serialize, ToSchema)]
pub struct OfficeOrderEvent {
    pub id: Uuid,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub at: String,
    /// `placed`, `paid`, `fulfilled`, `declined`, `cancelled`, `late-charge`, `refund-asked`, `refunded`, `refund-refused`,
    /// `dispute-opened`, `dispute-won`, `dispute-lost`, `mailed`, `receipt-sent`, `gift-sent`, `gift-resent`,
    /// `gift-redeemed` or `note`; a newer version of the shop may know more.
    #[schema(value_type = String, example = "paid")]
    pub kind: OrderEventKind,
    /// Why it happened, or more about it: through what a payment became known, the reason of a refund, the subject of a mail,
    /// the text of a note. Missing once the buyer's account is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Your receipt")]
    pub cause: Option<String>,
    /// `shop`, `buyer`, `recipient` (of a gift) or `admin`.
    #[schema(example = "shop")]
    pub by: &'static str,
    /// The address of the admin.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "kim@example.com")]
    pub admin: Option<String>,
}

impl From<OrderEvent> for OfficeOrderEvent {
    fn from(event: OrderEvent) -> Self {
        let (by, admin) = match event.by {
            EventActor::Shop => ("shop", None),
            EventActor::Buyer => ("buyer", None),
            EventActor::Recipient => ("recipient", None),
            EventActor::Admin(address) => ("admin", Some(address)),
        };
        Self { id: event.id, at: time(event.at), kind: event.kind, cause: event.cause, by, admin }
    }
}
