//! The rates as a running server has them at hand: read again when a minute old, so that pages do not wait for them.

use super::provider::RateProvider;
use super::{Rates, keep};
use crate::{Day, Db};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How old they may be.
const FRESH: Duration = Duration::from_secs(60);
/// The same where there are none yet: a shop that opens has them in a moment.
const NONE_YET: Duration = Duration::from_secs(5);

/// The rates of a shop that is open.
#[derive(Clone, Debug)]
pub struct LiveRates(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    /// They are shown however old they are.
    fixed: bool,
    now: RwLock<(Option<Arc<Rates>>, Option<Instant>)>,
    /// Held by the one who reads, so that a crowd asks once.
    reading: Mutex<()>,
}

impl LiveRates {
    /// Of a source whose rates grow old, day by day.
    pub fn new(db: &Db) -> Self {
        Self::over(db, false)
    }

    /// Of the source that the shop has its rates from.
    pub fn of(db: &Db, source: &dyn RateProvider) -> Self {
        Self::over(db, source.is_fixed())
    }

    fn over(db: &Db, fixed: bool) -> Self {
        Self(Arc::new(Inner { db: db.clone(), fixed, now: RwLock::new((None, None)), reading: Mutex::new(()) }))
    }

    /// As they were read last, without a look; `None` for rates that are too old to be shown.
    pub fn at_hand(&self) -> Option<Arc<Rates>> {
        let today = Day::of(self.0.db.now());
        let kept = self.0.now.read().unwrap_or_else(PoisonError::into_inner).0.clone();
        kept.filter(|rates| self.0.fixed || rates.good_on(today))
    }

    /// Reads them again where they are not fresh. Where the database does not answer they are as they were.
    pub async fn look(&self) {
        if self.is_fresh() {
            return;
        }
        let _reading = self.0.reading.lock().await;
        if self.is_fresh() {
            return;
        }
        match keep::read(self.0.db.read()).await {
            Ok(read) => self.keep(read.map(Arc::new)),
            Err(error) => {
                tracing::warn!(%error, "the rates of currencies could not be read");
                // The look at them has to be over before they are kept, which wants them alone.
                let before = self.0.now.read().unwrap_or_else(PoisonError::into_inner).0.clone();
                self.keep(before);
            }
        }
    }

    /// Lets the next look read them again: new ones were just kept.
    pub fn forget(&self) {
        self.0.now.write().unwrap_or_else(PoisonError::into_inner).1 = None;
    }

    fn is_fresh(&self) -> bool {
        let now = self.0.now.read().unwrap_or_else(PoisonError::into_inner);
        let fresh = if now.0.is_some() { FRESH } else { NONE_YET };
        now.1.is_some_and(|read_at| read_at.elapsed() < fresh)
    }

    fn keep(&self, rates: Option<Arc<Rates>>) {
        *self.0.now.write().unwrap_or_else(PoisonError::into_inner) = (rates, Some(Instant::now()));
    }
}
