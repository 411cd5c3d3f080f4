//! What the shop learns from its sales. The admin's first page shows it.

#[cfg(feature = "ssr")]
pub mod dashboard;
#[cfg(feature = "ssr")]
pub mod titles;

use crate::catalog::Status;
use crate::production::{Step, StepStatus};
use crate::{Money, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The shop at a glance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    pub published: u64,
    pub drafts: u64,
    /// Titles whose production failed or waits for a person.
    pub needing_attention: u64,
    /// Not for every admin.
    pub sales: Option<Sales>,
}

/// What was sold. Orders and revenue are those of the currency with the most orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sales {
    pub orders_paid: u64,
    pub revenue: Money,
    pub customers: u64,
}

/// A title in the admin's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleRow {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub authors: Vec<String>,
    pub status: Status,
    pub price: Money,
    pub duration_ms: i64,
    pub sold: i64,
    pub updated_at: Timestamp,
    /// The production step it stands at and how that goes.
    pub step: Option<(Step, StepStatus)>,
}
