//! A buyer's bank that wants money back.

use crate::http::api::values::{Amount, time};
use domain::ordering::{Dispute, DisputeStatus};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A buyer's bank that wants money of an order back. It is answered on the pages of the payment provider.
#[derive(Serialize, ToSchema)]
pub struct OrderDispute {
    pub id: Uuid,
    /// `open`, then `won` (the shop keeps the money) or `lost` (it stands among the refunds too).
    #[schema(value_type = String, example = "open")]
    pub status: DisputeStatus,
    pub amount: Amount,
    /// What the provider calls it.
    #[schema(example = "du_1Nf")]
    pub handle: String,
    /// A word of the bank's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "fraudulent")]
    pub reason: Option<String>,
    #[schema(format = DateTime, example = "2026-11-22T10:00:00Z")]
    pub opened_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-12-20T10:00:00Z")]
    pub closed_at: Option<String>,
}

impl From<Dispute> for OrderDispute {
    fn from(dispute: Dispute) -> Self {
        Self {
            id: dispute.id,
            status: dispute.status,
            amount: dispute.amount.into(),
            handle: dispute.handle,
            reason: dispute.reason,
            opened_at: time(dispute.opened_at),
            closed_at: dispute.closed_at.map(time),
        }
    }
}
