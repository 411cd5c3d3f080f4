//! Shops in which one thing is wrong.

mod machine;
mod services;

use super::{Finding, State, bounded, examine};
use crate::config::MailKind;
use crate::{AppState, Config};
use std::time::Duration;
use tempfile::TempDir;

/// A configured shop whose folder is there and empty.
struct Shop {
    config: Config,
    folder: TempDir,
}

impl Shop {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let mut config = Config::load(None).unwrap();
        config.data_dir = folder.path().join("data");
        config.uploads.max_bytes = 1 << 20;
        config.worker.enabled = false;
        std::fs::create_dir_all(&config.data_dir).unwrap();
        Self { config, folder }
    }

    /// Opened once, as `lectern serve` does it.
    async fn opened() -> (Self, AppState) {
        let shop = Self::new();
        let state = AppState::connect(shop.config.clone()).await.unwrap();
        migrations::up(state.db.read()).await.unwrap();
        (shop, state)
    }
}

/// The only one that is wrong; it says what to do.
fn wrong(found: &[Finding]) -> &Finding {
    let wrong: Vec<_> = found.iter().filter(|finding| finding.state == State::Wrong).collect();
    assert_eq!(wrong.len(), 1, "{found:?}");
    assert!(!wrong[0].advice.is_empty(), "{found:?}");
    wrong[0]
}

#[tokio::test]
async fn in_a_shop_as_it_comes_nothing_is_wrong() {
    let (shop, _state) = Shop::opened().await;
    let before = std::fs::read_dir(shop.config.storage_path().join("staging")).unwrap().count();
    let found = examine(&shop.config).await;
    assert!(found.iter().all(|finding| finding.state != State::Wrong), "{found:?}");
    for of in ["configuration", "database", "storage", "mail", "models", "engines", "disk", "clock"] {
        assert!(found.iter().any(|finding| finding.of == of), "nobody looked at {of}");
    }
    let after = std::fs::read_dir(shop.config.storage_path().join("staging")).unwrap().count();
    assert_eq!((before, after), (0, 0), "nothing stays behind");
}

#[tokio::test]
async fn what_gives_no_answer_is_not_waited_for() {
    let found = bounded("storage", Duration::from_millis(10), std::future::pending()).await;
    assert!(wrong(&found).words.contains("no answer"));
}

#[test]
fn values_that_do_not_fit_together_are_named() {
    use super::configuration::examine;
    type Breaking = fn(&mut Config);
    let broken: [(&str, Breaking); 8] = [
        ("currency", |config| config.currency = "DOLLARS".to_owned()),
        ("public_url", |config| config.payments.provider = crate::config::PaymentKind::Stripe),
        ("tokens.access_minutes", |config| config.tokens.access_minutes = 0),
        ("proxies", |config| config.proxies = "somewhere".to_owned()),
        ("api.allowed_origins", |config| config.api.allowed_origins = "*".to_owned()),
        ("name", |config| config.name = String::new()),
        ("redis.url", |config| config.redis.url = "localhost:6379".to_owned()),
        ("limits.shared", |config| config.limits.shared = crate::config::LimitStore::Redis),
    ];
    for (key, breaks) in broken {
        let mut config = Shop::new().config;
        breaks(&mut config);
        let found = examine(&config);
        assert!(wrong(&found).words.contains(key), "{key}: {found:?}");
    }
    let mut config = Shop::new().config;
    config.public_url = "https://shop.example".to_owned();
    config.mail.kind = MailKind::Smtp;
    assert!(
        examine(&config).iter().all(|finding| finding.state == State::Doubtful),
        "a proxy that is not named, no secret"
    );
}
