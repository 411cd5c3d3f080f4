//! What the shop knows of whoever is logged in.

use crate::AppState;
use crate::http::api::openapi::{TokenProblems, Unchanged};
use crate::http::api::permitted::{Account, Recently};
use crate::http::api::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::limits::Rule;
use domain::privacy::export::export;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

/// All that the shop knows of you
///
/// Sent while it is read: it may be long. It needs a log-in of the last ten minutes (401 `login-too-old`), and is limited by
/// account (429).
#[utoipa::path(
    get,
    path = "/users/me/data",
    operation_id = "read_my_data",
    tag = "account",
    security(("access_token" = ["account"])),
    responses(
        (status = 200, description = "Everything, as one object.", body = Object, content_type = "application/json"),
        Unchanged, TokenProblems,
    )
)]
pub async fn read(State(state): State<AppState>, Recently(who): Recently<Account>) -> Result<Response, Problem> {
    state.limits.take(Rule::Reauth, &[&who.user.id.to_string()]).await?;
    let data = export(&who.db, who.user.id, None).await?;
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "private, no-store")];
    Ok((headers, Body::from_stream(data)).into_response())
}
