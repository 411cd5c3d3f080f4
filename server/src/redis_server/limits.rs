//! Attempts counted in Redis, by its clock, so that servers whose clocks differ count alike.

use super::{Redis, Use};
use async_trait::async_trait;
use domain::limits::Buckets;
use redis::Script;

/// The generic cell rate algorithm in one step, as `Allowance::admit` has it. The key is there until its bucket is empty.
const TAKE: &str = "
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local interval, tolerance = tonumber(ARGV[1]), tonumber(ARGV[2])
local empty_at = tonumber(redis.call('GET', KEYS[1]) or '0') or 0
local wait = empty_at - now - tolerance
if wait > 0 then
    return wait
end
empty_at = math.max(empty_at, now) + interval
redis.call('SET', KEYS[1], string.format('%.0f', empty_at), 'PX', string.format('%.0f', empty_at - now))
return 0
";

/// Buckets that every server with the same Redis shares.
#[derive(Debug)]
pub struct RedisBuckets {
    redis: Redis,
    take: Script,
}

impl RedisBuckets {
    pub fn new(redis: &Redis) -> Self {
        Self { redis: redis.clone(), take: Script::new(TAKE) }
    }

    fn name(&self, key: &str) -> String {
        self.redis.key(format_args!("limit:{key}"))
    }
}

#[async_trait]
impl Buckets for RedisBuckets {
    async fn take(&self, key: &str, interval_ms: i64, tolerance_ms: i64) -> Option<i64> {
        let mut script = self.take.key(self.name(key));
        script.arg(interval_ms).arg(tolerance_ms);
        self.redis.run(Use::Limits, &script).await
    }

    async fn until_empty_ms(&self, key: &str) -> Option<i64> {
        // Less than nothing for a key that is not there.
        let left: i64 = self.redis.ask(Use::Limits, redis::cmd("PTTL").arg(self.name(key))).await?;
        Some(left.max(0))
    }

    async fn forget(&self, key: &str) -> Option<()> {
        self.redis.ask(Use::Limits, redis::cmd("DEL").arg(self.name(key))).await
    }
}
