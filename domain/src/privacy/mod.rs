//! What people can do about the data that the shop has of them: take it along, and have it deleted. It stands above the
//! contexts that hold such data, each of which says in a file `privacy.rs` what it has and how it forgets it.

#[cfg(feature = "ssr")]
pub mod deletion;
#[cfg(feature = "ssr")]
pub mod export;

use crate::account::Email;
use serde::{Deserialize, Serialize};

/// What goes when somebody deletes their account, and what stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeletionPreview {
    /// To be typed, so that nobody deletes an account by mistake.
    pub email: Email,
    /// Books in the library.
    pub books: u64,
    /// Reviews and ratings.
    pub reviews: u64,
    /// Orders, which stay without the person.
    pub orders: u64,
}
