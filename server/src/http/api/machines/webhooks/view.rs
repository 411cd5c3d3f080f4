//! Webhooks as programs send and get them.

use crate::http::api::values::time;
use domain::webhooks::{EventKind, OffWhy, Webhook};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use uuid::Uuid;

/// An address that is told what happens in the shop.
#[derive(Serialize, ToSchema)]
#[schema(as = Webhook)]
pub struct AWebhook {
    pub id: Uuid,
    #[schema(example = "https://app.example/hooks")]
    pub address: String,
    #[schema(schema_with = events)]
    pub events: Vec<EventKind>,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub created_at: String,
    /// Since when no message arrives; missing while they do. After five days the address is switched off.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-21T10:00:00Z")]
    pub failing_since: Option<String>,
    /// Whether it is told what happens.
    #[schema(example = true)]
    pub on: bool,
    /// Why it is told nothing: `switched` by an admin, `gone` as it answered 410, `failing` for days.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = String, example = "gone")]
    pub off_why: Option<OffWhy>,
    /// Until when the secret of before signs as well; missing where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-22T10:00:00Z")]
    pub old_secret_until: Option<String>,
}

/// The names of what a program can be told.
fn events() -> ArrayBuilder {
    let names = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(EventKind::ALL.map(EventKind::name)));
    let example = serde_json::json!(["order.paid", "order.refunded"]);
    ArrayBuilder::new().items(names).description(Some("What it is told.")).examples([example])
}

impl From<Webhook> for AWebhook {
    fn from(webhook: Webhook) -> Self {
        Self {
            id: webhook.id,
            address: webhook.address,
            events: webhook.events,
            created_at: time(webhook.created_at),
            failing_since: webhook.failing_since.map(time),
            on: webhook.off.is_none(),
            off_why: webhook.off.map(|(_, why)| why),
            old_secret_until: webhook.old_secret_until.map(time),
        }
    }
}

/// An address to be told what happens.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhook {
    /// It has to begin with https and to lead into the world; nothing is sent into private networks.
    #[schema(example = "https://app.example/hooks", max_length = 500)]
    pub address: String,
    #[schema(schema_with = events)]
    pub events: Vec<EventKind>,
}

/// What is to be another. What is missing stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WebhookChange)]
pub struct WebhookWish {
    #[serde(default)]
    #[schema(example = "https://app.example/hooks", max_length = 500)]
    pub address: Option<String>,
    #[serde(default, deserialize_with = "sent")]
    #[schema(schema_with = events, required = false)]
    pub events: Option<Vec<EventKind>>,
    /// Whether it is told what happens. What happens while it is off it is never told, and messages whose time comes then are
    /// given up.
    #[serde(default)]
    #[schema(example = true)]
    pub on: Option<bool>,
}

/// Where events are sent, they are a list: `null` is none.
fn sent<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<EventKind>>, D::Error> {
    Vec::deserialize(deserializer).map(Some)
}

/// An address with a new secret.
#[derive(Serialize, ToSchema)]
pub struct WebhookWithSecret {
    pub webhook: AWebhook,
    /// What messages are signed with: `webhook-signature` holds an HMAC-SHA256 by it. It is shown this once.
    #[schema(example = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0000000000A=")]
    pub secret: String,
}
