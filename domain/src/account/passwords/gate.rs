//! Doors before work that keeps a core busy. What strangers may ask for at any time has a door of its own: however many
//! stand there, nobody who logs in waits behind them.

use crate::{Error, Result};
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// Hashes under way at once: each holds 19 MiB and a core, and one core is left for everybody else.
pub(super) static HASHING: LazyLock<Gate> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Gate::new(cores.saturating_sub(1).max(1), WAITING)
});
/// Passwords that are being chosen.
pub(super) static CHOOSING: LazyLock<Gate> = LazyLock::new(|| Gate::new(1, WAITING));
/// Passwords that a meter shows the strength of: anybody may ask, and nobody needs the answer.
pub(super) static METER: LazyLock<Gate> = LazyLock::new(|| Gate::new(1, 2));

/// How many wait for each one whose turn it is: about a second's work.
const WAITING: usize = 32;

/// Lets a few through at a time. Some more may wait; the others are sent away at once, so that a flood at the door costs
/// neither memory nor everybody's patience.
pub(super) struct Gate {
    /// To wait at all.
    places: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

impl Gate {
    fn new(turns: usize, waiting: usize) -> Self {
        let places = turns * (1 + waiting);
        Self { places: Arc::new(Semaphore::new(places)), turns: Arc::new(Semaphore::new(turns)) }
    }

    /// Runs work on a thread of its own, in its turn.
    ///
    /// # Errors
    /// [`Error::Busy`] when too many wait already; else what the work says.
    pub(super) async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let place = self.places.clone().try_acquire_owned().map_err(|_| Error::Busy)?;
        let turn = self.turns.clone().acquire_owned().await.map_err(|_| Error::Busy)?;
        // A client that goes away drops this future, but the work goes on: it keeps its turn until it is done.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (place, turn);
            work()
        });
        done.await.map_err(|error| Error::Damaged(error.to_string()))?
    }
}

#[cfg(test)]
mod tests {
    use super::super::{hashing, strength};
    use super::*;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use tokio::task::JoinSet;

    #[tokio::test]
    async fn a_flood_at_the_door_is_sent_away_and_those_inside_are_served() {
        const TURNS: usize = 2;
        const SENT_AWAY: usize = 7;
        let gate = Arc::new(Gate::new(TURNS, WAITING));
        let (open, closed) = std::sync::mpsc::channel::<()>();
        let closed = Arc::new(Mutex::new(closed));
        let (inside, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let mut crowd = JoinSet::new();
        for _ in 0..TURNS * (1 + WAITING) + SENT_AWAY {
            let (gate, closed, inside, most) = (gate.clone(), closed.clone(), inside.clone(), most.clone());
            let visit = move || {
                most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                // Until the test lets go of the other end.
                assert!(closed.lock().unwrap().recv().is_err());
                inside.fetch_sub(1, Ordering::SeqCst);
                Ok(())
            };
            crowd.spawn(async move { gate.run(visit).await });
        }
        for _ in 0..SENT_AWAY {
            assert!(matches!(crowd.join_next().await.unwrap().unwrap(), Err(Error::Busy)));
        }
        drop(open);
        let served = crowd.join_all().await;
        assert_eq!(served.iter().filter(|visit| visit.is_ok()).count(), TURNS * (1 + WAITING));
        assert!(most.load(Ordering::SeqCst) <= TURNS, "more were inside at once than there are turns");
    }

    #[tokio::test]
    async fn nobody_who_logs_in_waits_behind_those_who_measure_passwords() {
        let (open, closed) = std::sync::mpsc::channel::<()>();
        let closed = Arc::new(Mutex::new(closed));
        let mut crowd = JoinSet::new();
        // More than there are places before the meter: it is full, and its turn does not end.
        for _ in 0..8 {
            let closed = closed.clone();
            crowd.spawn(METER.run(move || {
                let _ = closed.lock().unwrap().recv();
                Ok(())
            }));
        }
        let sent_away = crowd.join_next().await.unwrap().unwrap();
        assert!(matches!(sent_away, Err(Error::Busy)));
        let measured = strength::measure("a quiet desk by the window".into(), String::new(), String::new()).await;
        assert!(matches!(measured, Err(Error::Busy)));
        let log_in = hashing::verify("a quiet desk by the window", None);
        assert!(!tokio::time::timeout(Duration::from_secs(20), log_in).await.unwrap().unwrap());
        drop(open);
        crowd.join_all().await;
    }
}
