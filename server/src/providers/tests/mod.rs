//! Providers elsewhere that are slow, wrong, busy, away, or talk nonsense.

mod hearing;
pub mod naughty;
mod patience;
mod writing;

use super::Outside;
use crate::Config;
use crate::vault::SealedVault;
use domain::providers::address::Reach;
use domain::providers::read::{self, Ready};
use domain::providers::{Provider, ProviderForm, Purpose, keep};
use domain::{Day, Db, FixedClock};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

pub const KEY: &str = "sk-a-key-that-nobody-sees";

/// A shop on 27 November 2026 that asks others.
pub struct Office {
    pub outside: Outside,
    pub clock: Arc<FixedClock>,
    _folder: TempDir,
}

pub async fn office() -> Office {
    let folder = TempDir::new().unwrap();
    let plain = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 2).await.unwrap();
    migrations::up(plain.read()).await.unwrap();
    let clock = Arc::new(FixedClock::at(Day::parse("2026-11-27").unwrap().starts_at()));
    let db = Db::new(plain.read().clone(), clock.clone());
    Office { outside: outside(&db), clock, _folder: folder }
}

/// One who asks machines beside it, and does not wait for long.
pub fn outside(db: &Db) -> Outside {
    let mut config = Config::load(None).unwrap();
    config.tokens.secret = "s".repeat(32);
    Outside {
        db: db.clone(),
        vault: Arc::new(SealedVault::new(&config).unwrap()),
        reach: Reach { private: true },
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_secs(1),
    }
}

/// The form of a provider at an address: two tries, each of a second.
pub fn form(purpose: Purpose, name: &str, address: &str) -> ProviderForm {
    ProviderForm {
        purpose: purpose.name().to_owned(),
        name: name.to_owned(),
        address: address.to_owned(),
        model: "cloud-1".to_owned(),
        key: KEY.to_owned(),
        time_limit: "1".to_owned(),
        tries: "2".to_owned(),
        context: String::new(),
        currency: "USD".to_owned(),
        price_in: "0.006".to_owned(),
        price_out: "0.6".to_owned(),
        budget: String::new(),
    }
}

/// Adds a provider, switched on.
pub async fn add(outside: &Outside, typed: &ProviderForm) -> Provider {
    let added = keep::add(&outside.db, outside.vault.as_ref(), outside.reach, typed).await.unwrap();
    keep::switch(&outside.db, added.id, true).await.unwrap()
}

impl Office {
    /// A provider at an address that may be asked.
    async fn ready(&self, purpose: Purpose, address: &str) -> Ready {
        let added = add(&self.outside, &form(purpose, "Cloud", address)).await;
        let all = read::ready(&self.outside.db, purpose).await.unwrap();
        all.into_iter().find(|ready| ready.provider.id == added.id).unwrap()
    }

    async fn provider(&self, ready: &Ready) -> Provider {
        read::get(&self.outside.db, ready.provider.id).await.unwrap()
    }
}
