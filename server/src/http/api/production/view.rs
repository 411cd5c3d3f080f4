//! Where a title stands, as programs read it.

use crate::http::api::values::time;
use domain::production::{Maker, PassedOver, ProductionView, Step, StepStatus, StepView, UploadStatus, UploadView};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a title stands on its way from a recording to a page.
#[derive(Serialize, ToSchema)]
pub struct Production {
    pub audiobook_id: Uuid,
    #[schema(example = "The Bell at North Rock")]
    pub title: String,
    #[schema(example = "the-bell-at-north-rock")]
    pub slug: String,
    /// `waiting`, `running`, `blocked`, `failed`, `cancelled` or `done`, told by its steps: what needs somebody comes first.
    #[schema(example = "running")]
    pub state: &'static str,
    /// Each step once, in order.
    pub steps: Vec<ProductionStep>,
    pub uploads: Vec<ProductionUpload>,
    /// Pieces of the sound that the speech model has heard.
    #[schema(example = 12)]
    pub chunks_done: u32,
    #[schema(example = 40)]
    pub chunks_total: u32,
    /// Places of the text that wait for an admin: `review-places` lists them.
    #[schema(example = 3)]
    pub doubtful: u64,
    /// Sentences that somebody put right: they stay, whatever is done again, unless the recording is heard again without them.
    #[schema(example = 12)]
    pub corrections: u64,
    /// A description was written that nobody has taken over or thrown away yet.
    pub has_proposal: bool,
    /// A model for demonstrations was at work: it knows only a few hundred words.
    pub demonstration: bool,
    /// The run can go on from where it stopped.
    pub can_resume: bool,
    pub can_cancel: bool,
    /// Workers that were heard of in the last minute. Without one nothing gets on.
    #[schema(example = 1)]
    pub workers: usize,
}

/// A step of the way.
#[derive(Serialize, ToSchema)]
pub struct ProductionStep {
    /// `upload`, `probe`, `prepare`, `transcribe`, `describe` or `done`.
    #[schema(value_type = String, example = "transcribe")]
    pub step: Step,
    /// `waiting`, `queued`, `running`, `blocked`, `failed`, `cancelled`, `stale` (done, but of what has changed since) or
    /// `done`.
    #[schema(value_type = String, example = "running")]
    pub status: StepStatus,
    /// Thousandths done.
    #[schema(example = 300)]
    pub progress_permille: i32,
    /// How often it was begun.
    #[schema(example = 1)]
    pub attempt: i32,
    /// What is going on, or what went wrong, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Listening to chapter 3")]
    pub message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "whisper.cpp")]
    pub provider: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "large-v3-turbo")]
    pub model: Option<String>,
    /// Thousandths of the sound, or of the text, that the result covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 998)]
    pub coverage_permille: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub started_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:50:00Z")]
    pub finished_at: Option<String>,
    /// Until it is done, as far as can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 90_000)]
    pub time_left_ms: Option<i64>,
    /// Who heard how much, where several stood in for each other.
    pub makers: Vec<StepMaker>,
    /// Who was meant to do it before another one did.
    pub passed_over: Vec<StepPassedOver>,
}

/// Who heard pieces of the sound.
#[derive(Serialize, ToSchema)]
pub struct StepMaker {
    /// Provider and model.
    #[schema(example = "whisper.cpp, large-v3-turbo")]
    pub by: String,
    #[schema(example = 12)]
    pub pieces: u32,
}

/// One that was passed over.
#[derive(Serialize, ToSchema)]
pub struct StepPassedOver {
    #[schema(example = "Cloud")]
    pub provider: String,
    /// Why the last time, for people.
    #[schema(example = "Cloud: it answered 500.")]
    pub reason: String,
    #[schema(example = 1)]
    pub times: u32,
}

/// A file on its way in, or arrived.
#[derive(Serialize, ToSchema)]
pub struct ProductionUpload {
    pub id: Uuid,
    #[schema(example = "chapter-01.mp3")]
    pub file_name: String,
    /// In bytes.
    #[schema(example = 48_000_000)]
    pub size: i64,
    /// Bytes that have arrived.
    #[schema(example = 48_000_000)]
    pub received: i64,
    /// `receiving`, `checking`, `done`, `refused` or `cancelled`.
    #[schema(value_type = String, example = "done")]
    pub status: UploadStatus,
    /// Why it was refused, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "This is no sound that the shop knows.")]
    pub failure: Option<String>,
    /// Its place in the book, counted from 0.
    #[schema(example = 0)]
    pub position: i32,
    /// It has arrived, and is no part of the title yet.
    #[schema(example = false)]
    pub waits: bool,
}

impl Production {
    pub fn new(view: ProductionView, workers: usize) -> Self {
        Self {
            audiobook_id: view.audiobook_id,
            title: view.title,
            slug: view.slug,
            state: state(&view.steps),
            steps: view.steps.into_iter().map(ProductionStep::from).collect(),
            uploads: view.uploads.into_iter().map(ProductionUpload::from).collect(),
            chunks_done: view.chunks_done,
            chunks_total: view.chunks_total,
            doubtful: view.doubtful,
            corrections: view.corrections,
            has_proposal: view.proposal.is_some(),
            demonstration: view.demonstration,
            can_resume: view.can_resume,
            can_cancel: view.can_cancel,
            workers,
        }
    }
}

/// What the steps come to.
fn state(steps: &[StepView]) -> &'static str {
    let any = |status: &[StepStatus]| steps.iter().any(|step| status.contains(&step.status));
    match () {
        () if any(&[StepStatus::Failed]) => "failed",
        () if any(&[StepStatus::Blocked]) => "blocked",
        () if any(&[StepStatus::Running, StepStatus::Queued]) => "running",
        () if any(&[StepStatus::Cancelled]) => "cancelled",
        () if any(&[StepStatus::Waiting, StepStatus::Stale]) => "waiting",
        () => "done",
    }
}

impl From<StepView> for ProductionStep {
    fn from(view: StepView) -> Self {
        Self {
            step: view.step,
            status: view.status,
            progress_permille: view.progress_permille,
            attempt: view.attempt,
            message: view.message,
            provider: view.provider,
            model: view.model,
            coverage_permille: view.coverage_permille,
            started_at: view.started_at.map(time),
            finished_at: view.finished_at.map(time),
            time_left_ms: view.time_left_ms,
            makers: view.makers.into_iter().map(|Maker { by, pieces }| StepMaker { by, pieces }).collect(),
            passed_over: view.passed_over.into_iter().map(StepPassedOver::from).collect(),
        }
    }
}

impl From<PassedOver> for StepPassedOver {
    fn from(PassedOver { provider, reason, times }: PassedOver) -> Self {
        Self { provider, reason, times }
    }
}

impl From<UploadView> for ProductionUpload {
    fn from(view: UploadView) -> Self {
        Self {
            id: view.id,
            file_name: view.file_name,
            size: view.size,
            received: view.received,
            status: view.status,
            failure: view.failure,
            position: view.position,
            waits: view.waits,
        }
    }
}
