//! A Redis whose user may not do everything that the shop asks for.

use crate::redis_server::testing::Server;
use crate::redis_server::{Redis, RedisBuckets, Use};
use crate::telemetry::captured::Lines;
use domain::limits::Buckets;

const SAID: &str = "Redis does not let its user do this: the shop does without that";
const AWAY: &str = "Redis is away: the shop goes on without it";

/// One that refuses a command to everybody.
async fn without(command: &'static str) -> Server {
    Server::start_with(&["--user", "default", "on", "nopass", "~*", "&*", "+@all", command]).await
}

fn failures(redis: &Redis, of: Use) -> u64 {
    redis.failures().find_map(|(used_by, number)| (used_by == of).then_some(number)).unwrap()
}

#[tokio::test]
async fn a_redis_that_forbids_one_command_is_used_for_the_rest_and_that_is_said_once() {
    let server = without("-get").await;
    let lines = Lines::default();
    let listening = tracing::dispatcher::set_default(&lines.subscriber("warn"));
    let redis = server.open();
    for number in 1..=3 {
        assert_eq!(redis.ask::<Option<String>>(Use::Pages, redis::cmd("GET").arg("a")).await, None);
        assert_eq!(redis.ask::<i64>(Use::Sessions, redis::cmd("INCR").arg("b")).await, Some(number));
        assert!(redis.is_up());
    }
    drop(listening);
    assert_eq!((lines.count(SAID), lines.count(AWAY)), (1, 0));
    assert_eq!(lines.saying(SAID)["fields"]["used_by"], "pages");
    assert_eq!((failures(&redis, Use::Pages), failures(&redis, Use::Sessions)), (3, 0));
}

#[tokio::test]
async fn a_script_that_may_not_read_is_done_without_and_that_is_said_once() {
    let server = without("-get").await;
    let lines = Lines::default();
    let listening = tracing::dispatcher::set_default(&lines.subscriber("warn"));
    let redis = server.open();
    let buckets = RedisBuckets::new(&redis);
    for _ in 0..3 {
        assert_eq!(buckets.take("ada", 1000, 1000).await, None, "each server counts by itself");
        assert!(redis.is_up());
    }
    drop(listening);
    assert_eq!((lines.count(SAID), lines.count(AWAY)), (1, 0));
}

#[tokio::test]
async fn a_right_that_is_given_later_counts_at_once() {
    let server = without("-get").await;
    let redis = server.open();
    assert_eq!(redis.ask::<Option<String>>(Use::Pages, redis::cmd("GET").arg("a")).await, None);
    let mut allow = redis::cmd("ACL");
    allow.arg("SETUSER").arg("default").arg("+get");
    redis.ask::<()>(Use::Wake, &allow).await.unwrap();
    assert_eq!(redis.ask::<Option<String>>(Use::Pages, redis::cmd("GET").arg("a")).await, Some(None));
}
