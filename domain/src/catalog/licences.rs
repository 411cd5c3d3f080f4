//! Titles of which only so many may be sold.

use crate::entities::audiobooks;

/// How many licences are left to sell; `None` when any number may be sold. A total may have been lowered below what is
/// sold already: then none is left.
pub(super) fn left(total: Option<i32>, sold: i32) -> Option<i32> {
    total.map(|total| total.saturating_sub(sold).max(0))
}

impl audiobooks::Model {
    /// Whether no licence is left to sell.
    pub(crate) fn sold_out(&self) -> bool {
        left(self.licences_total, self.licences_sold) == Some(0)
    }
}
