//! What somebody bought: item by item, and in all.

#[cfg(feature = "ssr")]
pub mod read;
mod sums;

pub use sums::{Line, Of, Sums};

use crate::listening::Streak;
use crate::{Money, Page, Timestamp};
use serde::{Deserialize, Serialize};

/// Most titles that are looked at, the newest first.
pub const MOST: u64 = 5_000;

/// A title that was bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchase {
    pub title: String,
    pub slug: String,
    /// The number of its order.
    pub order: String,
    pub bought_at: Timestamp,
    /// What was paid for it.
    pub price: Money,
    /// What of the price was paid back.
    pub refunded: Money,
    /// When all of it was.
    pub refunded_at: Option<Timestamp>,
    pub duration_ms: i64,
    /// How far it was heard.
    pub heard_ms: i64,
    /// It was bought for somebody else.
    #[serde(default)]
    pub gift: bool,
}

/// One's own purchases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Purchases {
    pub page: Page<Purchase>,
    /// There are more than were looked at.
    pub more: bool,
    pub all: Sums,
    /// Month by month, the newest first, each known by its first day.
    pub months: Vec<Line<crate::Day>>,
    /// By the first category of each title, the most bought first.
    pub categories: Vec<Line<Option<crate::catalog::Link>>>,
    /// On how many days in a row they heard something, whatever it was.
    #[serde(default)]
    pub streak: Streak,
}
