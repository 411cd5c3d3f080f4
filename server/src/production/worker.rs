//! Taking jobs and doing them, until asked to stop.

use super::pool::{Pool, PoolSettings};
use super::step::{Job, StepError, Workshop};
use super::{describe, prepare, probe, sample, transcribe};
use crate::models::Models;
use crate::{AppState, Config};
use domain::production::jobs::{self, Claim, Retry};
use domain::production::{WorkerFacts, steps, workers};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Jobs that need an engine.
const HEAVY: [&str; 2] = ["transcribe", "describe"];
/// Jobs that need only the processor and the disk.
const LIGHT: [&str; 3] = ["probe", "prepare", steps::CUT_SAMPLE];
/// How often a worker looks for work when there was none.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How often it says that it is there.
const SEEN_EVERY: Duration = Duration::from_secs(15);
/// How often a step that waits for the operator looks again.
const BLOCKED_AGAIN_MS: i64 = 15_000;

/// How a worker is set up.
#[derive(Clone, Debug)]
pub struct WorkerSettings {
    pub pool: PoolSettings,
    pub work_dir: PathBuf,
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
            lease_ms: config.worker.lease_seconds.max(5) * 1000,
        }
    }
}

/// A worker of this machine.
#[derive(Clone, Debug)]
pub struct Worker {
    id: String,
    shop: Workshop,
    lease_ms: i64,
    doing: Arc<Mutex<BTreeMap<Uuid, String>>>,
}

impl Worker {
    pub fn new(state: &AppState) -> Self {
        let settings = WorkerSettings::new(&state.config);
        let shop = Workshop {
            db: state.db.clone(),
            storage: state.storage.clone(),
            pool: Arc::new(Pool::new(settings.pool)),
            models: Models::new(&state.config),
            work_dir: settings.work_dir,
        };
        Self::with(shop, settings.lease_ms)
    }

    /// A worker with these tools.
    pub fn with(shop: Workshop, lease_ms: i64) -> Self {
        let id = format!("{}-{}", host(), Uuid::now_v7().simple());
        Self { id, shop, lease_ms, doing: Arc::default() }
    }

    /// Works until asked to stop. Jobs under way are given back then, and go on where they were.
    pub async fn run(self, stop: CancellationToken) {
        tracing::info!(worker = %self.id, slots = ?self.shop.pool.slot_names(), "the worker begins");
        let mut hands = tokio::task::JoinSet::new();
        for _ in self.shop.pool.slot_names() {
            hands.spawn(self.clone().hand(&HEAVY, stop.clone()));
        }
        hands.spawn(self.clone().hand(&LIGHT, stop.clone()));
        hands.spawn(self.clone().be_seen(stop.clone()));
        while hands.join_next().await.is_some() {}
        self.shop.pool.stop_all().await;
        if let Err(error) = workers::left(&self.shop.db, &self.id).await {
            tracing::warn!(%error, "the worker could not say goodbye");
        }
    }

