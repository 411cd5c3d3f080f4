//! The runner: takes jobs as long as there is room, does them, and says how they ended.

use super::completion::{self, Completions};
use super::supervise::{said, supervise};
use super::{Handlers, JobError};
use crate::{metrics, telemetry};
use domain::Db;
use domain::jobs::schedule::{self, Schedule};
use domain::jobs::{self, Claim, Failed, Kind, Kinds, Queue, Retry};
use futures::FutureExt;
use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span};
use uuid::Uuid;

/// How often a job that waits for the operator looks again, in milliseconds.
const WAITING_AGAIN_MS: i64 = 15_000;
/// How long what is nearly done may go on after the process was asked to stop.
const GRACE: Duration = Duration::from_secs(20);
/// How often the schedule is looked at.
const TICK: Duration = Duration::from_secs(10);
/// Shortest pause between two looks that find nothing.
const SHORTEST_PAUSE_MS: i64 = 20;
/// Pause after the database could not be asked.
const AFTER_ERROR: Duration = Duration::from_secs(1);

/// How many jobs of each queue are done at once.
pub type Rooms = BTreeMap<Queue, usize>;

/// What every line of the log says of a job. Of the level of errors, so that no filter that lets a line through takes it away.
fn span(claim: &Claim) -> Span {
    let title = claim.group.as_deref().and_then(|group| group.strip_prefix("title:"));
    let title = title.and_then(|id| Uuid::try_parse(id).ok()).map(tracing::field::display);
    let span = tracing::error_span!("job", id = %claim.id, kind = claim.kind, attempt = claim.attempt, title);
    // Each try belongs to the trace of whoever asked for the job, however much later and in whichever process.
    telemetry::going_on(&span, claim.trace_parent.as_deref());
    span
}

/// Does the jobs of a process.
#[derive(Clone)]
pub struct Runner {
    inner: Arc<Inner>,
}

struct Inner {
    /// The name under which jobs are claimed.
    id: String,
    db: Db,
    kinds: Kinds,
    handlers: Handlers,
    rooms: Rooms,
    /// Milliseconds without a heartbeat after which another runner takes a job.
    lease_ms: i64,
    doing: Mutex<BTreeMap<Uuid, String>>,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("id", &self.inner.id).finish_non_exhaustive()
    }
}

impl Runner {
    /// A runner that takes the kinds which somebody here does.
    pub fn new(id: String, db: Db, kinds: &Kinds, handlers: Handlers, rooms: Rooms, lease_ms: i64) -> Self {
        let kinds = kinds.only(&handlers.keys().copied().collect::<Vec<_>>());
        Self { inner: Arc::new(Inner { id, db, kinds, handlers, rooms, lease_ms, doing: Mutex::default() }) }
    }

    pub fn id(&self) -> &str {
        &self.inner.id
    }

