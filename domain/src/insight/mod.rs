//! What the shop learns from its sales. The admin's first page shows it.

#[cfg(feature = "ssr")]
pub mod store;

use crate::Money;
use serde::{Deserialize, Serialize};

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
