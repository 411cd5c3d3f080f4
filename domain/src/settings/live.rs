//! The settings as a running server has them at hand: read again when a moment old, so that a change is seen on every server
//! within a second, and a page waits for no more than one short look.

use super::{SettingsForm, ShopSettings, keep};
use crate::{Db, Result};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How old they may be.
const FRESH: Duration = Duration::from_secs(1);

/// The settings of a shop that is open.
#[derive(Clone, Debug)]
pub struct LiveSettings(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    /// Those of a shop whose owner set nothing.
    defaults: ShopSettings,
    now: RwLock<(ShopSettings, Option<Instant>)>,
    /// Held by the one who reads, so that a crowd asks once.
    reading: Mutex<()>,
}

impl LiveSettings {
    pub fn new(db: &Db, defaults: ShopSettings) -> Self {
        let now = RwLock::new((defaults.clone(), None));
        Self(Arc::new(Inner { db: db.clone(), defaults, now, reading: Mutex::new(()) }))
    }

    /// As they were read last, without a look.
    pub fn at_hand(&self) -> ShopSettings {
        self.0.now.read().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// As they are. Where the database does not answer, as they were.
    pub async fn now(&self) -> ShopSettings {
        if !self.is_fresh() {
            let _reading = self.0.reading.lock().await;
            if !self.is_fresh() {
                match keep::read(self.0.db.read(), &self.0.defaults).await {
                    Ok(read) => self.keep(read),
                    Err(error) => tracing::warn!(%error, "the settings of the shop could not be read"),
                }
            }
        }
        self.at_hand()
    }

    /// As [`keep::save`], done by whoever `db` acts for; this server shows them at once.
    ///
    /// # Errors
    /// As there.
    pub async fn save(&self, db: &Db, form: &SettingsForm) -> Result<ShopSettings> {
        let saved = keep::save(db, &self.0.defaults, form).await?;
        self.keep(saved.clone());
        Ok(saved)
    }

    fn is_fresh(&self) -> bool {
        let now = self.0.now.read().unwrap_or_else(PoisonError::into_inner);
        now.1.is_some_and(|read_at| read_at.elapsed() < FRESH)
    }

    fn keep(&self, settings: ShopSettings) {
        *self.0.now.write().unwrap_or_else(PoisonError::into_inner) = (settings, Some(Instant::now()));
    }
}
