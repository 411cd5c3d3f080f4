//! How quick the queue is. `scripts/bench queue` asks for many jobs, on a database of its choice, and prints the figures;
//! in every run of the tests a few go the same way, without a look at the clock.

use super::{JobError, Registry, Rooms, Runner};
use domain::Db;
use domain::jobs::{self, Claim, Job, Kinds, Queue};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// Jobs enqueued in one transaction while throughput is measured.
const TOGETHER: usize = 500;
/// Jobs done at once.
const ROOM: usize = 64;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Empty {
    number: usize,
}

impl Job for Empty {
    const KIND: &'static str = "test.empty";
    const QUEUE: Queue = Queue::Maintenance;
}

#[derive(Clone)]
struct Watch {
    done: Arc<AtomicUsize>,
    began: mpsc::UnboundedSender<(usize, Instant)>,
}

async fn run(watch: Watch, job: Empty, _: Claim) -> Result<(), JobError> {
    let _ = watch.began.send((job.number, Instant::now()));
    watch.done.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

fn number_from(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// An empty shop, twice: as two servers of it see it.
async fn two_servers(folder: &TempDir) -> (Db, Db) {
    let url = std::env::var("LECTERN_QUEUE_DATABASE")
        .unwrap_or_else(|_| format!("sqlite://{}", folder.path().join("shop.db").display()));
    let db = Db::connect(&url, 8).await.unwrap();
    migrations::up(db.read()).await.unwrap();
    (db, Db::connect(&url, 2).await.unwrap())
}

async fn ask(db: &Db, numbers: std::ops::Range<usize>) {
    let asked = db.transaction(async |tx| {
        for number in numbers.clone() {
            jobs::enqueue(&tx, &Empty { number }).await?;
        }
        Ok(())
    });
    asked.await.unwrap();
}

async fn all_done(db: &Db) {
    while jobs::next_look(db, &Kinds::default().with::<Empty>(), Queue::Maintenance).await.unwrap().is_some() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Milliseconds from the begin of enqueueing to the begin of the work, one job after the other.
async fn latencies(
    by: &Db,
    began: &mut mpsc::UnboundedReceiver<(usize, Instant)>,
    first: usize,
    many: usize,
) -> Vec<f64> {
    let mut waited = Vec::with_capacity(many);
    for number in first..first + many {
        let asked = Instant::now();
        ask(by, number..number + 1).await;
        let began = async {
            loop {
                match began.recv().await {
                    Some((begun, at)) if begun == number => break at,
                    Some(_) => {}
                    None => panic!("the runner is gone"),
                }
            }
        };
        let at = tokio::time::timeout(Duration::from_secs(20), began).await.expect("the job begins");
        waited.push((at - asked).as_secs_f64() * 1000.0);
    }
    waited.sort_by(f64::total_cmp);
    waited
}

fn told(what: &str, sorted: &[f64]) {
    let at = |share: f64| sorted[((sorted.len() - 1) as f64 * share) as usize];
    println!("  {what:<44} median {:6.2} ms   p99 {:6.2} ms   worst {:6.2} ms", at(0.5), at(0.99), at(1.0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn queue_speed_every_job_is_done_once_and_begins_when_it_is_asked_for() {
    let many = number_from("LECTERN_QUEUE_JOBS", 200);
    let singles = number_from("LECTERN_QUEUE_SINGLES", 10);
    let folder = TempDir::new().unwrap();
    let (db, other) = two_servers(&folder).await;
    let backend = format!("{:?}", db.backend());
    let (sender, mut began) = mpsc::unbounded_channel();
    let watch = Watch { done: Arc::default(), began: sender };
    let handlers = Registry::over(&watch).job(run).handlers;
    let rooms = Rooms::from([(Queue::Maintenance, ROOM)]);
    let runner =
        Runner::new("speed".to_owned(), db.clone(), &Kinds::default().with::<Empty>(), handlers, rooms, 60_000);

    let asked = Instant::now();
    for first in (0..many).step_by(TOGETHER) {
        ask(&db, first..(first + TOGETHER).min(many)).await;
    }
    let asking = asked.elapsed().as_secs_f64();
    let stop = CancellationToken::new();
    let begun = Instant::now();
    let working = tokio::spawn({
        let stop = stop.clone();
        async move { runner.run(Vec::new(), stop).await }
    });
    all_done(&db).await;
    let working_for = begun.elapsed().as_secs_f64();
    // The name of the test stands on the line before.
    println!(
        "\n  {backend}: {many} empty jobs: enqueued {:.0}/s, done {:.0}/s",
        many as f64 / asking,
        many as f64 / working_for
    );
    assert_eq!(watch.done.load(Ordering::SeqCst), many, "each once");

    let here = latencies(&db, &mut began, many, singles).await;
    told(&format!("{backend}: enqueue to start, this process"), &here);
    let there = latencies(&other, &mut began, many + singles, singles).await;
    told(&format!("{backend}: enqueue to start, another process"), &there);
    stop.cancel();
    working.await.unwrap();
    assert_eq!(watch.done.load(Ordering::SeqCst), many + 2 * singles);
}
