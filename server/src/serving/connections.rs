//! The connections that are open, and which of them makes room for another.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// What a client has sent may lie unread for so long on a busy machine: nobody who moved since is taken for idle.
const UNHEARD: Duration = Duration::from_millis(250);

/// What a connection is doing.
#[derive(Debug)]
pub struct Activity {
    began: Instant,
    /// Milliseconds from `began` to when the client last sent or took something.
    moved_ms: AtomicU64,
    /// The shop works on an answer: it is not the client who keeps it waiting.
    ours: AtomicBool,
    leave: CancellationToken,
}

impl Activity {
    fn now_ms(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The client has sent or taken something.
    pub fn moved(&self) {
        self.moved_ms.store(self.now_ms(), Ordering::Relaxed);
    }

    /// Who has to do something now: the shop, or the client, whose time begins when it is their turn.
    pub fn is_ours(&self, ours: bool) {
        if self.ours.swap(ours, Ordering::Relaxed) && !ours {
            self.moved();
        }
    }

    /// How long the client has kept the shop waiting; `None` while the shop is at work.
    fn idle(&self) -> Option<Duration> {
        let moved = Duration::from_millis(self.moved_ms.load(Ordering::Relaxed));
        (!self.ours.load(Ordering::Relaxed)).then(|| self.began.elapsed().saturating_sub(moved))
    }
}

/// As many connections as are taken at once.
#[derive(Clone)]
pub struct Connections(Arc<Inner>);

struct Inner {
    began: Instant,
    most: usize,
    next: AtomicU64,
    open: Mutex<HashMap<u64, Arc<Activity>>>,
    closed: Notify,
}

impl Inner {
    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Activity>>> {
        // Whoever panicked left a whole map behind.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connections {
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Inner {
            began: Instant::now(),
            most,
            next: AtomicU64::new(0),
            open: Mutex::default(),
            closed: Notify::new(),
        }))
    }

    /// A place for another connection. When all are taken, the one whose client has done nothing for longest is ended;
    /// where the shop itself is at work for each of them, or all have only just come, it waits.
    pub async fn place(&self) -> Place {
        loop {
            let closed = self.0.closed.notified();
            if let Some(place) = self.try_place() {
                return place;
            }
            // A connection that the shop is at work for becomes idle without a word.
            let _ = tokio::time::timeout(UNHEARD / 4, closed).await;
        }
    }

    fn try_place(&self) -> Option<Place> {
        let mut open = self.0.open();
        if open.len() >= self.0.most {
            let idle = open.iter().filter_map(|(id, activity)| Some((activity.idle()?, *id)));
            let (_, id) = idle.filter(|(idle, _)| *idle >= UNHEARD).max()?;
            if let Some(activity) = open.remove(&id) {
                tracing::debug!("all connections are taken: one that waits makes room");
                activity.leave.cancel();
            }
        }
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        let activity = Arc::new(Activity {
            began: self.0.began,
            moved_ms: AtomicU64::new(0),
            ours: AtomicBool::new(false),
            leave: CancellationToken::new(),
        });
        activity.moved();
        open.insert(id, activity.clone());
        Some(Place { connections: self.clone(), id, activity })
    }
}

/// One connection's place; free again when it is dropped.
pub struct Place {
    connections: Connections,
    id: u64,
    activity: Arc<Activity>,
}

impl Place {
    pub fn activity(&self) -> Arc<Activity> {
        self.activity.clone()
    }

    /// Waits until it has to make room for another.
    pub async fn made_room(&self) {
        self.activity.leave.cancelled().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.0.open().remove(&self.id);
        self.connections.0.closed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn whoever_has_done_nothing_for_longest_makes_room() {
        let connections = Connections::new(2);
        let (first, second) = (connections.place().await, connections.place().await);
        tokio::time::sleep(Duration::from_millis(20)).await;
        first.activity().moved();
        let _third = connections.place().await;
        tokio::time::timeout(Duration::from_secs(5), second.made_room()).await.unwrap();
        assert!(!first.activity.leave.is_cancelled());
    }

    #[tokio::test]
    async fn whoever_has_just_come_is_heard_before_they_make_room() {
        let connections = Connections::new(1);
        let first = connections.place().await;
        assert!(connections.try_place().is_none());
        let _second = connections.place().await;
        tokio::time::timeout(Duration::from_secs(5), first.made_room()).await.unwrap();
        assert!(first.activity.idle().unwrap() >= UNHEARD);
    }

    #[tokio::test]
    async fn whoever_waited_long_for_an_answer_gets_time_to_take_it() {
        let connections = Connections::new(2);
        let first = connections.place().await;
        first.activity().is_ours(true);
        tokio::time::sleep(Duration::from_millis(20)).await;
        let second = connections.place().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        first.activity().is_ours(false);
        let _third = connections.place().await;
        tokio::time::timeout(Duration::from_secs(5), second.made_room()).await.unwrap();
        assert!(!first.activity.leave.is_cancelled());
    }

    #[tokio::test]
    async fn nobody_is_cut_off_for_whom_the_shop_is_at_work() {
        let connections = Connections::new(1);
        let first = connections.place().await;
        first.activity().is_ours(true);
        tokio::time::sleep(UNHEARD * 2).await;
        assert!(connections.try_place().is_none());
        let waiting = tokio::spawn({
            let connections = connections.clone();
            async move { connections.place().await }
        });
        tokio::task::yield_now().await;
        drop(first);
        tokio::time::timeout(Duration::from_secs(5), waiting).await.unwrap().unwrap();
    }
}