    /// Takes one job after the other.
    async fn hand(self, kinds: &'static [&'static str], stop: CancellationToken) {
        while !stop.is_cancelled() {
            let found = match self.work_once(kinds, &stop).await {
                Ok(found) => found,
                Err(error) => {
                    tracing::warn!(%error, "the worker could not take a job");
                    false
                }
            };
            if !found {
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
        }
    }

    /// Does one job, if there is one.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn work_once(&self, kinds: &[&str], stop: &CancellationToken) -> domain::Result<bool> {
        let Some(claim) = steps::claim(&self.shop.db, &self.id, kinds, self.lease_ms).await? else { return Ok(false) };
        self.note(&claim, true);
        let done = self.attend(&claim, stop).await;
        self.note(&claim, false);
        match done {
            // Somebody else has it, or nobody wants it: nothing is left to say.
            Ok(()) | Err(domain::Error::LeaseLost) => {}
            Err(error) => tracing::warn!(%error, job = %claim.job.id, "the end of a job could not be recorded"),
        }
        Ok(true)
    }

    /// Does a job while its lease is kept, and records how it ended.
    async fn attend(&self, claim: &Claim, stop: &CancellationToken) -> domain::Result<()> {
        let db = &self.shop.db;
        let Some(audiobook_id) = claim.job.audiobook_id else {
            return steps::failed(db, claim, "This job is about no title.", Retry::Fatal).await.map(|_| ());
        };
        let job = Job { shop: self.shop.clone(), claim: claim.clone(), audiobook_id };
        let ended = tokio::select! {
            ended = do_step(&job) => ended,
            () = self.lose(claim) => Err(StepError::Lost),
            () = stop.cancelled() => return steps::released(db, claim).await,
        };
        let kind = claim.job.kind.as_str();
        match ended {
            Ok(()) => {
                tracing::info!(%audiobook_id, kind, "a step is done");
                Ok(())
            }
            Err(StepError::Lost) => {
                tracing::info!(%audiobook_id, kind, "a step was taken away");
                Ok(())
            }
            Err(StepError::Blocked(sentence)) => {
                tracing::info!(%audiobook_id, kind, sentence, "a step waits");
                steps::blocked(db, claim, &sentence, BLOCKED_AGAIN_MS).await
            }
            Err(StepError::Again(sentence)) => {
                tracing::warn!(%audiobook_id, kind, sentence, "a step failed");
                steps::failed(db, claim, &sentence, Retry::After(None)).await.map(|_| ())
            }
            Err(StepError::Fatal(sentence)) => {
                tracing::warn!(%audiobook_id, kind, sentence, "a step failed for good");
                steps::failed(db, claim, &sentence, Retry::Fatal).await.map(|_| ())
            }
        }
    }

    /// Keeps the lease; returns when it is lost.
    async fn lose(&self, claim: &Claim) {
        let third = u64::try_from(self.lease_ms / 3).unwrap_or(1000).clamp(50, 5_000);
        loop {
            tokio::time::sleep(Duration::from_millis(third)).await;
            match jobs::heartbeat(&self.shop.db, claim, self.lease_ms).await {
                Ok(true) => {}
                Ok(false) => return,
                // The lease is longer than a hiccup of the database; if it ends, the fence holds.
                Err(error) => tracing::warn!(%error, "a heartbeat was missed"),
            }
        }
    }

    async fn be_seen(self, stop: CancellationToken) {
        let mut wakened = self.present();
        loop {
            if let Err(error) = workers::seen(&self.shop.db, &self.id, &self.facts().await).await {
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
                () = tokio::time::sleep(SEEN_EVERY) => {}
            }
        }
    }

    fn present(&self) -> Vec<PathBuf> {
        use crate::models::known::Purpose;
        let chosen = [Purpose::Speech, Purpose::Writing].map(|purpose| self.shop.models.choose(purpose));
        chosen.into_iter().flatten().map(|chosen| chosen.path).collect()
    }

    async fn facts(&self) -> WorkerFacts {
        let doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        WorkerFacts {
            host: host(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            slots: self.shop.pool.slot_names().to_vec(),
            models: self.shop.models.list(),
            doing,
        }
    }

    fn note(&self, claim: &Claim, begins: bool) {
        let mut doing = self.doing.lock().unwrap_or_else(PoisonError::into_inner);
        if begins {
            doing.insert(claim.job.id, claim.job.kind.clone());
        } else {
            doing.remove(&claim.job.id);
        }
    }
}

async fn do_step(job: &Job) -> Result<(), StepError> {
    if job.claim.job.kind == steps::CUT_SAMPLE {
        return sample::run(job).await;
    }
    steps::started(&job.shop.db, &job.claim).await?;
    match job.claim.job.kind.as_str() {
        "probe" => probe::run(job).await,
        "prepare" => prepare::run(job).await,
        "transcribe" => transcribe::run(job).await,
        "describe" => describe::run(job).await,
        other => Err(StepError::Fatal(format!("This worker does not know how to do “{other}”."))),
    }
}

fn host() -> String {
    let name = std::fs::read_to_string("/etc/hostname").ok().or_else(|| std::env::var("HOSTNAME").ok());
    name.map(|name| name.trim().chars().take(40).collect())
        .filter(|name: &String| !name.is_empty())
        .unwrap_or_else(|| "worker".into())
}
