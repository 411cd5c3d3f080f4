//! When visitors come, and how long they waited.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// Has somebody come so often a second, whether or not those before them are done. Each is told when they were due.
pub async fn at_rate<F>(rate: usize, seconds: usize, mut visit: impl FnMut(usize, Instant) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let began = Instant::now();
    let mut under_way = JoinSet::new();
    for number in 0..rate * seconds {
        let due = began + Duration::from_secs_f64(number as f64 / rate as f64);
        tokio::time::sleep_until(due.into()).await;
        under_way.spawn(visit(number, due));
    }
    while let Some(ended) = under_way.join_next().await {
        ended.unwrap();
    }
}

/// Has so many at once come again as soon as they are done, for so long.
pub async fn flat_out<F>(at_once: usize, long: Duration, visit: impl Fn(usize, Instant) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let until = Instant::now() + long;
    let next = AtomicUsize::new(0);
    let one = || async {
        while Instant::now() < until {
            // A task of its own, so that all processors take part.
            let visiting = visit(next.fetch_add(1, Ordering::Relaxed), Instant::now());
            tokio::spawn(visiting).await.unwrap();
        }
    };
    futures::future::join_all((0..at_once).map(|_| one())).await;
}

/// How long each kind of request took, and what went wrong.
#[derive(Default)]
pub struct Tally(Mutex<Counted>);

#[derive(Default)]
struct Counted {
    took: BTreeMap<&'static str, Vec<Duration>>,
    errors: Vec<String>,
}

impl Tally {
    pub fn add(&self, kind: &'static str, took: Duration, outcome: Result<(), String>) {
        let mut counted = self.0.lock().unwrap();
        counted.took.entry(kind).or_default().push(took);
        if let Err(error) = outcome {
            counted.errors.push(format!("{kind}: {error}"));
        }
    }

    pub fn errors(&self) -> Vec<String> {
        self.0.lock().unwrap().errors.clone()
    }

    pub fn count(&self) -> usize {
        self.0.lock().unwrap().took.values().map(Vec::len).sum()
    }

    /// A line for each kind.
    pub fn print(&self) {
        let mut counted = self.0.lock().unwrap();
        let Counted { took, errors } = &mut *counted;
        for (kind, took) in took {
            took.sort_unstable();
            let failed = errors.iter().filter(|error| error.starts_with(&format!("{kind}: "))).count();
            println!(
                "  {kind:>22}: {:6} times, p50 {:7.1} ms, p95 {:7.1} ms, p99 {:7.1} ms, {failed} errors",
                took.len(),
                at(took, 50),
                at(took, 95),
                at(took, 99)
            );
        }
    }
}

/// So many of a hundred took at most so many milliseconds.
fn at(sorted: &[Duration], percent: usize) -> f64 {
    let place = (sorted.len() * percent).div_ceil(100).clamp(1, sorted.len());
    sorted[place - 1].as_secs_f64() * 1000.0
}

#[test]
fn whoever_came_while_the_shop_stood_still_is_counted_from_when_they_came() {
    let tally = Tally::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let took = Mutex::new(Vec::new());
        at_rate(20, 1, |number, due| {
            if number == 0 {
                // Nothing moves for a while: this runtime has one thread.
                std::thread::sleep(Duration::from_millis(300));
            }
            took.lock().unwrap().push(due.elapsed());
            async {}
        })
        .await;
        took.into_inner().unwrap().into_iter().for_each(|took| tally.add("visit", took, Ok(())));
    });
    assert_eq!((tally.count(), tally.errors().len()), (20, 0));
    let late = tally.0.lock().unwrap().took["visit"].iter().filter(|took| took.as_millis() > 90).count();
    assert!(late >= 4, "{late} were counted as late");
}
