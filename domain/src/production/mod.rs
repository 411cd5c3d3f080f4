//! From audio to product page: uploads, the steps of a book, the jobs behind them.

#[cfg(feature = "ssr")]
pub mod again;
#[cfg(feature = "ssr")]
pub mod chaptering;
#[cfg(feature = "ssr")]
pub mod chunks;
#[cfg(feature = "ssr")]
pub mod copies;
#[cfg(feature = "ssr")]
pub mod deletion;
#[cfg(feature = "ssr")]
pub mod editing;
#[cfg(feature = "ssr")]
pub mod import;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
mod lengths;
#[cfg(feature = "ssr")]
pub mod makers;
#[cfg(feature = "ssr")]
pub mod named;
pub mod natural_sort;
#[cfg(feature = "ssr")]
pub mod orphans;
mod part_views;
#[cfg(feature = "ssr")]
pub mod parts;
#[cfg(feature = "ssr")]
pub mod passes;
#[cfg(feature = "ssr")]
pub mod proposals;
#[cfg(feature = "ssr")]
pub mod recorded;
#[cfg(feature = "ssr")]
pub mod results;
#[cfg(feature = "ssr")]
pub mod review;
#[cfg(feature = "ssr")]
pub mod samples;
pub mod sidecars;
#[cfg(feature = "ssr")]
pub mod steps;
#[cfg(feature = "ssr")]
pub mod tongue;
#[cfg(feature = "ssr")]
pub mod uploads;
#[cfg(feature = "ssr")]
pub mod workers;

pub use part_views::{CopyReason, CopyView, PartView, PartsView};

use crate::Timestamp;
use crate::catalog::Proposal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A step on the way from audio to product page, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Every file has arrived.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "upload"))]
    Upload,
    /// Duration, codec and chapters are known.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "probe"))]
    Probe,
    /// The audio is cut into chunks that the speech model can hear, and the sample is made.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "prepare"))]
    Prepare,
    /// The words are known, with times and confidence.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "transcribe"))]
    Transcribe,
    /// Description, categories and chapters are proposed.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "describe"))]
    Describe,
    /// Ready for an admin to read, price and publish.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "done"))]
    Done,
}

/// What becomes of what people put right in a text when its recording is heard again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Corrections {
    /// It stays, and what is heard there is left out.
    Keep,
    /// What is heard takes its place.
    Discard,
}

impl Corrections {
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "keep" => Some(Self::Keep),
            "discard" => Some(Self::Discard),
            _ => None,
        }
    }
}

/// How a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum StepStatus {
    /// An earlier step comes first.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "waiting"))]
    Waiting,
    /// A job is there, no worker has taken it yet.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "queued"))]
    Queued,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "running"))]
    Running,
    /// It waits for something the operator must provide, such as a model; nothing failed.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "blocked"))]
    Blocked,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "failed"))]
    Failed,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "cancelled"))]
    Cancelled,
    /// Done, but something it depended on was redone since.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "stale"))]
    Stale,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "done"))]
    Done,
}

/// How a chunk goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum ChunkStatus {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "waiting"))]
    Waiting,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "done"))]
    Done,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "failed"))]
    Failed,
}

/// How an upload goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum UploadStatus {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "receiving"))]
    Receiving,
    /// All bytes are here; the content is being checked and stored.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "checking"))]
    Checking,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "done"))]
    Done,
    /// Not audio, or a checksum that does not match.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "refused"))]
    Refused,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "cancelled"))]
    Cancelled,
}

impl Step {
    /// Every step, in order.
    pub const ALL: [Self; 6] = [Self::Upload, Self::Probe, Self::Prepare, Self::Transcribe, Self::Describe, Self::Done];

    /// The name in a job's kind and in an address: `transcribe`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Probe => "probe",
            Self::Prepare => "prepare",
            Self::Transcribe => "transcribe",
            Self::Describe => "describe",
            Self::Done => "done",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.name() == name)
    }

    /// The step that comes after; `None` after the last.
    pub fn next(self) -> Option<Self> {
        Self::ALL.into_iter().skip_while(|step| *step != self).nth(1)
    }
}

