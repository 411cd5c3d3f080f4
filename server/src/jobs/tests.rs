//! The runner: what it does with jobs that go well and with those that do not.

use super::{JobError, Registry, Rooms, Runner, of_shop, of_worker, supervise};
use crate::mail::Mails;
use crate::production::Worker;
use crate::{AppState, Config};
use domain::jobs::{self, Claim, Job, JobStatus, Kinds, Queue, manage};
use domain::{Db, PageRequest, job_kinds};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// What a test job does.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Does {
    Well,
    Panic,
    Forever,
}

/// Work that is soon done, whatever happens.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Short {
    does: Does,
}

impl Job for Short {
    const KIND: &'static str = "test.short";
    const QUEUE: Queue = Queue::Maintenance;
    const TIME_LIMIT: Duration = Duration::from_millis(300);
}

/// Work that takes long, and is given back when its process stops.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Long {}

impl Job for Long {
    const KIND: &'static str = "test.long";
    const QUEUE: Queue = Queue::Engines;
    const FINISH_ON_STOP: bool = false;
}

/// What the test jobs work with.
#[derive(Clone, Default)]
struct Bench {
    done: Arc<AtomicUsize>,
    /// Long work ends when the test lets it.
    gate: Arc<Gate>,
}

struct Gate(Semaphore);

impl Default for Gate {
    fn default() -> Self {
        Self(Semaphore::new(0))
    }
}

async fn short(bench: Bench, job: Short, _: Claim) -> Result<(), JobError> {
    match job.does {
        Does::Well => {
            bench.done.fetch_add(1, Ordering::SeqCst);
            Ok(())
        }
        Does::Panic => panic!("this was not thought of"),
        Does::Forever => std::future::pending().await,
    }
}

async fn long(bench: Bench, _: Long, _: Claim) -> Result<(), JobError> {
    drop(bench.gate.0.acquire().await);
    bench.done.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

struct Shop {
    db: Db,
    bench: Bench,
    _folder: TempDir,
}

async fn shop() -> Shop {
    let folder = TempDir::new().unwrap();
    let db = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 4).await.unwrap();
    migrations::up(db.read()).await.unwrap();
    Shop { db, bench: Bench::default(), _folder: folder }
}

impl Shop {
    fn runner(&self) -> Runner {
        let kinds = Kinds::default().with::<Short>().with::<Long>();
        let handlers = Registry::over(&self.bench).job(short).job(long).handlers;
        let rooms = Rooms::from([(Queue::Maintenance, 4), (Queue::Engines, 1)]);
        Runner::new("test".to_owned(), self.db.clone(), &kinds, handlers, rooms, 60_000)
    }

    async fn ask<J: Job>(&self, job: J) {
        self.db.transaction(async |tx| jobs::enqueue(&tx, &job).await).await.unwrap();
    }

    async fn ask_short(&self, does: Does) {
        self.ask(Short { does }).await;
    }

    async fn of(&self, status: JobStatus) -> Vec<jobs::JobView> {
        manage::list(&self.db, status, "", PageRequest::new(1, 100)).await.unwrap().items
    }

    async fn until(&self, status: JobStatus, number: usize) {
        let there = async {
            while self.of(status).await.len() < number {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), there).await.unwrap();
    }
}

/// A runner at work, until the test ends it.
struct Running {
    stop: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    fn start(runner: Runner) -> Self {
        let stop = CancellationToken::new();
        let until = stop.clone();
        Self { stop, task: tokio::spawn(async move { runner.run(Vec::new(), until).await }) }
    }