    /// The kinds of what it is at work on.
    pub fn doing(&self) -> Vec<String> {
        self.inner.doing.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    /// Works until asked to stop. What is short is finished then, what is long is given back and goes on where it was.
    pub async fn run(&self, schedules: Vec<Schedule>, stop: CancellationToken) {
        let (completions, receiver) = Completions::new();
        let receiver = Arc::new(tokio::sync::Mutex::new(receiver));
        let mut tasks = tokio::task::JoinSet::new();
        for (queue, room) in self.inner.rooms.clone() {
            let (runner, completions, stop) = (self.clone(), completions.clone(), stop.clone());
            tasks.spawn(async move {
                let serve = || runner.serve(queue, room, &completions, &stop);
                supervise(queue.topic(), stop.clone(), serve).await;
            });
        }
        // It ends when nobody can hand in any more: after the queues.
        drop(completions);
        let db = self.inner.db.clone();
        let completing = tokio::spawn(async move {
            let take = || async { completion::take(&db, &mut *receiver.lock().await).await };
            while AssertUnwindSafe(take()).catch_unwind().await.is_err() {
                tracing::error!("the end of some jobs could not be written down: they are done again");
            }
        });
        let (runner, quit) = (self.clone(), stop.clone());
        tasks.spawn(async move {
            supervise("the schedule", quit.clone(), || runner.keep_schedule(&schedules, &quit)).await;
        });
        let (runner, quit) = (self.clone(), stop.clone());
        tasks.spawn(async move { supervise("news of other servers", quit.clone(), || runner.listen(&quit)).await });
        while tasks.join_next().await.is_some() {}
        if completing.await.is_err() {
            tracing::warn!("the ends of some jobs were not written down");
        }
    }

    /// Takes jobs of a queue, as many at once as there is room for.
    async fn serve(&self, queue: Queue, room: usize, completions: &Completions, stop: &CancellationToken) {
        let Inner { db, .. } = &*self.inner;
        let room = Arc::new(Semaphore::new(room));
        let mut news = db.news(queue.topic());
        let mut tasks = tokio::task::JoinSet::new();
        loop {
            let first = tokio::select! {
                () = stop.cancelled() => break,
                place = room.clone().acquire_owned() => place,
            };
            let Ok(first) = first else { break };
            let mut places = vec![first];
            while let Ok(place) = room.clone().try_acquire_owned() {
                places.push(place);
            }
            while tasks.try_join_next().is_some() {}
            match self.take(queue, places.len()).await {
                Ok((claims, _)) if !claims.is_empty() => {
                    for (claim, place) in claims.into_iter().zip(places) {
                        let (runner, completions, stop) = (self.clone(), completions.clone(), stop.clone());
                        tasks.spawn(async move {
                            runner.work(claim, Some(&completions), &stop).await;
                            drop(place);
                        });
                    }
                }
                Ok((_, pause)) => {
                    drop(places);
                    tokio::select! {
                        () = stop.cancelled() => break,
                        () = news.next() => {}
                        () = tokio::time::sleep(pause) => {}
                    }
                }
                Err(error) => {
                    drop(places);
                    tracing::warn!(%error, queue = queue.topic(), "jobs could not be taken");
                    tokio::select! {
                        () = stop.cancelled() => break,
                        () = tokio::time::sleep(AFTER_ERROR) => {}
                    }
                }
            }
        }
        while tasks.join_next().await.is_some() {}
    }

    /// Claims what is due; where nothing is, for how long nothing will be that this server was not told of.
    async fn take(&self, queue: Queue, most: usize) -> domain::Result<(Vec<Claim>, Duration)> {
        let Inner { id, db, kinds, lease_ms, .. } = &*self.inner;
        let next = jobs::next_look(db, kinds, queue).await?;
        let wait_ms = next.map_or(i64::MAX, |at| at.since_ms(db.now()));
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        let claims = if wait_ms <= 0 { jobs::claim(db, kinds, queue, id, *lease_ms, most).await? } else { Vec::new() };
        let longest = i64::try_from(db.look_again_after().as_millis()).unwrap_or(i64::MAX);
        let pause = u64::try_from(wait_ms.clamp(SHORTEST_PAUSE_MS, longest)).unwrap_or(0);
        Ok((claims, Duration::from_millis(pause)))
    }

    /// Does one job of a queue, if there is one: for tests, and for those who work step by step.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn work_once(&self, queue: Queue, stop: &CancellationToken) -> domain::Result<bool> {
        let (claims, _) = self.take(queue, 1).await?;
        let found = !claims.is_empty();
        for claim in claims {
            self.work(claim, None, stop).await;
        }
        Ok(found)
    }

    /// Does a job and says how it ended.
    async fn work(&self, claim: Claim, completions: Option<&Completions>, stop: &CancellationToken) {
        let span = span(&claim);
        self.note(&claim, true);
        let recorded = async {
            let ended = self.attempt(&claim, stop).await;
            self.record(&claim, ended, completions).await
        };
        match recorded.instrument(span).await {
            // Somebody else has it, or nobody wants it: nothing is left to say.
            Ok(()) | Err(domain::Error::LeaseLost) => {}
            Err(error) => tracing::warn!(%error, job = %claim.id, "the end of a job could not be recorded"),
        }
        self.note(&claim, false);
    }

    /// Does a job within its time while its lease is kept. A panic is a failed try.
    async fn attempt(&self, claim: &Claim, stop: &CancellationToken) -> Attempt {
        let Inner { kinds, handlers, .. } = &*self.inner;
        let (Some(kind), Some(handler)) = (kinds.get(&claim.kind), handlers.get(claim.kind.as_str())) else {
            return Attempt::Ended(Err(JobError::Fatal("Nobody here knows how to do this job.".to_owned())));
        };
        let work = AssertUnwindSafe(async { handler(claim.clone()).await }).catch_unwind();
        tokio::select! {
            ended = tokio::time::timeout(kind.time_limit, work) => Attempt::Ended(match ended {
                Ok(Ok(ended)) => ended,
                Ok(Err(panic)) => Err(JobError::Again(format!("It broke off: {}.", said(&panic)))),
                Err(_) => Err(JobError::Again(format!("It took longer than {} s.", kind.time_limit.as_secs()))),
            }),
            () = self.lose(claim) => Attempt::Ended(Err(JobError::Lost)),
            () = over(kind, stop) => Attempt::Stopped,
        }
    }

