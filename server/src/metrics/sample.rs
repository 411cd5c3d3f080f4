//! What is looked up when somebody asks: a handful of statements, however large the shop is.

use super::names::{JobBy, ProviderBy, by};
use super::{GIVEN_UP, JOBS, Metrics, UPLOAD};
use crate::telemetry;
use domain::db::counts;
use domain::health::{self, Trouble};
use domain::jobs::manage;
use domain::production::workers;
use domain::providers::{Breaker, read};
use domain::rates::provider::RateProvider;
use domain::{Db, Result, job_kinds};
use prometheus_client::encoding::text::encode;
use std::sync::atomic::Ordering::Relaxed;

/// Everything that can be amiss.
const TROUBLES: [(Trouble, &str); 3] =
    [(Trouble::NoWorker, "no-worker"), (Trouble::MailStays, "mail-stays"), (Trouble::ChoresWait, "chores-wait")];

impl Metrics {
    /// All numbers as they are now, in the text of OpenMetrics 1.0.
    ///
    /// # Errors
    /// When they cannot be written down.
    pub async fn text(&self, db: &Db, rates: &dyn RateProvider) -> std::result::Result<String, std::fmt::Error> {
        self.counted(db);
        self.breakers.get_or_create(&by("of", "rates")).set(i64::from(rates.is_left_alone()));
        let sampled = self.sample(db).await;
        if let Err(error) = &sampled {
            tracing::warn!(%error, "the queue could not be looked at for its numbers");
        }
        self.sampled.set(i64::from(sampled.is_ok()));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    /// What this process counted by itself.
    fn counted(&self, db: &Db) {
        // From the beginning: what appears with its first time is no rise to Prometheus, and no alarm.
        for kind in job_kinds::all().iter() {
            drop(self.jobs_ended.get_or_create(&JobBy { kind: kind.name.to_owned(), state: GIVEN_UP }));
        }
        for event in ["paid", "declined"] {
            drop(self.orders.get_or_create(&by("event", event)));
        }
        for ((what, kind), number) in db.counts() {
            let counter = match what {
                counts::ACTION => self.actions.get_or_create_owned(&by("action", kind)),
                counts::ORDER => self.orders.get_or_create_owned(&by("event", kind)),
                UPLOAD => self.uploads.get_or_create_owned(&by("outcome", kind)),
                state if JOBS.contains(&state) => {
                    self.jobs_ended.get_or_create_owned(&JobBy { kind: kind.to_owned(), state })
                }
                _ => continue,
            };
            counter.inner().store(number, Relaxed);
        }
        for (outcome, number) in [("sent", telemetry::sent()), ("dropped", telemetry::dropped())] {
            self.spans.get_or_create_owned(&by("outcome", outcome)).inner().store(number, Relaxed);
        }
        let pool = db.pool();
        let idle = i64::try_from(pool.idle).unwrap_or(i64::MAX);
        self.connections.get_or_create(&by("state", "idle")).set(idle);
        if let Some(redis) = &self.redis {
            redis.look();
        }
        self.connections.get_or_create(&by("state", "busy")).set(i64::from(pool.open).saturating_sub(idle).max(0));
    }

    /// What all processes of the shop see.
    async fn sample(&self, db: &Db) -> Result<()> {
        let (queue, here, amiss) = (manage::counts(db).await?, workers::list(db).await?, health::troubles(db).await?);
        self.jobs.clear();
        self.jobs_waiting_seconds.clear();
        for row in queue {
            for (state, number) in [("waiting", row.waiting), ("running", row.running), ("given-up", row.dead)] {
                let number = i64::try_from(number).unwrap_or(i64::MAX);
                self.jobs.get_or_create(&JobBy { kind: row.kind.clone(), state }).set(number);
            }
            let due_ms = row.oldest_waiting.map_or(0, |since| db.now().since_ms(since).max(0));
            self.jobs_waiting_seconds.get_or_create(&by("kind", row.kind)).set(due_ms / 1000);
        }
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        self.workers.set(number(here.len()));
        self.engine_slots.set(number(here.iter().map(|worker| worker.facts.slots.len()).sum()));
        self.engines_at_work.set(number(here.iter().map(|worker| worker.facts.doing.len()).sum()));
        self.provider_breakers.clear();
        self.provider_spent.clear();
        self.provider_budgets.clear();
        for provider in read::list(db).await? {
            for state in Breaker::NAMES {
                let stands = i64::from(provider.breaker.name() == state);
                self.provider_breakers
                    .get_or_create(&ProviderBy { provider: provider.name.clone(), state })
                    .set(stands);
            }
            self.provider_spent.get_or_create(&by("provider", provider.name.clone())).set(provider.month.spent.0);
            if let Some(budget) = provider.prices.budget {
                self.provider_budgets.get_or_create(&by("provider", provider.name)).set(budget.0);
            }
        }
        for (trouble, name) in TROUBLES {
            self.degraded.get_or_create(&by("reason", name)).set(i64::from(amiss.contains(&trouble)));
        }
        Ok(())
    }
}
