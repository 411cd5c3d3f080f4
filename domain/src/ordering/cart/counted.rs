//! What came into carts, for the figures of what sells.

use crate::Db;
use crate::account::User;
use crate::figures::tally::{Did, did};

/// Counts titles that came into a cart where they were not yet, unless by an admin.
pub fn put_into_cart(db: &Db, by: Option<&User>, slugs: &[String]) {
    if !by.is_some_and(User::is_admin) {
        slugs.iter().for_each(|slug| did(db, slug, Did::PutIntoCart));
    }
}
