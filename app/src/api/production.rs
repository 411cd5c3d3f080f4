//! From audio to product page, as admins steer it.

use crate::AppError;
use domain::production::{ProductionView, WorkerView};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use uuid::Uuid;

/// Where a title stands.
#[server(input = GetUrl, endpoint = "production/view")]
pub async fn production(id: Uuid) -> Result<ProductionView, AppError> {
    crate::auth::require_admin().await?;
    Ok(domain::production::steps::view(&crate::auth::db()?, id).await?)
}

/// Goes on from wherever it stopped.
#[server(endpoint = "production/resume")]
pub async fn resume(id: Uuid) -> Result<(), AppError> {
    crate::auth::require_admin().await?;
    Ok(domain::production::steps::resume(&crate::auth::db()?, id).await?)
}

/// Does one step again.
#[server(endpoint = "production/redo")]
pub async fn redo(id: Uuid, step: String) -> Result<(), AppError> {
    crate::auth::require_admin().await?;
    let step = domain::production::Step::from_name(&step).ok_or_else(|| AppError::NotFound("step".to_owned()))?;
    Ok(domain::production::steps::redo(&crate::auth::db()?, id, step).await?)
}

/// Stops the run. What is done stays done.
#[server(endpoint = "production/cancel")]
pub async fn cancel(id: Uuid) -> Result<(), AppError> {
    crate::auth::require_admin().await?;
    Ok(domain::production::steps::cancel(&crate::auth::db()?, id).await?)
}

/// The workers that were heard of lately, and the models they have.
#[server(input = GetUrl, endpoint = "production/workers")]
pub async fn workers() -> Result<Vec<WorkerView>, AppError> {
    crate::auth::require_admin().await?;
    Ok(domain::production::workers::list(&crate::auth::db()?).await?)
}
