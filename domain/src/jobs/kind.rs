//! What a job is: a type that says its kind, and what follows when the queue moves it.

use crate::{Result, Timestamp, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Duration;
use uuid::Uuid;

/// A job: what is to be done, as its worker reads it. Its fields are the payload.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The name by which a worker finds its code: `mail.send`. It stands in the database, so it stays.
    const KIND: &'static str;
    const QUEUE: Queue;
    /// Lower goes first.
    const PRIORITY: i32 = 0;
    /// Failed tries in a row after which it is given up.
    const MAX_ATTEMPTS: i32 = 5;
    /// How long one try may take.
    const TIME_LIMIT: Duration = Duration::from_secs(10 * 60);
    /// A try under way is finished when its process is asked to stop; otherwise it is given back and goes on elsewhere.
    const FINISH_ON_STOP: bool = true;
    /// When it is given up, somebody has to look at it: admins are told by mail.
    const NEEDS_PERSON: bool = false;
    /// How long one that is done is kept, in milliseconds.
    const KEEP_DONE_MS: i64 = 24 * 60 * 60 * 1000;

    /// Which others it makes needless.
    fn unique(&self) -> Unique {
        Unique::No
    }

    /// What it belongs to, such as `title:` and an id: by this it is found again.
    fn group(&self) -> Option<String> {
        None
    }

    /// What else is to be said when the queue moves it, in the same transaction.
    fn follow(&self, tx: &Tx, change: &Change) -> impl Future<Output = Result<()>> + Send {
        let _ = (tx, change);
        async { Ok(()) }
    }
}

/// Jobs that share their workers: as many of a queue run at once as its process has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sea_orm::EnumIter, sea_orm::DeriveActiveEnum)]
#[sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))")]
pub enum Queue {
    /// What needs an inference engine: one at a time for each slot.
    #[sea_orm(string_value = "engines")]
    Engines,
    /// What needs a processor and the disk, such as decoding sound.
    #[sea_orm(string_value = "sound")]
    Sound,
    #[sea_orm(string_value = "mail")]
    Mail,
    /// What moves files in the storage.
    #[sea_orm(string_value = "storage")]
    Storage,
    /// What the shop looks after by itself.
    #[sea_orm(string_value = "maintenance")]
    Maintenance,
    /// What waits for programs elsewhere, which may be slow or away.
    #[sea_orm(string_value = "webhooks")]
    Webhooks,
}

impl Queue {
    pub const ALL: [Self; 6] =
        [Self::Engines, Self::Sound, Self::Mail, Self::Storage, Self::Maintenance, Self::Webhooks];

    /// What is announced when there is something new in it.
    pub fn topic(self) -> &'static str {
        match self {
            Self::Engines => "jobs.engines",
            Self::Sound => "jobs.sound",
            Self::Mail => "jobs.mail",
            Self::Storage => "jobs.storage",
            Self::Maintenance => "jobs.maintenance",
            Self::Webhooks => "jobs.webhooks",
        }
    }
}

/// Which others a job makes needless: of those with one key there is one at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unique {
    No,
    /// Among those that wait: a change while one runs is done again after it.
    Waiting(String),
    /// Among those that wait or run.
    Unfinished(String),
}

/// How the queue has moved a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A worker begins with it.
    Claimed,
    /// Its worker was stopped and gave it back.
    Released,
    /// It waits until the operator has provided something.
    Waiting { reason: String },
    /// It failed and is tried again.
    Retried { reason: String, at: Timestamp },
    /// Its worker stopped answering; another one takes it.
    Lost,
    /// It was given up.
    Died { reason: String, lost: bool },
    /// A person put it back into the queue.
    Requeued,
    /// A person called it off.
    Cancelled,
}

type Following<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;
type Follow = for<'a> fn(&'a str, &'a Tx, &'a Change) -> Following<'a>;
/// Who is told that a job was given up that a person must look at: its id, its kind and why.
pub type Alarm = for<'a> fn(&'a Tx, Uuid, &'static str, &'a str) -> Following<'a>;

/// A kind of job, for those who handle jobs without knowing their types.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    pub name: &'static str,
    pub queue: Queue,
    pub time_limit: Duration,
    pub finish_on_stop: bool,
    pub needs_person: bool,
    pub keep_done_ms: i64,
    follow: Follow,
}

impl Kind {
    pub fn of<J: Job>() -> Self {
        Self {
            name: J::KIND,
            queue: J::QUEUE,
            time_limit: J::TIME_LIMIT,
            finish_on_stop: J::FINISH_ON_STOP,
            needs_person: J::NEEDS_PERSON,
            keep_done_ms: J::KEEP_DONE_MS,
            follow: |payload, tx, change| {
                Box::pin(async move {
                    match serde_json::from_str::<J>(payload) {
                        Ok(job) => job.follow(tx, change).await,
                        // One that cannot be read belongs to nothing that could be told.
                        Err(_) => Ok(()),
                    }
                })
            },
        }
    }
}

/// Every kind of job of the shop.
#[derive(Clone, Debug, Default)]
pub struct Kinds {
    by_name: BTreeMap<&'static str, Kind>,
    alarm: Option<Alarm>,
}

impl Kinds {
    #[must_use]
    pub fn with<J: Job>(mut self) -> Self {
        self.by_name.insert(J::KIND, Kind::of::<J>());
        self
    }

    /// Who is told when a job dies that a person must look at.
    #[must_use]
    pub fn with_alarm(self, alarm: Alarm) -> Self {
        Self { alarm: Some(alarm), ..self }
    }

    pub fn get(&self, name: &str) -> Option<&Kind> {
        self.by_name.get(name)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Kind> {
        self.by_name.values()
    }

    /// The same, but only those that somebody here can do.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        let by_name = self.by_name.iter().filter(|(name, _)| names.contains(*name)).map(|(name, kind)| (*name, *kind));
        Self { by_name: by_name.collect(), alarm: self.alarm }
    }

    /// The names of those in a queue.
    pub(super) fn in_queue(&self, queue: Queue) -> Vec<&'static str> {
        self.iter().filter(|kind| kind.queue == queue).map(|kind| kind.name).collect()
    }

    /// Says what else is to be said of a job that the queue has moved.
    pub(super) async fn follow(&self, tx: &Tx, id: Uuid, name: &str, payload: &str, change: Change) -> Result<()> {
        let Some(kind) = self.get(name) else { return Ok(()) };
        (kind.follow)(payload, tx, &change).await?;
        match (&change, self.alarm) {
            (Change::Died { reason, .. }, Some(alarm)) if kind.needs_person => alarm(tx, id, kind.name, reason).await,
            _ => Ok(()),
        }
    }
}