    /// What happens to a job that was worked on, in one place for all of them.
    async fn record(&self, claim: &Claim, ended: Attempt, completions: Option<&Completions>) -> domain::Result<()> {
        let Inner { db, kinds, .. } = &*self.inner;
        let count = |how| {
            if let Some(kind) = kinds.get(&claim.kind) {
                db.count(how, kind.name);
            }
        };
        let fail = async |reason: String, retry| match jobs::fail(db, kinds, claim, &reason, retry).await? {
            Failed::Again(at) => {
                count(metrics::FAILED);
                telemetry::failed(&Span::current(), metrics::FAILED);
                tracing::warn!(reason, again = at.rfc3339(), "a job failed and is tried again");
                Ok(())
            }
            Failed::Dead => {
                count(metrics::GIVEN_UP);
                telemetry::failed(&Span::current(), metrics::GIVEN_UP);
                tracing::error!(reason, "a job was given up");
                Ok(())
            }
            Failed::Superseded => Ok(()),
        };
        match ended {
            Attempt::Ended(Ok(())) => {
                count(metrics::DONE);
                tracing::debug!("a job is done");
                match completions {
                    Some(completions) => completions.hand_in(claim.clone()).await,
                    None => drop(jobs::complete_all(db, std::slice::from_ref(claim)).await?),
                }
                Ok(())
            }
            Attempt::Ended(Err(JobError::Lost)) => {
                count(metrics::LOST);
                telemetry::failed(&Span::current(), metrics::LOST);
                tracing::info!("a job was taken away");
                Ok(())
            }
            Attempt::Ended(Err(JobError::Waiting(sentence))) => {
                count(metrics::WAITING);
                tracing::info!(sentence, "a job waits");
                jobs::release_waiting(db, kinds, claim, &sentence, WAITING_AGAIN_MS).await
            }
            Attempt::Ended(Err(JobError::Again(sentence) | JobError::Hindered(sentence))) => {
                fail(sentence, Retry::After(None)).await
            }
            Attempt::Ended(Err(JobError::Fatal(sentence))) => fail(sentence, Retry::Fatal).await,
            Attempt::Stopped => {
                count(metrics::GIVEN_BACK);
                jobs::release(db, kinds, claim).await
            }
        }
    }

    /// Keeps the lease; returns when it is lost.
    async fn lose(&self, claim: &Claim) {
        let Inner { db, lease_ms, .. } = &*self.inner;
        let third = u64::try_from(lease_ms / 3).unwrap_or(1000).clamp(50, 5_000);
        loop {
            tokio::time::sleep(Duration::from_millis(third)).await;
            match jobs::heartbeat(db, claim, *lease_ms).await {
                Ok(true) => {}
                Ok(false) => return,
                // The lease is longer than a hiccup of the database; if it ends, the fence holds.
                Err(error) => tracing::warn!(%error, job = %claim.id, "a heartbeat was missed"),
            }
        }
    }

    async fn keep_schedule(&self, schedules: &[Schedule], stop: &CancellationToken) {
        let Inner { db, id, .. } = &*self.inner;
        loop {
            if let Err(error) = schedule::tick(db, schedules, id).await {
                tracing::warn!(%error, "the schedule could not be looked at");
            }
            tokio::select! {
                () = stop.cancelled() => break,
                () = tokio::time::sleep(TICK) => {}
            }
        }
        if let Err(error) = schedule::resign(db, id).await {
            tracing::warn!(%error, "the schedule could not be handed on");
        }
    }

    async fn listen(&self, stop: &CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            ended = self.inner.db.pass_on_news() => {
                if let Err(error) = ended {
                    tracing::warn!(%error, "news of other servers is not heard for the moment");
                }
            }
        }
    }

    fn note(&self, claim: &Claim, begins: bool) {
        let mut doing = self.inner.doing.lock().unwrap_or_else(PoisonError::into_inner);
        if begins {
            doing.insert(claim.id, claim.kind.clone());
        } else {
            doing.remove(&claim.id);
        }
    }
}

enum Attempt {
    Ended(Result<(), JobError>),
    /// The process is asked to stop.
    Stopped,
}

/// Returns when a job of this kind may not go on, because the process is to stop.
async fn over(kind: &Kind, stop: &CancellationToken) {
    stop.cancelled().await;
    if kind.finish_on_stop {
        tokio::time::sleep(GRACE).await;
    }
}
