//! Work in the background.

use crate::http::api::listed::{Cursor, Limit, linked};
use crate::http::api::openapi::{Clash, NotThere, QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::{Path, Query};
use crate::http::api::permitted::{Permitted, Settings};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::Json;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::Walk;
use domain::job_kinds;
use domain::jobs::{JobStatus, JobView, KindCounts, manage};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which jobs are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct JobsAsked {
    /// `queued`, `running`, `dead`, `done` or `cancelled`. Without it those that were given up: `dead`.
    #[param(value_type = Option<String>, example = "queued")]
    status: Option<JobStatus>,
    /// Of this kind only.
    #[serde(default)]
    #[param(example = "production.transcribe")]
    kind: String,
    /// Jobs in a part of the list, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Where the list goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Jobs, and how many there are of each kind.
#[derive(Serialize, ToSchema)]
pub struct JobList {
    pub items: Vec<BackgroundJob>,
    /// Give it as `cursor` for what comes next, with the other parameters as they were. Missing at the end of the list.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "eyJwYWdlIjoyfQ")]
    pub next: Option<String>,
    /// Kinds without a job that waits, runs or is dead are left out.
    pub counts: Vec<JobCounts>,
}

/// Something that is done in the background. What it is about is not shown: it may be somebody's.
#[derive(Serialize, ToSchema)]
pub struct BackgroundJob {
    pub id: Uuid,
    #[schema(example = "production.transcribe")]
    pub kind: String,
    /// What it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "title:0192f0c12b3c7d4e8f50617283940a1b")]
    pub group: Option<String>,
    /// `queued`, `running`, `done`, `cancelled` or `dead`.
    #[schema(value_type = String, example = "queued")]
    pub status: JobStatus,
    /// How often it was begun.
    #[schema(example = 1)]
    pub attempt: i32,
    /// Tries that failed, one after the other.
    #[schema(example = 0)]
    pub failures: i32,
    /// After how many of them it is given up.
    #[schema(example = 5)]
    pub max_attempts: i32,
    /// Why the last try failed, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The engine ended with status 1.")]
    pub last_error: Option<String>,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub created_at: String,
    /// When it is, or was, to run.
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub run_at: String,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub updated_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:40:00Z")]
    pub finished_at: Option<String>,
    /// Who is at work on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "studio-1")]
    pub worker: Option<String>,
}

/// How many jobs of a kind there are.
#[derive(Serialize, ToSchema)]
pub struct JobCounts {
    #[schema(example = "production.transcribe")]
    pub kind: String,
    #[schema(example = 2)]
    pub waiting: u64,
    #[schema(example = 1)]
    pub running: u64,
    #[schema(example = 0)]
    pub dead: u64,
    /// Since when the one has been waiting that has waited longest.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub oldest_waiting: Option<String>,
}

/// How many jobs went back into the queue.
#[derive(Serialize, ToSchema)]
pub struct JobsRequeued {
    #[schema(example = 3)]
    pub requeued: u64,
}

impl From<JobView> for BackgroundJob {
    fn from(job: JobView) -> Self {
        Self {
            id: job.id,
            kind: job.kind,
            group: job.group,
            status: job.status,
            attempt: job.attempt,
            failures: job.failures,
            max_attempts: job.max_attempts,
            last_error: job.last_error,
            created_at: time(job.created_at),
            run_at: time(job.run_at),
            updated_at: time(job.updated_at),
            finished_at: job.finished_at.map(time),
            worker: job.worker,
        }
    }
}

impl From<KindCounts> for JobCounts {
    fn from(counts: KindCounts) -> Self {
        Self {
            kind: counts.kind,
            waiting: counts.waiting,
            running: counts.running,
            dead: counts.dead,
            oldest_waiting: counts.oldest_waiting.map(time),
        }
    }
}

/// Jobs
///
/// Those that changed last come first. For admins with the permission `settings`.
#[utoipa::path(
    get,
    path = "/admin/jobs",
    operation_id = "jobs",
    tag = "office",
    security(("access_token" = ["settings"])),
    params(JobsAsked),
    responses(
        (status = 200, description = "A part of the list.", body = JobList),
        Unchanged, TokenProblems, QueryProblems,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Settings>,
    uri: OriginalUri,
    Query(asked): Query<JobsAsked>,
) -> Result<Response, Problem> {
    let after = Cursor::place(asked.cursor.as_ref())?;
    let walk = Walk { after: after.as_ref(), limit: asked.limit.0 };
    let found = manage::walk(&db, asked.status.unwrap_or(JobStatus::Dead), &asked.kind, walk).await?;
    let next = found.next.map(|place| Cursor::of(&place).as_str().to_owned());
    let counts = manage::counts(&db).await?.into_iter().map(JobCounts::from).collect();
    let items = found.items.into_iter().map(BackgroundJob::from).collect();
    let list = JobList { items, next, counts };
    Ok(linked(&list, list.next.as_deref(), &uri))
}

/// Put a job back
///
/// Into the queue, with all its tries: one that was given up.
#[utoipa::path(
    post,
    path = "/admin/jobs/{id}/requeue",
    operation_id = "requeue_job",
    tag = "office",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The id of the job.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "It waits for its turn."), TokenProblems, NotThere, Clash)
)]
pub async fn requeue(Permitted { db, .. }: Permitted<Settings>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    manage::requeue(&db, job_kinds::all(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put all jobs of a kind back
///
/// Those that were given up. What another job does already stays as it is.
#[utoipa::path(
    post,
    path = "/admin/job-kinds/{kind}/requeue",
    operation_id = "requeue_jobs",
    tag = "office",
    security(("access_token" = ["settings"])),
    params(("kind" = String, Path, description = "The kind of jobs.", example = "production.transcribe")),
    responses((status = 200, description = "How many went back.", body = JobsRequeued), TokenProblems, NotThere)
)]
pub async fn requeue_kind(
    Permitted { db, .. }: Permitted<Settings>,
    Path(kind): Path<String>,
) -> Result<Json<JobsRequeued>, Problem> {
    let requeued = manage::requeue_kind(&db, job_kinds::all(), &kind).await?;
    Ok(Json(JobsRequeued { requeued }))
}

/// Call a job off
///
/// One that waits or runs; a worker notices at its next heartbeat.
#[utoipa::path(
    post,
    path = "/admin/jobs/{id}/cancel",
    operation_id = "cancel_job",
    tag = "office",
    security(("access_token" = ["settings"])),
    params(("id" = Uuid, Path, description = "The id of the job.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "It is called off."), TokenProblems, NotThere, Clash)
)]
pub async fn cancel(Permitted { db, .. }: Permitted<Settings>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    manage::cancel(&db, job_kinds::all(), id).await?;
    Ok(StatusCode::NO_CONTENT)
}
