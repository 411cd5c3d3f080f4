//! A Redis that goes away, or says nothing more.

use crate::http::testing::Shop;
use crate::redis_server::testing::{Server, until};
use domain::limits::Rule;
use std::time::Duration;

/// A path that programs ask for, which is counted.
const ASKED: &str = "/api/v1/openapi.json";
/// What a request may take before a test says that it hangs.
const HANGS: Duration = Duration::from_secs(20);

async fn shop(server: &Server, answer_ms: u64) -> Shop {
    let mut redis = server.config();
    redis.answer_ms = answer_ms;
    Shop::open_whole(|config| {
        config.redis = redis;
        config.uploads.max_bytes = 1;
        config.limits.set(Rule::Api, "3/1h");
    })
    .await
}

async fn status(shop: &Shop, path: &str) -> u16 {
    tokio::time::timeout(HANGS, shop.get("", path, &[])).await.expect("the shop hangs").status.as_u16()
}

async fn has(shop: &Shop, line: &str) -> bool {
    let text = shop.state.metrics.text(&shop.db, &*shop.state.rate_source).await.unwrap();
    text.lines().any(|one| one == line)
}

/// Three requests are answered, the fourth was one too many.
async fn counts_three(shop: &Shop) {
    for _ in 0..3 {
        assert_eq!(status(shop, ASKED).await, 200);
    }
    assert_eq!(status(shop, ASKED).await, 429);
}

#[tokio::test]
async fn a_shop_whose_redis_went_away_stays_open_counts_by_itself_and_takes_it_up_again() {
    let mut server = Server::start().await;
    let shop = shop(&server, 10_000).await;
    counts_three(&shop).await;
    assert!(has(&shop, "lectern_redis_up 1").await);
    assert!(has(&shop, r#"lectern_redis_failures_total{use="limits"} 0"#).await);
    assert_eq!(shop.get("", "/readyz", &[]).await.text(), "ready");

    server.stop();
    counts_three(&shop).await;
    assert_eq!(status(&shop, "/").await, 200);
    assert!(has(&shop, "lectern_redis_up 0").await);
    assert!(!has(&shop, r#"lectern_redis_failures_total{use="limits"} 0"#).await);
    let ready = shop.get("", "/readyz", &[]).await;
    assert_eq!(ready.status.as_u16(), 200, "it sells all the same");
    assert!(ready.text().starts_with("degraded\nRedis does not answer"), "{}", ready.text());

    server.start_again().await;
    until("Redis is taken up again", async || has(&shop, "lectern_redis_up 1").await).await;
    // What the shop counted by itself is full, and the new Redis knows of nobody.
    counts_three(&shop).await;
    assert_eq!(shop.get("", "/readyz", &[]).await.text(), "ready");
}

#[tokio::test]
async fn a_redis_that_says_nothing_more_costs_a_request_no_more_than_its_time_limit() {
    let server = Server::start().await;
    let shop = shop(&server, 100).await;
    server.freeze();
    // It never answers: without a limit each of them would wait for ever.
    counts_three(&shop).await;
    assert!(has(&shop, "lectern_redis_up 0").await);
    server.thaw();
    until("Redis is taken up again", async || has(&shop, "lectern_redis_up 1").await).await;
}

#[tokio::test]
async fn a_shop_that_opens_while_its_redis_is_away_takes_it_up_later() {
    let mut server = Server::start().await;
    server.stop();
    let shop = shop(&server, 10_000).await;
    counts_three(&shop).await;
    assert!(has(&shop, "lectern_redis_up 0").await);
    server.start_again().await;
    until("Redis is taken up", async || has(&shop, "lectern_redis_up 1").await).await;
    counts_three(&shop).await;
}

#[tokio::test]
async fn a_shop_without_redis_tells_nothing_of_one() {
    let shop = Shop::open().await;
    let text = shop.state.metrics.text(&shop.db, &*shop.state.rate_source).await.unwrap();
    assert!(!text.contains("redis"), "{text}");
}