    async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(Duration::from_secs(20), self.task).await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_panic_is_a_failed_try_and_the_runner_lives_on() {
    let shop = shop().await;
    let running = Running::start(shop.runner());
    shop.ask_short(Does::Panic).await;
    shop.ask_short(Does::Well).await;
    shop.until(JobStatus::Done, 1).await;
    let failed = async {
        loop {
            if let Some(job) = shop.of(JobStatus::Queued).await.pop().filter(|job| job.failures == 1) {
                break job;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let failed = tokio::time::timeout(Duration::from_secs(20), failed).await.unwrap();
    assert!(failed.last_error.unwrap().contains("this was not thought of"));
    running.end().await;
}

#[tokio::test]
async fn a_job_that_takes_longer_than_it_may_has_failed() {
    let shop = shop().await;
    shop.ask_short(Does::Forever).await;
    assert!(shop.runner().work_once(Queue::Maintenance, &CancellationToken::new()).await.unwrap());
    let failed = shop.of(JobStatus::Queued).await.remove(0);
    assert_eq!(failed.failures, 1);
    assert!(failed.last_error.unwrap().contains("took longer"));
}

#[tokio::test]
async fn a_job_that_cannot_be_read_dies_alone() {
    /// As an older or newer shop may have written it.
    #[derive(Clone, Debug, Serialize, Deserialize)]
    struct Other {
        does: String,
    }
    impl Job for Other {
        const KIND: &'static str = Short::KIND;
        const QUEUE: Queue = Short::QUEUE;
    }
    let shop = shop().await;
    shop.ask(Other { does: "fly".to_owned() }).await;
    shop.ask_short(Does::Well).await;
    let runner = shop.runner();
    while runner.work_once(Queue::Maintenance, &CancellationToken::new()).await.unwrap() {}
    assert!(shop.of(JobStatus::Dead).await.remove(0).last_error.unwrap().contains("cannot be read"));
    assert_eq!((shop.of(JobStatus::Done).await.len(), shop.bench.done.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn an_idle_runner_hears_of_new_work_and_does_it_once() {
    let shop = shop().await;
    let running = Running::start(shop.runner());
    tokio::time::sleep(Duration::from_millis(200)).await;
    for _ in 0..20 {
        shop.ask_short(Does::Well).await;
    }
    shop.until(JobStatus::Done, 20).await;
    running.end().await;
    assert_eq!(shop.bench.done.load(Ordering::SeqCst), 20, "each once");
}

#[tokio::test]
async fn when_the_shop_closes_long_work_is_given_back_uncounted() {
    let shop = shop().await;
    shop.ask(Long {}).await;
    let running = Running::start(shop.runner());
    shop.until(JobStatus::Running, 1).await;
    running.end().await;
    let waiting = shop.of(JobStatus::Queued).await.remove(0);
    assert_eq!((waiting.failures, waiting.worker), (0, None));
    shop.bench.gate.0.add_permits(1);
    let running = Running::start(shop.runner());
    shop.until(JobStatus::Done, 1).await;
    running.end().await;
}

#[tokio::test]
async fn a_job_that_is_called_off_stops() {
    let shop = shop().await;
    shop.ask(Long {}).await;
    let kinds = Kinds::default().with::<Long>();
    let handlers = Registry::over(&shop.bench).job(long).handlers;
    // So short that the next heartbeat comes soon.
    let runner = Runner::new("test".to_owned(), shop.db.clone(), &kinds, handlers, Rooms::default(), 300);
    let working = tokio::spawn(async move { runner.work_once(Queue::Engines, &CancellationToken::new()).await });
    shop.until(JobStatus::Running, 1).await;
    let id = shop.of(JobStatus::Running).await[0].id;
    manage::cancel(&shop.db, &kinds, id).await.unwrap();
    tokio::time::timeout(Duration::from_secs(20), working).await.unwrap().unwrap().unwrap();
    assert_eq!(shop.of(JobStatus::Cancelled).await.len(), 1);
    assert_eq!(shop.bench.done.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_ends_or_panics_is_started_again() {
    let starts = AtomicUsize::new(0);
    let stop = CancellationToken::new();
    let kept = supervise("a test", stop.clone(), || {
        let start = starts.fetch_add(1, Ordering::SeqCst);
        let stop = stop.clone();
        async move {
            match start {
                0 => panic!("at once"),
                1 => {}
                _ => stop.cancel(),
            }
        }
    });
    tokio::time::timeout(Duration::from_secs(20), kept).await.unwrap();
    assert_eq!(starts.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn somebody_does_every_kind_of_job_there_is() {
    let folder = TempDir::new().unwrap();
    let mut config = Config::load(None).unwrap();
    config.data_dir = folder.path().to_path_buf();
    let state = AppState::connect(config).await.unwrap();
    let mails = Mails::open(&state, "127.0.0.1:3000".parse().unwrap()).unwrap();
    let mut handlers = of_shop(&state, &mails);
    handlers.extend(of_worker(&Worker::new(&state).shop));
    let done: Vec<&str> = handlers.keys().copied().collect();
    let known: Vec<&str> = job_kinds::all().iter().map(|kind| kind.name).collect();
    assert_eq!(done, known);
    let scheduled = job_kinds::schedules();
    assert!(scheduled.iter().all(|schedule| known.contains(&schedule.kind)));
}
