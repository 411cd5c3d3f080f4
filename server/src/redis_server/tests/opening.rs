//! Addresses and passwords that are wrong.

use crate::AppState;
use crate::config::{self, Config};
use crate::doctor::{self, Finding, State};
use crate::redis_server::testing::Server;
use crate::redis_server::{Redis, Use};
use crate::telemetry::captured::Lines;
use tempfile::TempDir;

fn at(url: &str) -> config::Redis {
    config::Redis { url: url.to_owned(), prefix: "lectern:".to_owned(), answer_ms: 10_000 }
}

#[tokio::test]
async fn an_address_that_is_none_of_a_redis_is_refused_without_repeating_it() {
    for url in
        ["localhost:6379", "http://:hunter2@localhost", "redis://", "redis://:hunter2@/x", "rediss://a/#insecure"]
    {
        let refused = format!("{:#}", Redis::open(&at(url)).unwrap_err());
        assert!(refused.contains("redis.url") && !refused.contains("hunter2"), "{url}: {refused}");
    }
    let impatient = config::Redis { answer_ms: 0, ..at("redis://localhost") };
    assert!(Redis::open(&impatient).unwrap_err().to_string().contains("redis.answer_ms"));
    let folder = TempDir::new().unwrap();
    let mut config = Config::load(None).unwrap();
    config.data_dir = folder.path().to_path_buf();
    config.redis = at("localhost:6379");
    assert!(AppState::connect(config).await.unwrap_err().to_string().contains("redis.url"));
}

#[tokio::test]
async fn a_redis_with_tls_can_be_asked_for() {
    // Nobody listens: it is away, and nothing else goes wrong.
    let redis = Redis::open(&at("rediss://127.0.0.1:1")).unwrap();
    assert_eq!(redis.ask::<String>(Use::Limits, &redis::cmd("PING")).await, None);
    assert!(!redis.is_up());
}

#[tokio::test]
async fn no_password_of_a_redis_is_shown() {
    let configured = at("redis://shop:hunter2@127.0.0.1:1/0");
    let shown = format!("{configured:?} {:?}", Redis::open(&configured).unwrap());
    assert!(shown.contains("127.0.0.1") && !shown.contains("hunter2"), "{shown}");
}

#[tokio::test]
async fn a_wrong_password_is_said_in_the_log_as_the_shop_opens() {
    let server = Server::start_with(&["--requirepass", "right"]).await;
    let lines = Lines::default();
    let listening = tracing::dispatcher::set_default(&lines.subscriber("warn"));
    let redis = Redis::open(&at(&format!("{}?pass=hunter2", server.url()))).unwrap();
    assert_eq!(redis.ask::<String>(Use::Limits, &redis::cmd("PING")).await, None);
    drop(listening);
    let line = lines.saying("Redis is away: the shop goes on without it").to_string();
    assert!(line.to_lowercase().contains("password") && !line.contains("hunter2"), "{line}");
    let right = Redis::open(&at(&format!("{}?pass=right", server.url()))).unwrap();
    assert_eq!(right.ask::<String>(Use::Limits, &redis::cmd("PING")).await.as_deref(), Some("PONG"));
}

/// What the doctor says of a Redis.
async fn examined(url: &str) -> Finding {
    let folder = TempDir::new().unwrap();
    let mut config = Config::load(None).unwrap();
    config.data_dir = folder.path().to_path_buf();
    config.redis = at(url);
    let found = doctor::redis::examine(&config).await;
    assert_eq!(found.len(), 1, "{found:?}");
    found.into_iter().next().unwrap()
}

#[tokio::test]
async fn the_doctor_says_which_redis_there_is_or_what_is_wrong_with_it() {
    let server = Server::start_with(&["--requirepass", "right"]).await;
    let found = examined(&format!("{}?pass=right", server.url())).await;
    assert_eq!(found.state, State::Good, "{found:?}");
    assert!(found.words.starts_with("Redis ") || found.words.starts_with("Valkey "), "{found:?}");
    let found = examined(&format!("{}?pass=hunter2", server.url())).await;
    assert_eq!(found.state, State::Wrong);
    assert!(found.advice.contains("redis.url") && !found.words.contains("hunter2"), "{found:?}");
    let found = examined("redis://127.0.0.1:1").await;
    assert_eq!(found.state, State::Wrong);
    assert!(found.words.contains("127.0.0.1:1 cannot be used"), "{found:?}");
}