/// A step as the admin sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    pub step: Step,
    pub status: StepStatus,
    /// Thousandths done.
    pub progress_permille: i32,
    pub attempt: i32,
    /// What is going on or what went wrong, in a plain sentence.
    pub message: Option<String>,
    /// Which provider and model did it, such as `whisper.cpp` and `demo-asr.bin`.
    pub provider: Option<String>,
    pub model: Option<String>,
    /// Thousandths of the audio (or of the transcript) that the result covers.
    pub coverage_permille: Option<i32>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    /// Milliseconds until it is done, as far as can be told.
    pub time_left_ms: Option<i64>,
    /// Who heard how much, where several stood in for each other; the one that heard most first.
    #[serde(default)]
    pub makers: Vec<Maker>,
    /// Who was meant to do it before another one did.
    #[serde(default)]
    pub passed_over: Vec<PassedOver>,
}

/// Who heard pieces of a title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maker {
    /// Provider and model, such as `whisper.cpp 1.8.3, base.en`.
    pub by: String,
    pub pieces: u32,
}

/// A provider that was passed over for another one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PassedOver {
    pub provider: String,
    /// The last time, in a plain sentence.
    pub reason: String,
    pub times: u32,
}

/// Where a title stands in production.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductionView {
    pub audiobook_id: Uuid,
    pub title: String,
    pub slug: String,
    /// Each step once, in order.
    pub steps: Vec<StepView>,
    pub uploads: Vec<UploadView>,
    /// Chunks heard, and chunks in all.
    pub chunks_done: u32,
    pub chunks_total: u32,
    /// Places of the text that wait for an admin, and that no reader gets meanwhile.
    pub doubtful: u64,
    /// Sentences that somebody put right: who asks for the recording to be heard again says whether they stay.
    pub corrections: u64,
    /// What the writer proposed, when it has.
    pub proposal: Option<Proposal>,
    /// The worker uses a demonstration model: the page must say so.
    pub demonstration: bool,
    /// A run can go on from where it stopped.
    pub can_resume: bool,
    pub can_cancel: bool,
}

/// A file on its way in, or arrived.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadView {
    pub id: Uuid,
    pub file_name: String,
    /// In bytes.
    pub size: i64,
    pub received: i64,
    pub status: UploadStatus,
    pub failure: Option<String>,
    pub position: i32,
    /// It has arrived, and is no part of the title yet.
    pub waits: bool,
}

/// A file of which a part has arrived, and which goes on when it is chosen again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnfinishedUpload {
    pub id: Uuid,
    pub audiobook_id: Uuid,
    pub file_name: String,
    /// What the browser knows the file by.
    pub fingerprint: String,
    /// In bytes.
    pub size: i64,
    pub received: i64,
}

/// A model and whether the workers have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelView {
    pub name: String,
    /// `speech` or `writing`.
    pub purpose: String,
    /// In bytes, as far as known.
    pub size: Option<u64>,
    pub licence: String,
    pub present: bool,
    /// The one that is used.
    pub selected: bool,
    /// Trained for tests and demonstrations: it knows only a few hundred words.
    pub demonstration: bool,
}

/// What goes when a draft is deleted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftContents {
    pub title: String,
    /// Audio files, and their size in bytes, with that of their copies for players.
    pub files: u64,
    pub bytes: i64,
    /// Something was heard in it, and may have been reviewed.
    pub text: bool,
    pub chapters: u64,
    pub sample: bool,
    pub cover: bool,
    /// Files still on their way.
    pub uploads: u64,
    /// A step waits or runs.
    pub producing: bool,
    /// Carts that hold it from a time when it was on sale.
    pub carts: u64,
}

/// A worker: a process that does production jobs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerView {
    pub id: String,
    pub seen_at: Timestamp,
    pub facts: WorkerFacts,
}

/// What a worker says of itself at each heartbeat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkerFacts {
    pub host: String,
    pub version: String,
    /// One for each GPU, or one on the CPU: `CPU`, `GPU 0`.
    pub slots: Vec<String>,
    pub models: Vec<ModelView>,
    /// What it is doing now.
    pub doing: Vec<String>,
    /// Models on their way to it.
    #[serde(default)]
    pub fetching: Vec<Fetching>,
    /// Engines that failed again and again and are left alone for some minutes: `speech`, `writing`.
    #[serde(default)]
    pub resting: Vec<String>,
}

/// A model on its way to a worker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetching {
    pub name: String,
    /// In bytes.
    pub received: u64,
    /// As far as known.
    pub size: Option<u64>,
    /// Why it does not arrive, in a plain sentence; it is tried again.
    pub failure: Option<String>,
}
