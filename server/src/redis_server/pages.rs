//! What every visitor sees alike, left in Redis by one server for the others. What may be believed of it is the domain's
//! business (`domain/src/db/copies.rs`).

use super::{Redis, Use};
use async_trait::async_trait;
use domain::Shared;

/// The copies of every server with the same Redis.
#[derive(Debug)]
pub struct RedisPages(Redis);

impl RedisPages {
    pub fn new(redis: &Redis) -> Self {
        Self(redis.clone())
    }

    fn name(&self, name: &str) -> String {
        self.0.key(format_args!("page:{name}"))
    }
}

#[async_trait]
impl Shared for RedisPages {
    fn is_there(&self) -> bool {
        self.0.is_up()
    }

    async fn read(&self, name: &str) -> Option<Option<String>> {
        self.0.ask(Use::Pages, redis::cmd("GET").arg(self.name(name))).await
    }

    async fn write(&self, name: &str, text: &str, for_ms: u64) {
        let mut set = redis::cmd("SET");
        set.arg(self.name(name)).arg(text).arg("PX").arg(for_ms);
        // Not left, where there is no answer: it is counted.
        let _: Option<()> = self.0.ask(Use::Pages, &set).await;
    }
}
