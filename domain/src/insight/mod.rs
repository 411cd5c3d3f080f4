//! What the people who run the shop see of all of it at once: the shop in numbers, the list of titles, and changes to many
//! of them; and what sells.

#[cfg(feature = "ssr")]
pub mod bulk;
#[cfg(feature = "ssr")]
pub mod dashboard;
mod listing;
pub mod purchases;
pub mod report;
#[cfg(feature = "ssr")]
pub mod title_walk;
#[cfg(feature = "ssr")]
pub mod titles;

pub use listing::{Bounded, Lack, TitleFilter, TitleList, TitleRow, TitleSort, TitleTab};

use crate::Money;
use crate::Timestamp;
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

/// What was sold, in every currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sales {
    pub orders_paid: u64,
    /// What was paid and not paid back, by currency: first the one with the most orders. Never empty.
    pub revenue: Vec<Money>,
    pub customers: u64,
}

/// What became of a title in a change to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum ItemOutcome {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "waiting"))]
    Waiting,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "changed"))]
    Changed,
    /// It was so already.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "unchanged"))]
    Unchanged,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "refused"))]
    Refused,
}

/// A change to many titles, as far as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkView {
    pub id: Uuid,
    /// What is done.
    pub words: String,
    /// Who asked for it.
    pub who: String,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Why it does not go on.
    pub stopped: Option<String>,
    pub waiting: u64,
    pub changed: u64,
    pub unchanged: u64,
    pub refused: u64,
    /// The first of those that were refused.
    pub refusals: Vec<BulkRefusal>,
}

impl BulkView {
    pub fn total(&self) -> u64 {
        self.waiting + self.changed + self.unchanged + self.refused
    }

    /// Nothing more happens to it by itself.
    pub fn is_over(&self) -> bool {
        self.finished_at.is_some() || self.stopped.is_some()
    }
}

/// A title that was left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkRefusal {
    pub id: Uuid,
    /// `None` when it is gone.
    pub title: Option<String>,
    /// In a sentence.
    pub reason: String,
}
