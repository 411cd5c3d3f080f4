//! How it stands with the configured Redis. A shop without one tells nothing of it, so that no alarm asks for it.

use super::names::{By, by};
use super::{Counters, Metrics};
use crate::redis_server::Redis;
use prometheus_client::metrics::gauge::Gauge;
use std::sync::atomic::Ordering::Relaxed;

#[derive(Debug)]
pub(super) struct OfRedis {
    redis: Redis,
    up: Gauge,
    failures: Counters<By>,
}

impl Metrics {
    /// Of a process with this Redis, or with none.
    pub fn of(redis: Option<&Redis>) -> Self {
        let mut all = Self::default();
        if let Some(redis) = redis {
            let of = OfRedis { redis: redis.clone(), up: Gauge::default(), failures: Counters::default() };
            all.registry.register("redis_up", "Whether Redis answers this process", of.up.clone());
            all.registry.register(
                "redis_failures",
                "How often this process did without Redis, by what it wanted it for",
                of.failures.clone(),
            );
            all.redis = Some(of);
        }
        all
    }
}

impl OfRedis {
    pub(super) fn look(&self) {
        self.up.set(i64::from(self.redis.is_up()));
        for (used_by, number) in self.redis.failures() {
            self.failures.get_or_create(&by("use", used_by.name())).inner().store(number, Relaxed);
        }
    }
}
