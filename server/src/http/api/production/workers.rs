//! The workers.

use crate::http::api::openapi::{TokenProblems, Unchanged};
use crate::http::api::permitted::{Permitted, Titles};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use domain::production::{Fetching, ModelView, WorkerView, workers};
use serde::Serialize;
use utoipa::ToSchema;

/// The workers that were heard of lately.
#[derive(Serialize, ToSchema)]
pub struct Workers {
    pub items: Vec<Worker>,
}

/// A process that does the work of production.
#[derive(Serialize, ToSchema)]
pub struct Worker {
    #[schema(example = "studio-1")]
    pub id: String,
    #[schema(example = "studio")]
    pub host: String,
    #[schema(example = "1.0.0")]
    pub version: String,
    /// When it was heard of last.
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub seen_at: String,
    /// One for each GPU, or one on the CPU.
    #[schema(example = json!(["GPU 0"]))]
    pub slots: Vec<String>,
    /// What it is doing now, for people.
    #[schema(example = json!(["Listening to The Bell at North Rock"]))]
    pub doing: Vec<String>,
    pub models: Vec<WorkerModel>,
    /// Models on their way to it.
    pub fetching: Vec<ModelOnItsWay>,
    /// Engines that failed again and again and are left alone for some minutes, where others stand in: `speech`, `writing`.
    #[schema(example = json!(["speech"]))]
    pub resting: Vec<String>,
}

/// A model on its way to a worker.
#[derive(Serialize, ToSchema)]
pub struct ModelOnItsWay {
    #[schema(example = "base.en")]
    pub name: String,
    /// In bytes.
    #[schema(example = 12_500_000)]
    pub received: u64,
    /// In bytes, as far as known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 148_000_000)]
    pub size: Option<u64>,
    /// Why it does not arrive, for people. It is tried again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The hub could not be reached.")]
    pub failure: Option<String>,
}

impl From<Fetching> for ModelOnItsWay {
    fn from(Fetching { name, received, size, failure }: Fetching) -> Self {
        Self { name, received, size, failure }
    }
}

/// A model, and whether the worker has it.
#[derive(Serialize, ToSchema)]
pub struct WorkerModel {
    #[schema(example = "large-v3-turbo")]
    pub name: String,
    /// `speech` or `writing`.
    #[schema(example = "speech")]
    pub purpose: String,
    /// In bytes, as far as known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = 1_600_000_000)]
    pub size: Option<u64>,
    #[schema(example = "MIT")]
    pub licence: String,
    pub present: bool,
    /// The one that is used.
    pub selected: bool,
    /// Made for demonstrations: it knows only a few hundred words.
    pub demonstration: bool,
}

impl From<WorkerView> for Worker {
    fn from(worker: WorkerView) -> Self {
        Self {
            id: worker.id,
            host: worker.facts.host,
            version: worker.facts.version,
            seen_at: time(worker.seen_at),
            slots: worker.facts.slots,
            doing: worker.facts.doing,
            models: worker.facts.models.into_iter().map(WorkerModel::from).collect(),
            resting: worker.facts.resting,
            fetching: worker.facts.fetching.into_iter().map(ModelOnItsWay::from).collect(),
        }
    }
}

impl From<ModelView> for WorkerModel {
    fn from(model: ModelView) -> Self {
        Self {
            name: model.name,
            purpose: model.purpose,
            size: model.size,
            licence: model.licence,
            present: model.present,
            selected: model.selected,
            demonstration: model.demonstration,
        }
    }
}

/// Who works
///
/// The workers that were heard of in the last minute, the models they have and what they do. For admins with the permission
/// `catalogue` or `production`.
#[utoipa::path(
    get,
    path = "/admin/workers",
    operation_id = "workers",
    tag = "production",
    security(("access_token" = ["catalogue"]), ("access_token" = ["production"])),
    responses((status = 200, description = "The workers.", body = Workers), Unchanged, TokenProblems)
)]
pub async fn list(Permitted { db, .. }: Permitted<Titles>) -> Result<Json<Workers>, Problem> {
    let items = workers::list(&db).await?.into_iter().map(Worker::from).collect();
    Ok(Json(Workers { items }))
}
