//! Numbers for Prometheus: of this process since it began, and of the queue as it is when somebody asks.
//!
//! Every label has a bounded number of values: routes are templates such as `/titles/{slug}`, kinds and actions are names
//! in the program, and of providers there are twenty at most. No number is about a person.

mod names;
mod redis;
mod requests;
mod sample;
mod serve;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod token_tests;

pub use requests::count;
pub use serve::{Listening, guarded, listen};

use names::{By, JobBy, ProviderBy, RequestBy};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

/// How a try of a job ended, as it is counted: see [`domain::Db::count`].
pub const DONE: &str = "done";
pub const FAILED: &str = "failed";
pub const GIVEN_UP: &str = "given-up";
pub const GIVEN_BACK: &str = "given-back";
pub const WAITING: &str = "waiting";
pub const LOST: &str = "lost";
const JOBS: [&str; 6] = [DONE, FAILED, GIVEN_UP, GIVEN_BACK, WAITING, LOST];
/// How an upload ended.
pub const UPLOAD: &str = "upload";

/// Upper bounds of the durations of requests, in seconds: a page takes milliseconds, an upload's piece seconds.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

type Counters<L> = Family<L, Counter>;
type Gauges<L> = Family<L, Gauge>;

fn durations() -> Histogram {
    Histogram::new(SECONDS)
}

/// Everything that is told.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Counters<RequestBy>,
    durations: Family<By, Histogram>,
    actions: Counters<By>,
    orders: Counters<By>,
    uploads: Counters<By>,
    spans: Counters<By>,
    jobs_ended: Counters<JobBy>,
    jobs: Gauges<JobBy>,
    jobs_waiting_seconds: Gauges<By>,
    connections: Gauges<By>,
    workers: Gauge,
    engine_slots: Gauge,
    engines_at_work: Gauge,
    breakers: Gauges<By>,
    provider_breakers: Gauges<ProviderBy>,
    provider_spent: Gauges<By>,
    provider_budgets: Gauges<By>,
    degraded: Gauges<By>,
    sampled: Gauge,
    redis: Option<redis::OfRedis>,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut all = Self {
            registry: Registry::with_prefix("lectern"),
            requests: Family::default(),
            durations: Family::new_with_constructor(durations),
            actions: Family::default(),
            orders: Family::default(),
            uploads: Family::default(),
            spans: Family::default(),
            jobs_ended: Family::default(),
            jobs: Family::default(),
            jobs_waiting_seconds: Family::default(),
            connections: Family::default(),
            workers: Gauge::default(),
            engine_slots: Gauge::default(),
            engines_at_work: Gauge::default(),
            breakers: Family::default(),
            provider_breakers: Family::default(),
            provider_spent: Family::default(),
            provider_budgets: Family::default(),
            degraded: Family::default(),
            sampled: Gauge::default(),
            redis: None,
        };
        let registry = &mut all.registry;
        registry.register("http_requests", "Requests by route and status", all.requests.clone());
        registry.register_with_unit(
            "http_request_duration",
            "Until the head of the answer, by route",
            Unit::Seconds,
            all.durations.clone(),
        );
        registry.register("actions", "Lines of the audit trail, by action", all.actions.clone());
        registry.register("orders", "How orders and payments went on", all.orders.clone());
        registry.register("uploads", "Uploads that ended", all.uploads.clone());
        registry.register("spans", "Spans of traces, by what became of them", all.spans.clone());
        registry.register("jobs_ended", "Tries of jobs in this process, and how they ended", all.jobs_ended.clone());
        registry.register("jobs", "Jobs in the queue, by state", all.jobs.clone());
        registry.register_with_unit(
            "jobs_oldest_waiting",
            "How long the oldest job of a kind has been due",
            Unit::Seconds,
            all.jobs_waiting_seconds.clone(),
        );
        registry.register("database_connections", "Connections of this process", all.connections.clone());
        registry.register("workers", "Workers that were seen in the last minute", all.workers.clone());
        registry.register("engine_slots", "Places for engines at all workers", all.engine_slots.clone());
        registry.register("workers_jobs", "Jobs that workers are at", all.engines_at_work.clone());
        registry.register(
            "breaker_open",
            "1 for whoever is left alone, having failed again and again",
            all.breakers.clone(),
        );
        registry.register(
            "provider_breaker",
            "1 for how it stands with who hears or writes: closed, open or half-open",
            all.provider_breakers.clone(),
        );
        registry.register(
            "provider_spent_micros",
            "What a provider cost this month, in millionths of its currency",
            all.provider_spent.clone(),
        );
        registry.register(
            "provider_budget_micros",
            "What a provider may cost in a month, where there is a limit",
            all.provider_budgets.clone(),
        );
        registry.register("degraded", "1 for what somebody has to look at", all.degraded.clone());
        registry.register("sampled", "Whether the database could be asked for this", all.sampled.clone());
        all
    }
}
