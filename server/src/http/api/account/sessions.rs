//! Where somebody is logged in.

use crate::http::api::listed::Listed;
use crate::http::api::openapi::{NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Account, Permitted};
use crate::http::api::problem::{Kind, Problem};
use crate::http::api::values::time;
use axum::Json;
use domain::account::ActiveSession;
use domain::account::sessions::active_sessions;
use http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

/// Somewhere that a person is logged in.
#[derive(Serialize, ToSchema)]
pub struct LogIn {
    /// Names it. It opens nothing.
    #[schema(example = "0192f0c1-2b3c-7d4e-8f50-617283940a1e")]
    id: String,
    /// The browser and its system, or what the program calls itself.
    #[schema(example = "Listener for Android")]
    device: String,
    /// It holds tokens, not a session.
    #[schema(example = true)]
    program: bool,
    /// Where it was last seen; of a program, where it logged in.
    #[schema(example = "192.0.2.1")]
    ip: Option<String>,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    since: String,
    #[schema(format = DateTime, example = "2026-11-20T20:15:00Z")]
    seen_at: String,
    /// It is the one that the token of this request comes of.
    #[schema(example = true)]
    here: bool,
}

impl LogIn {
    fn new(login: ActiveSession, here: &str) -> Self {
        Self {
            here: login.handle == here,
            id: login.handle,
            device: login.device,
            program: login.program,
            ip: login.ip,
            since: time(login.since),
            seen_at: time(login.seen_at),
        }
    }
}

/// See where you are logged in
///
/// Browsers and programs, whatever was in use last first.
#[utoipa::path(
    get,
    path = "/users/me/sessions",
    operation_id = "list_sessions",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 200, description = "The log-ins.", body = Listed<LogIn>), Unchanged, TokenProblems)
)]
pub async fn list(who: Permitted<Account>) -> Result<Json<Listed<LogIn>>, Problem> {
    let here = who.with.claims.sid.to_string();
    let all = active_sessions::list(&who.db, who.user.id, None).await?;
    Ok(Json(Listed::new(all.into_iter().map(|login| LogIn::new(login, &here)).collect(), None)))
}

/// Log out at one place
///
/// A browser or a program.
#[utoipa::path(
    delete,
    path = "/users/me/sessions/{id}",
    operation_id = "end_session",
    tag = "account",
    params(("id" = String, Path, description = "The log-in.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1e")),
    security(("access_token" = ["account"])),
    responses((status = 204, description = "It is over."), NotThere, TokenProblems)
)]
pub async fn end(who: Permitted<Account>, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    if active_sessions::end(&who.db, who.user.id, &id).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::new(Kind::NotFound, "You are not logged in there."))
}

/// Log out everywhere
///
/// Here as well: browsers and programs.
#[utoipa::path(
    delete,
    path = "/users/me/sessions",
    operation_id = "end_all_sessions",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 204, description = "All of them are over."), TokenProblems)
)]
pub async fn end_all(who: Permitted<Account>) -> Result<StatusCode, Problem> {
    active_sessions::end_all(&who.db, who.user.id, None).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Log out everywhere else
///
/// Browsers and programs; the one that asks goes on.
#[utoipa::path(
    delete,
    path = "/users/me/sessions/others",
    operation_id = "end_other_sessions",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 204, description = "All others are over."), TokenProblems)
)]
pub async fn end_others(who: Permitted<Account>) -> Result<StatusCode, Problem> {
    active_sessions::end_others(&who.db, who.user.id, who.with.claims.sid).await?;
    Ok(StatusCode::NO_CONTENT)
}
