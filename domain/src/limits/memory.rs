//! Attempts counted by one process.

use super::Allowance;
use crate::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Most buckets kept: about 15 MB. Only a flood from many networks reaches it.
const MOST: usize = 100_000;

/// When each bucket is empty again; one that is needs not be kept.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<String, Timestamp>>);

impl Memory {
    fn buckets(&self) -> MutexGuard<'_, HashMap<String, Timestamp>> {
        // Whoever panicked left a whole map behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Milliseconds to wait; 0 when the attempt is let through, and counted.
    pub fn take(&self, key: &str, allowance: Allowance, now: Timestamp) -> i64 {
        let mut buckets = self.buckets();
        let empty_at = buckets.get(key).copied().unwrap_or_default();
        match allowance.admit(empty_at, now) {
            Err(wait_ms) => wait_ms,
            Ok(empty_at) => {
                if buckets.len() >= MOST && !buckets.contains_key(key) {
                    make_room(&mut buckets, now, MOST);
                }
                buckets.insert(key.to_owned(), empty_at);
                0
            }
        }
    }

    /// When the bucket is empty again.
    pub fn empty_at(&self, key: &str) -> Timestamp {
        self.buckets().get(key).copied().unwrap_or_default()
    }

    pub fn forget(&self, key: &str) {
        self.buckets().remove(key);
    }
}

/// Drops the empty buckets, and when that is not enough the emptier half: those who try most are remembered longest.
fn make_room(buckets: &mut HashMap<String, Timestamp>, now: Timestamp, most: usize) {
    buckets.retain(|_, empty_at| *empty_at > now);
    if buckets.len() >= most {
        let mut moments: Vec<_> = buckets.values().copied().collect();
        let half = moments.len() / 2;
        let (_, middle, _) = moments.select_nth_unstable(half);
        let middle = *middle;
        let mut left = most / 2;
        buckets.retain(|_, empty_at| {
            let keep = *empty_at >= middle && left > 0;
            left -= usize::from(keep);
            keep
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_those_who_try_most_are_remembered() {
        let now = Timestamp(1000);
        let mut buckets: HashMap<_, _> = (0..100i64).map(|n| (n.to_string(), now.plus_ms(n - 9))).collect();
        make_room(&mut buckets, now, 100);
        assert_eq!(buckets.len(), 90, "empty buckets go first");
        make_room(&mut buckets, now, 90);
        assert_eq!(buckets.len(), 45);
        assert!(buckets.contains_key("99"));
        let mut alike: HashMap<_, _> = (0..100).map(|n| (n.to_string(), now.plus_ms(5))).collect();
        make_room(&mut alike, now, 100);
        assert_eq!(alike.len(), 50);
    }
}
