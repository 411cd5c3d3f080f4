//! Work in the background, as those see it who look after the shop.

use crate::AppError;
use domain::Page;
#[cfg(feature = "ssr")]
use domain::account::Permission;
use domain::jobs::{JobView, KindCounts};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How much of each kind there is, and the jobs that were asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Jobs {
    pub counts: Vec<KindCounts>,
    pub page: Page<JobView>,
}

/// Jobs on a page.
#[cfg(feature = "ssr")]
const SHOWN: u32 = 50;

/// Jobs of a status (`queued`, `running`, `dead`, `done`, `cancelled`; dead ones for any other word), of one kind or of all.
#[server(name = ReadJobs, input = GetUrl, endpoint = "jobs/list")]
pub async fn jobs(
    #[server(default)] status: String,
    #[server(default)] kind: String,
    #[server(default)] page: u32,
) -> Result<Jobs, AppError> {
    use domain::jobs::{JobStatus, manage};
    crate::context::require(Permission::Settings).await?;
    let db = crate::context::db()?;
    let status = JobStatus::from_name(&status).unwrap_or(JobStatus::Dead);
    let page = manage::list(&db, status, &kind, domain::PageRequest::new(page, SHOWN)).await?;
    Ok(Jobs { counts: manage::counts(&db).await?, page })
}

/// Puts a job back that was given up.
#[server(name = RequeueJob, endpoint = "jobs/requeue")]
pub async fn requeue(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::jobs::manage::requeue(&crate::context::db()?, domain::job_kinds::all(), id).await?;
    crate::context::go_on_without_script("/admin/jobs");
    Ok(())
}

/// Puts every job of a kind back that was given up; says how many.
#[server(name = RequeueKind, endpoint = "jobs/requeue-kind")]
pub async fn requeue_kind(kind: String) -> Result<u64, AppError> {
    crate::context::require(Permission::Settings).await?;
    let requeued = domain::jobs::manage::requeue_kind(&crate::context::db()?, domain::job_kinds::all(), &kind).await?;
    crate::context::go_on_without_script("/admin/jobs");
    Ok(requeued)
}

/// Calls off a job that waits or runs.
#[server(name = CancelJob, endpoint = "jobs/cancel")]
pub async fn cancel(id: Uuid) -> Result<(), AppError> {
    crate::context::require(Permission::Settings).await?;
    domain::jobs::manage::cancel(&crate::context::db()?, domain::job_kinds::all(), id).await?;
    crate::context::go_on_without_script("/admin/jobs?status=queued");
    Ok(())
}
