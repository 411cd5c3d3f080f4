//! What tests start from: people, titles and what they own, put there the way the shop does it. Only the tests of this
//! workspace see it (feature `test-support`), and with it the tables.
#![expect(clippy::unwrap_used, reason = "a test fails where it cannot begin")]

mod recordings;
mod rows;
mod titles;
mod users;

pub use recordings::{add_part, copy, propose, record, say, say_as};
pub use rows::{insert, sample, set};
pub use titles::{Title, TitleBuilder, for_sale, title};
pub use users::{give, shopper, user};

/// A day in milliseconds.
pub const DAY: i64 = 86_400_000;
