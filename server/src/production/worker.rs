//! The worker: engines, models, and the word that it is there.

use super::pool::{Pool, PoolSettings};
use super::step::Workshop;
use super::sweep::sweep;
use crate::decoding::Decoder;
use crate::jobs::{Rooms, Runner, supervise};
use crate::models::Models;
use crate::models::fetch::Fetches;
use crate::providers::Outside;
use crate::state::COPIES;
use crate::{AppState, Config};
use domain::jobs::Queue;
use domain::production::{WorkerFacts, steps, workers};
use sound::Limits;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often it says that it is there.
const SEEN_EVERY: Duration = Duration::from_secs(15);

/// How often while a model is on its way, so that people see it come.
const FETCHING_EVERY: Duration = Duration::from_secs(2);

/// How often it removes what work has left behind.
const SWEPT_EVERY: Duration = Duration::from_secs(60 * 60);

/// Decoders at once: one for the queue of sound, and one for samples that another machine had made.
const DECODERS: usize = 2;

/// How a worker is set up.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    pub pool: PoolSettings,
    pub work_dir: PathBuf,
    /// What is taken of one file.
    pub limits: Limits,
    /// Milliseconds without a heartbeat after which another worker takes a job.
    pub lease_ms: i64,
}

impl WorkerSettings {
    pub fn new(config: &Config) -> Self {
        let gpus = config.worker.gpus.split(',').filter_map(|gpu| gpu.trim().parse().ok()).collect();
        Self {
            pool: PoolSettings {
                whisper: config.engines.whisper.clone(),
                llama: config.engines.llama.clone(),
                gpus,
                threads: config.worker.threads,
                idle: Duration::from_secs(config.engines.idle_seconds),
                patience: Duration::from_secs(config.engines.timeout_seconds),
                context_limit: 8_192,
            },
            work_dir: config.work_dir().join("titles"),
            limits: Limits::hours(config.uploads.max_hours),
            lease_ms: config.worker.lease_seconds.max(5) * 1000,
        }
    }
}

/// The worker of this machine: what its jobs work with, and how others see that it is there. Its jobs are taken by the
/// runner of its process.
#[derive(Clone, Debug)]
pub struct Worker {
    pub shop: Workshop,
    /// Milliseconds without a heartbeat after which another worker takes a job.
    pub lease_ms: i64,
    /// Models that admins want here.
    fetches: Fetches,
}

impl Worker {
    pub fn new(state: &AppState) -> Self {
        let settings = WorkerSettings::new(&state.config);
        let shop = Workshop {
            db: state.db.clone(),
            storage: state.storage.clone(),
            pool: Arc::new(Pool::new(settings.pool)),
            rests: Arc::default(),
            models: Models::new(&state.config),
            outside: Outside::new(&state.db, &state.vault, &state.config),
            decoder: Decoder::new(DECODERS),
            work_dir: settings.work_dir,
            limits: settings.limits,
        };
        let fetches = Fetches::new(&shop.models.dir, &state.config.models.hub);
        Self { shop, lease_ms: settings.lease_ms, fetches }
    }

    /// How many of its jobs it does at once: one with an engine for each slot, and one beside.
    pub fn rooms(&self) -> Rooms {
        Rooms::from([(Queue::Engines, self.shop.pool.slot_names().len()), (Queue::Sound, 1)])
    }

    /// Says that the worker is there until asked to stop, looks after its engines, and says goodbye.
    pub async fn run(self, runner: Runner, stop: CancellationToken) {
        tracing::info!(worker = runner.id(), slots = ?self.shop.pool.slot_names(), "the worker begins");
        supervise("the worker's presence", stop.clone(), || self.report_presence(&runner, &stop)).await;
    }

    /// Ends the engines, once nothing needs them any more.
    pub async fn close(&self, runner: &Runner) {
        self.fetches.stop();
        self.shop.pool.stop_all().await;
        if let Err(error) = workers::left(&self.shop.db, runner.id()).await {
            tracing::warn!(%error, "the worker could not say goodbye");
        }
    }

    async fn report_presence(&self, runner: &Runner, stop: &CancellationToken) {
        let mut wakened = self.present();
        let mut swept: Option<Instant> = None;
        loop {
            if swept.is_none_or(|then| then.elapsed() > SWEPT_EVERY) {
                swept = Some(Instant::now());
                self.sweep().await;
            }
            self.fetches.look(&self.shop.db).await;
            if let Err(error) = workers::seen(&self.shop.db, runner.id(), &self.facts(runner)).await {
                tracing::warn!(%error, "the worker could not say that it is here");
            }
            self.shop.pool.stop_idle().await;
            // A model that has just arrived ends the wait of those who need it.
            let present = self.present();
            if present != wakened {
                wakened = present;
                if let Err(error) = steps::wake_blocked(&self.shop.db).await {
                    tracing::warn!(%error, "steps that wait could not be woken");
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(if self.fetches.is_under_way() { FETCHING_EVERY } else { SEEN_EVERY }) => {}
            }
        }
    }

    async fn sweep(&self) {
        let copies = self.shop.work_dir.with_file_name(COPIES);
        match sweep(&self.shop.db, &self.shop.work_dir, &copies).await {
            Ok(0) => {}
            Ok(number) => tracing::info!(number, "work files that nobody needs any more are removed"),
            Err(error) => tracing::warn!(%error, "work files could not be looked through"),
        }
    }

    fn present(&self) -> Vec<PathBuf> {
        use crate::models::known::Purpose;
        let chosen = [Purpose::Speech, Purpose::Writing].map(|purpose| self.shop.models.choose(purpose));
        chosen.into_iter().flatten().map(|chosen| chosen.path).collect()
    }

    fn facts(&self, runner: &Runner) -> WorkerFacts {
        WorkerFacts {
            host: host(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            slots: self.shop.pool.slot_names().to_vec(),
            models: self.shop.models.list(),
            doing: runner.doing(),
            fetching: self.fetches.told(),
            resting: self.shop.rests.told(self.shop.db.now()),
        }
    }
}

/// A name for this process under which its jobs are claimed.
pub fn process_name() -> String {
    format!("{}-{}", host(), Uuid::now_v7().simple())
}

fn host() -> String {
    let name = std::fs::read_to_string("/etc/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    name.map(|name| name.trim().chars().take(40).collect())
        .filter(|name: &String| !name.is_empty())
        .unwrap_or_else(|| "worker".into())
}
