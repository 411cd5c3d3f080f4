//! What people wish for: to find it again, and to hear when it is on sale.

#[cfg(feature = "ssr")]
pub mod keep;
#[cfg(feature = "ssr")]
pub mod privacy;
#[cfg(feature = "ssr")]
mod sale_key;
#[cfg(feature = "ssr")]
pub mod tell;

use crate::catalog::AudiobookSummary;
use serde::{Deserialize, Serialize};

/// Titles that one person may wish for at once.
pub const MOST: usize = 500;

/// What somebody wishes for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wishlist {
    /// The latest wish first. What they own or nobody can buy is left out.
    pub books: Vec<AudiobookSummary>,
    /// They want a mail when something of it is on sale.
    pub mails: bool,
}
