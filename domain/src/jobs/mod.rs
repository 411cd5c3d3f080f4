//! Work in the background: the shop's queue.
//!
//! A job is a type ([`Job`]), enqueued in the transaction of the change that asks for it, claimed with a lease, kept by
//! heartbeats, and fenced: its attempt grows with every claim, and whoever holds an older one can neither finish nor write.
//! It ends as done, cancelled, or dead with a reason. Ended jobs are pruned.

#[cfg(feature = "ssr")]
mod claim;
#[cfg(feature = "ssr")]
mod groups;
#[cfg(feature = "ssr")]
mod kind;
#[cfg(feature = "ssr")]
pub mod manage;
#[cfg(feature = "ssr")]
mod queue;
#[cfg(feature = "ssr")]
mod rows;
#[cfg(feature = "ssr")]
pub mod schedule;
#[cfg(feature = "ssr")]
mod unique;

#[cfg(feature = "ssr")]
pub use claim::{Claim, claim, heartbeat, next_look};
#[cfg(feature = "ssr")]
pub use groups::{
    cancel_group, close_dead, erase_group, forget_group, trace_of, unfinished_among, unfinished_in_group, wake_group,
};
#[cfg(feature = "ssr")]
pub use kind::{Alarm, Change, Job, Kind, Kinds, Queue, Unique};
#[cfg(feature = "ssr")]
pub use queue::{
    Failed, Retry, achieved, complete, complete_all, enqueue, enqueue_at, enqueue_going_on, fail, hold, release,
    release_waiting,
};
#[cfg(feature = "ssr")]
pub(crate) use rows::one_more;

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How a job goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum JobStatus {
    /// Waiting for its time, or for somebody who is free.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "queued"))]
    Queued,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "running"))]
    Running,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "done"))]
    Done,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "cancelled"))]
    Cancelled,
    /// Given up, with a reason.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "dead"))]
    Dead,
}

impl JobStatus {
    /// The name in an address: `queued`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Cancelled, Self::Dead]
            .into_iter()
            .find(|status| status.name() == name)
    }
}

/// A job as those who look after the shop see it. What it is about is not shown: it may be somebody's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobView {
    pub id: Uuid,
    pub kind: String,
    /// What it belongs to, such as `title:` and an id.
    pub group: Option<String>,
    pub status: JobStatus,
    /// How often it was begun.
    pub attempt: i32,
    /// Failed tries in a row, and after how many it is given up.
    pub failures: i32,
    pub max_attempts: i32,
    /// Why the last try failed.
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    /// When it is, or was, to run.
    pub run_at: Timestamp,
    pub updated_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Who is at work on it.
    pub worker: Option<String>,
}

/// How many jobs of a kind there are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCounts {
    pub kind: String,
    pub waiting: u64,
    pub running: u64,
    pub dead: u64,
    /// Since when the one has been waiting that has waited longest, retries counted from their time.
    pub oldest_waiting: Option<Timestamp>,
}
