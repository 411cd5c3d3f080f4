//! What is worth a look: for visitors who do not know yet what they want.

#[cfg(feature = "ssr")]
mod best;
#[cfg(feature = "ssr")]
pub mod look;

use super::{AudiobookSummary, CategoryCount, Link};
use serde::{Deserialize, Serialize};

/// Lists of titles, of the whole shop or of one category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discover {
    /// `None` for the whole shop.
    pub category: Option<Link>,
    /// What was sold most in the last seven days.
    pub of_the_week: Vec<AudiobookSummary>,
    /// What was sold most since there is a shop.
    pub of_all_time: Vec<AudiobookSummary>,
    pub newest: Vec<AudiobookSummary>,
    /// What is sold for less now, the cheapest first.
    pub on_sale: Vec<AudiobookSummary>,
    /// What was heard to its end most, this month and in the one before.
    pub most_finished: Vec<AudiobookSummary>,
    /// All categories that have a title.
    pub categories: Vec<CategoryCount>,
}
