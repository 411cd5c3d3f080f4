//! The models that every worker is to have.

use crate::http::api::openapi::{NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Permitted, Settings};
use crate::http::api::problem::Problem;
use axum::Json;
use domain::production::workers;
use domain::providers::fetches;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// The models that every worker is to have.
#[derive(Serialize, ToSchema)]
pub struct WantedModels {
    /// By their names.
    #[schema(example = json!(["base.en"]))]
    pub items: Vec<String>,
}

/// The models that workers are to have
///
/// In the order in which they were asked for. `workers` says which of them are there, and how far the others are. For admins
/// with the permission `settings`.
#[utoipa::path(
    get,
    path = "/admin/models",
    operation_id = "wanted_models",
    tag = "production",
    security(("access_token" = ["settings"])),
    responses((status = 200, description = "Their names.", body = WantedModels), Unchanged, TokenProblems)
)]
pub async fn list(Permitted { db, .. }: Permitted<Settings>) -> Result<Json<WantedModels>, Problem> {
    Ok(Json(WantedModels { items: fetches::wanted(db.read()).await? }))
}

/// Have every worker fetch a model
///
/// One that `workers` names. Where a line or a process is cut, it goes on from there.
#[utoipa::path(
    put,
    path = "/admin/models/{name}",
    operation_id = "fetch_model",
    tag = "production",
    security(("access_token" = ["settings"])),
    params(("name" = String, Path, description = "The model.", example = "base.en")),
    responses((status = 204, description = "It is fetched, or there already."), NotThere, TokenProblems)
)]
pub async fn fetch(Permitted { db, .. }: Permitted<Settings>, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    workers::fetch(&db, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Stop fetching a model
///
/// What has arrived stays, and is gone on from when it is asked for again.
#[utoipa::path(
    delete,
    path = "/admin/models/{name}",
    operation_id = "call_off_model",
    tag = "production",
    security(("access_token" = ["settings"])),
    params(("name" = String, Path, description = "The model.", example = "base.en")),
    responses((status = 204, description = "It is fetched no more."), TokenProblems)
)]
pub async fn call_off(
    Permitted { db, .. }: Permitted<Settings>,
    Path(name): Path<String>,
) -> Result<StatusCode, Problem> {
    fetches::call_off(&db, &name).await?;
    Ok(StatusCode::NO_CONTENT)
}
