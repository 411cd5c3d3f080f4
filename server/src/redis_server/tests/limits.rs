//! Servers that count attempts together.

use crate::redis_server::testing::Server;
use crate::redis_server::{Redis, RedisBuckets, Use};
use domain::limits::{Allowance, Buckets, Limits, Rule};
use domain::{Actor, Error, SystemClock};
use std::sync::Arc;

const HOUR_MS: i64 = 3_600_000;

/// What one server of the shop counts.
fn limits(server: &Server, written: &str) -> Limits {
    let allowance = Allowance::read(written).unwrap().unwrap();
    let buckets = Arc::new(RedisBuckets::new(&server.open()));
    Limits::in_buckets([(Rule::Register, allowance)].into(), buckets, Arc::new(SystemClock))
}

async fn wait(limits: &Limits, key: &str) -> i64 {
    match limits.take(Rule::Register, &[key]).await {
        Ok(()) => 0,
        Err(Error::TooMany { wait_ms }) => wait_ms,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn two_servers_share_one_limit() {
    let server = Server::start().await;
    let (one, other) = (limits(&server, "2/1h"), limits(&server, "2/1h"));
    assert_eq!((wait(&one, "ada").await, wait(&other, "ada").await), (0, 0));
    for limits in [&one, &other] {
        let wait_ms = wait(limits, "ada").await;
        assert!((1..=HOUR_MS / 2).contains(&wait_ms), "{wait_ms}");
        assert_eq!(wait(limits, "bob").await, 0, "others are not held up");
    }
    one.forget(Rule::Register, &["ada"]).await.unwrap();
    assert_eq!(wait(&other, "ada").await, 0, "and both forget");
}

#[tokio::test]
async fn a_crowd_at_two_servers_is_let_through_to_the_last_one_allowed_and_no_further() {
    let server = Server::start().await;
    let servers = [limits(&server, "10/1h"), limits(&server, "10/1h")];
    let crowd = (0..40).map(|number| {
        let limits = servers[number % 2].clone();
        tokio::spawn(async move { wait(&limits, "ada").await })
    });
    let mut let_through = 0;
    for one in crowd.collect::<Vec<_>>() {
        let_through += usize::from(one.await.unwrap() == 0);
    }
    assert_eq!(let_through, 10);
}

#[tokio::test]
async fn whoever_has_many_ipv6_networks_is_counted_by_the_larger_one_too() {
    let server = Server::start().await;
    let limits = limits(&server, "2/1h");
    let from = |network: u32| Actor::visitor(Some(format!("2001:db8:7:{network:x}::1").parse().unwrap()), None);
    let mut let_through = 0;
    for network in 0..100 {
        let_through += u32::from(limits.take_network(Rule::Register, &from(network)).await.is_ok());
    }
    assert_eq!(let_through, 32, "sixteen times what one network may");
}

#[tokio::test]
async fn somebody_can_be_told_how_much_of_a_limit_is_left_by_any_server() {
    let server = Server::start().await;
    let (one, other) = (limits(&server, "3/1h"), limits(&server, "3/1h"));
    let ada = Actor::visitor(Some("192.0.2.7".parse().unwrap()), None);
    let standing = async || other.standing(Rule::Register, &ada).await.unwrap().unwrap();
    assert_eq!((standing().await.left, standing().await.full_in_s), (3, 0));
    one.take_network(Rule::Register, &ada).await.unwrap();
    let after_one = standing().await;
    assert_eq!((after_one.most, after_one.left), (3, 2));
    assert!((1..=1200).contains(&after_one.full_in_s), "{after_one:?}");
}

/// As if so many milliseconds had gone by since a bucket was filled.
async fn let_pass(redis: &Redis, key: &str, ms: i64) {
    let name = redis.key(format_args!("limit:{key}"));
    let empty_at: i64 = redis.ask(Use::Limits, redis::cmd("GET").arg(&name)).await.unwrap();
    let left_ms: i64 = redis.ask(Use::Limits, redis::cmd("PTTL").arg(&name)).await.unwrap();
    let mut earlier = redis::cmd("SET");
    earlier.arg(&name).arg(empty_at - ms).arg("PX").arg(left_ms - ms);
    redis.ask::<()>(Use::Limits, &earlier).await.unwrap();
}

#[tokio::test]
async fn who_tried_too_often_goes_on_after_a_while_and_a_bucket_is_kept_no_longer_than_it_counts() {
    let server = Server::start().await;
    let redis = server.open();
    let buckets = RedisBuckets::new(&redis);
    // Three an hour.
    let take = async || buckets.take("ada", HOUR_MS / 3, HOUR_MS / 3 * 2).await.unwrap();
    for _ in 0..3 {
        assert_eq!(take().await, 0);
    }
    let wait_ms = take().await;
    assert!((1..=HOUR_MS / 3).contains(&wait_ms), "{wait_ms}");
    let until_empty_ms = buckets.until_empty_ms("ada").await.unwrap();
    assert!((1..=HOUR_MS).contains(&until_empty_ms), "it is kept until it is empty: {until_empty_ms}");
    let_pass(&redis, "ada", HOUR_MS / 3).await;
    assert_eq!(take().await, 0, "a third of an hour is one more");
    assert!(take().await > 0);
    buckets.forget("ada").await.unwrap();
    assert_eq!(buckets.until_empty_ms("ada").await, Some(0));
}

#[tokio::test]
async fn a_bucket_that_holds_no_number_is_begun_anew() {
    let server = Server::start().await;
    let redis = server.open();
    let buckets = RedisBuckets::new(&redis);
    let mut garbage = redis::cmd("SET");
    garbage.arg(redis.key("limit:ada")).arg("many");
    redis.ask::<()>(Use::Limits, &garbage).await.unwrap();
    assert_eq!(buckets.take("ada", HOUR_MS, 0).await, Some(0));
    assert!(buckets.take("ada", HOUR_MS, 0).await.is_some_and(|wait_ms| wait_ms > 0));
}
