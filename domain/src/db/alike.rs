//! What every visitor sees alike: the shop window, the categories, a title's page. It is remembered for a moment, and
//! forgotten by whatever changes it: a transaction that writes to one of the tables that shoppers see, wherever in the shop
//! it is, is noticed as it goes by (`shelves.rs`), so that nobody who writes has to think of it.
//!
//! A price that changes by itself, because a sale begins or ends, changes on time: whoever makes cards of titles notes when
//! ([`Db::changes_at`]).
//!
//! Where another server wrote it is heard of on PostgreSQL, and at once where the servers share a Redis (`copies.rs`);
//! elsewhere it shows a moment later.

use super::Db;
use super::copies::COPIED_MS;
#[cfg(feature = "test-support")]
use super::shelves::SHELVES;
use crate::{Result, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Moments soon at which a price changes by itself, because a sale begins or ends.
#[derive(Default)]
struct Moments(Mutex<BTreeSet<i64>>);

/// How long something is remembered, in milliseconds.
const FOR_MS: i64 = 3_000;
/// How many of one kind are remembered, such as the pages of titles.
const MOST: usize = 200;

/// Values of one kind, by what they were asked for.
struct Known<K, V>(Mutex<HashMap<K, Slot<V>>>);

/// Held by the one who looks, so that a crowd asks once.
type Slot<V> = Arc<tokio::sync::Mutex<Option<Seen<V>>>>;

struct Seen<V> {
    /// The changes to the shelves before it was looked up.
    change: u64,
    /// The word of the last change by any server, where that is shared.
    word: Option<String>,
    at: Timestamp,
    value: V,
}

impl<K, V> Default for Known<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Known<K, V> {
    fn slot(&self, key: K) -> Slot<V> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.len() >= MOST && !slots.contains_key(&key) {
            slots.clear();
        }
        slots.entry(key).or_default().clone()
    }
}

impl Db {
    /// What `look` finds, or found a moment ago if nothing on the shelves has changed. Keys of different kinds have
    /// different types. It must not depend on who asks.
    ///
    /// # Errors
    /// As `look`; nothing is remembered then.
    pub(crate) async fn alike<K, V, F>(&self, key: K, look: impl FnOnce() -> F) -> Result<V>
    where
        K: Eq + Hash + Send + 'static,
        V: Clone + Send + 'static,
        F: Future<Output = Result<V>>,
    {
        // Asked for before the slot is taken, so that a crowd does not wait for it one by one.
        let word = self.word().await;
        let slot = self.remembered::<Known<K, V>>().slot(key);
        let mut slot = slot.lock().await;
        let (change, now) = (self.announcements.shelves(), self.now());
        if let Some(seen) = &*slot
            && seen.change == change
            && (word.is_none() || seen.word == word)
            && (0..FOR_MS).contains(&(now.0 - seen.at.0))
            && !self.price_changed(seen.at, now)
        {
            return Ok(seen.value.clone());
        }
        let value = look().await?;
        *slot = Some(Seen { change, word, at: now, value: value.clone() });
        Ok(value)
    }

    /// Notes when something that is being looked at changes by itself.
    pub(crate) fn changes_at(&self, moments: impl Iterator<Item = Timestamp>) {
        let now = self.now().0;
        // A copy is shown for so long, and remembered for a moment by whoever has read it last.
        let last = now + COPIED_MS + FOR_MS;
        let soon: Vec<i64> = moments.map(|at| at.0).filter(|at| (now + 1..=last).contains(at)).collect();
        if soon.is_empty() {
            return;
        }
        let known = self.remembered::<Moments>();
        let mut known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|at| *at > now - FOR_MS);
        known.extend(soon);
    }

    /// The first such moment after another one, as far as it is soon.
    pub(super) fn next_change(&self, after: Timestamp) -> Option<Timestamp> {
        let known = self.remembered::<Moments>();
        let known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.range(after.0 + 1..).next().map(|at| Timestamp(*at))
    }

    fn price_changed(&self, after: Timestamp, until: Timestamp) -> bool {
        let known = self.remembered::<Moments>();
        let known = known.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.iter().any(|at| (after.0 + 1..=until.0).contains(at))
    }

    /// For what a test writes without a transaction.
    #[cfg(feature = "test-support")]
    pub(crate) fn forget_alike(&self) {
        self.announcements.announce(SHELVES);
    }
}
