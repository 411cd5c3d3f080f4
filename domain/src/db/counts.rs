//! How often something happened in this process since it began: for who watches the shop, not for the shop itself.

use super::Db;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// A line of the audit trail, by its action.
pub const ACTION: &str = "action";
/// A sale or a payment went on: `placed`, `paid`, `declined` and so on.
pub const ORDER: &str = "order";

/// What happened, and which of its kinds: both are names in the program, so there are only so many.
pub type What = (&'static str, &'static str);

#[derive(Debug, Default)]
pub(super) struct Counts(Mutex<BTreeMap<What, u64>>);

impl Counts {
    pub fn add(&self, all: impl IntoIterator<Item = What>) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.into_iter().for_each(|what| *counts.entry(what).or_default() += 1);
    }
}

impl Db {
    /// Notes that something happened.
    pub fn count(&self, what: &'static str, kind: &'static str) {
        self.remembered::<Counts>().add([(what, kind)]);
    }

    /// How often each thing happened.
    pub fn counts(&self) -> BTreeMap<What, u64> {
        self.remembered::<Counts>().0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
