//! Programs elsewhere that are told what happens in the shop (Standard Webhooks).
//!
//! A message is written in the transaction of what it tells of, so that none is sent of what did not happen and none is lost;
//! a job sends it, and again while it does not arrive. It holds what happened and ids, nothing of a person: whoever wants
//! more asks the API.

#[cfg(feature = "ssr")]
pub mod address;
#[cfg(feature = "ssr")]
pub mod deliveries;
#[cfg(feature = "ssr")]
pub mod happened;
#[cfg(feature = "ssr")]
pub mod keep;
#[cfg(feature = "ssr")]
pub mod sending;

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// How many addresses there are at most.
pub const MOST: usize = 20;
/// Hours for which the secret of before signs as well.
pub const OLD_SECRET_HOURS: i64 = 24;
/// Days for which messages can be looked at.
pub const KEPT_DAYS: i64 = 30;

/// Something that a program can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventKind {
    #[serde(rename = "order.paid")]
    OrderPaid,
    #[serde(rename = "order.refunded")]
    OrderRefunded,
    #[serde(rename = "title.published")]
    TitlePublished,
    #[serde(rename = "production.failed")]
    ProductionFailed,
}

impl EventKind {
    pub const ALL: [Self; 4] = [Self::OrderPaid, Self::OrderRefunded, Self::TitlePublished, Self::ProductionFailed];

    pub fn name(self) -> &'static str {
        match self {
            Self::OrderPaid => "order.paid",
            Self::OrderRefunded => "order.refunded",
            Self::TitlePublished => "title.published",
            Self::ProductionFailed => "production.failed",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// When it is sent, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::OrderPaid => "An order was paid.",
            Self::OrderRefunded => "Money was paid back.",
            Self::TitlePublished => "A title went on sale.",
            Self::ProductionFailed => "A step of a title’s production was given up.",
        }
    }
}

/// Why an address is told nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum OffWhy {
    /// An admin switched it off.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "switched"))]
    Switched,
    /// It answered that it is gone for good (410).
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "gone"))]
    Gone,
    /// For days no message arrived.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "failing"))]
    Failing,
}

/// How a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryStatus {
    /// It is to be sent, for the first time or again.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "waiting"))]
    Waiting,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "arrived"))]
    Arrived,
    /// It did not arrive and is not tried any more.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "failed"))]
    Failed,
}

impl DeliveryStatus {
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Arrived => "arrived",
            Self::Failed => "failed",
        }
    }
}

/// An address that is told what happens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhook {
    pub id: Uuid,
    pub address: String,
    pub events: Vec<EventKind>,
    pub created_at: Timestamp,
    /// Since when no message arrives.
    pub failing_since: Option<Timestamp>,
    /// It is told nothing since then, and why.
    pub off: Option<(Timestamp, OffWhy)>,
    /// Until when the secret of before signs as well.
    pub old_secret_until: Option<Timestamp>,
    pub version: i32,
}

/// What is told to which address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookForm {
    pub address: String,
    #[serde(default)]
    pub events: Vec<EventKind>,
}

/// What of an address is to be another. What is missing stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WebhookChange {
    pub address: Option<String>,
    pub events: Option<Vec<EventKind>>,
    /// Whether it is told what happens.
    pub on: Option<bool>,
}

/// What messages to an address are signed with: `whsec_` and bytes in Base64. It never shows itself in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningSecret(String);

impl SigningSecret {
    /// What a secret begins with, so that it is known as one.
    pub const PREFIX: &str = "whsec_";

    /// As its owner keeps it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SigningSecret {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl fmt::Debug for SigningSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningSecret(…)")
    }
}

/// A message and how it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub id: Uuid,
    /// The name of what happened.
    pub event: String,
    /// JSON, as it is sent.
    pub body: String,
    pub status: DeliveryStatus,
    pub tries: i32,
    pub created_at: Timestamp,
    pub tried_at: Option<Timestamp>,
    /// When it is tried again.
    pub next_at: Option<Timestamp>,
    /// The HTTP status of the last answer; `None` where there was none.
    pub answer_status: Option<i32>,
    /// The first characters of the last answer, or why there was none.
    pub answer: Option<String>,
    /// How long the last try took, in milliseconds.
    pub took_ms: Option<i32>,
}

/// A place in the list of messages, newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeliveryPlace {
    pub at: Timestamp,
    pub id: Uuid,
}
