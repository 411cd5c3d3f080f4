//! Attempts counted by all servers together in a store that is quick and may go away.

use super::Allowance;
use super::memory::Memory;
use crate::{Clock, Timestamp};
use async_trait::async_trait;
use std::sync::Arc;

/// A store of buckets, by the clock of its own that all servers share. Every answer may be none: it is away.
#[async_trait]
pub trait Buckets: std::fmt::Debug + Send + Sync {
    /// Milliseconds to wait; 0 when the attempt is let through, and counted. One more is allowed after `interval_ms`, a
    /// burst runs ahead by `tolerance_ms` at most.
    async fn take(&self, key: &str, interval_ms: i64, tolerance_ms: i64) -> Option<i64>;

    /// Milliseconds until a bucket is empty again; 0 for one that is.
    async fn until_empty_ms(&self, key: &str) -> Option<i64>;

    async fn forget(&self, key: &str) -> Option<()>;
}

/// Such a store, and what this process counts by itself while it is away: never nothing, and never nobody let through.
#[derive(Debug)]
pub struct Elsewhere {
    buckets: Arc<dyn Buckets>,
    meanwhile: Memory,
    clock: Arc<dyn Clock>,
}

impl Elsewhere {
    pub fn new(buckets: Arc<dyn Buckets>, clock: Arc<dyn Clock>) -> Self {
        Self { buckets, meanwhile: Memory::default(), clock }
    }

    pub async fn take(&self, key: &str, allowance: Allowance) -> i64 {
        match self.buckets.take(key, allowance.interval_ms(), allowance.tolerance_ms()).await {
            Some(wait_ms) => wait_ms,
            None => self.meanwhile.take(key, allowance, self.clock.now()),
        }
    }

    /// When a bucket is empty again, and what time it is.
    pub async fn empty_at(&self, key: &str) -> (Timestamp, Timestamp) {
        let now = self.clock.now();
        match self.buckets.until_empty_ms(key).await {
            Some(ms) => (now.plus_ms(ms), now),
            None => (self.meanwhile.empty_at(key), now),
        }
    }

    /// In both places: it may go away or come back at any moment.
    pub async fn forget(&self, key: &str) {
        self.meanwhile.forget(key);
        if self.buckets.forget(key).await.is_none() {
            tracing::debug!("attempts are remembered by a store that is away, until they are too old");
        }
    }
}
