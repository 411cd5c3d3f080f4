//! Titles of which only so many may be sold.

use crate::entities::audiobooks;

/// Whether no licence is left to sell; any number may be sold when there is no total.
pub(super) fn sold_out(total: Option<i32>, sold: i32) -> bool {
    total.is_some_and(|total| sold >= total)
}

impl audiobooks::Model {
    /// Whether no licence is left to sell.
    pub(crate) fn sold_out(&self) -> bool {
        sold_out(self.licences_total, self.licences_sold)
    }
}
