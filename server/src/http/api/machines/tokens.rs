//! Tokens that people make for their machines.

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::listed::Listed;
use crate::http::api::openapi::{BodyProblems, NotThere, TokenProblems, Unchanged};
use crate::http::api::params::Path;
use crate::http::api::permitted::{Account, Permitted, Recently};
use crate::http::api::problem::{Details, FieldError, Problem};
use crate::http::api::values::time;
use axum::Json;
use axum::extract::{OriginalUri, State};
use axum::response::Response;
use domain::Day;
use domain::account::Scope;
use domain::account::machines::{self, MachineToken, MachineTokenWish};
use domain::limits::Rule;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, Type};
use uuid::Uuid;

/// A token for a machine, without the token itself.
#[derive(Serialize, ToSchema)]
#[schema(as = MachineToken)]
pub struct AToken {
    id: Uuid,
    /// As its owner calls it.
    #[schema(example = "The tills")]
    name: String,
    /// What it opens. Those of admins only as long as its owner has the permission of that name.
    #[schema(schema_with = scopes)]
    scopes: Vec<Scope>,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    created_at: String,
    /// It opens nothing from here on.
    #[schema(format = DateTime, example = "2027-02-01T00:00:00Z")]
    ends_at: String,
    /// To the minute; missing until it was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-21T10:00:00Z")]
    used_at: Option<String>,
}

impl From<MachineToken> for AToken {
    fn from(token: MachineToken) -> Self {
        let MachineToken { id, name, scopes, created_at, ends_at, used_at } = token;
        Self { id, name, scopes, created_at: time(created_at), ends_at: time(ends_at), used_at: used_at.map(time) }
    }
}

/// The names of scopes.
fn scopes() -> ArrayBuilder {
    let names = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Scope::ALL.map(Scope::name)));
    let example = serde_json::json!(["shopping", "listening"]);
    ArrayBuilder::new()
        .items(names)
        .description(Some("What it opens: of what only admins may do, no more than its owner may at that moment."))
        .examples([example])
}

/// At least one.
fn some_scopes() -> ArrayBuilder {
    scopes().min_items(Some(1))
}

/// What a token is wanted for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMachineToken {
    #[schema(example = "The tills", min_length = 1, max_length = 60)]
    name: String,
    /// What it opens: at least one, and of those of admins only what its owner may do.
    #[schema(schema_with = some_scopes)]
    scopes: Vec<Scope>,
    /// The last day on which it opens anything, in UTC: at most a year from now.
    #[schema(format = Date, example = "2027-01-31")]
    last_day: String,
}

/// A token that was just made.
#[derive(Serialize, ToSchema)]
pub struct MadeMachineToken {
    /// The token itself. It is shown this once: keep it where secrets are kept, and send it as `Authorization: Bearer …`.
    #[schema(example = "lct_5d0c4f…")]
    token: String,
    machine_token: AToken,
}

/// The tokens of your machines
///
/// The newest first, with those that ended within the last 30 days. The tokens themselves nobody can read again.
#[utoipa::path(
    get,
    path = "/users/me/tokens",
    operation_id = "machine_tokens",
    tag = "machines",
    security(("access_token" = ["account"])),
    responses((status = 200, description = "All of them: 50 at most are good at once.", body = Listed<AToken>), Unchanged, TokenProblems)
)]
pub async fn list(who: Permitted<Account>, uri: OriginalUri) -> Result<Response, Problem> {
    let tokens = machines::kept::list(&who.db, who.user.id).await?;
    Ok(Listed::new(tokens.into_iter().map(AToken::from).collect(), None).answer(&uri))
}

/// Make a token for a machine
///
/// For a program that runs without you: good for what you choose, until the day you choose. It goes on when you change your
/// password or log out everywhere; it ends when it is taken back, on its day, and with the account. You are told by mail. It
/// needs a log-in of the last ten minutes (401 `login-too-old`), and so a machine can make none.
#[utoipa::path(
    post,
    path = "/users/me/tokens",
    operation_id = "make_machine_token",
    tag = "machines",
    security(("access_token" = ["account"])),
    request_body = NewMachineToken,
    responses(
        (status = 201, description = "The token is made.", body = MadeMachineToken),
        (status = 409, description = "There are 50 already.", body = Details,
            content_type = "application/problem+json"),
        TokenProblems,
        BodyProblems,
    )
)]
pub async fn make(
    State(state): State<AppState>,
    Recently(who): Recently<Account>,
    Body(wish): Body<NewMachineToken>,
) -> Result<(StatusCode, Json<MadeMachineToken>), Problem> {
    let last_day = Day::parse(&wish.last_day).ok_or_else(|| {
        let message = "Write a day, such as 2027-01-31.".to_owned();
        Problem::invalid(vec![FieldError { field: "last_day".to_owned(), code: "malformed".to_owned(), message }])
    })?;
    state.limits.take(Rule::Reauth, &[&who.user.id.to_string()]).await?;
    let wish = MachineTokenWish { name: wish.name, scopes: wish.scopes, last_day };
    let (about, token) = machines::kept::make(&who.db, &who.user, &wish).await?;
    Ok((StatusCode::CREATED, Json(MadeMachineToken { token, machine_token: about.into() })))
}

/// Take a token of a machine back
///
/// From now on it opens nothing. Any log-in will do, however old, so that a token in other hands is ended at once; a machine
/// takes none back (401 `login-too-old`). Whoever holds the token itself can end it by `auth/revoke` as well.
#[utoipa::path(
    delete,
    path = "/users/me/tokens/{id}",
    operation_id = "revoke_machine_token",
    tag = "machines",
    security(("access_token" = ["account"])),
    params(("id" = Uuid, Path, description = "The token, by its id.", example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")),
    responses((status = 204, description = "It opens nothing any more."), NotThere, TokenProblems)
)]
pub async fn revoke(who: Permitted<Account>, Path(id): Path<Uuid>) -> Result<StatusCode, Problem> {
    who.with.require_login()?;
    machines::kept::revoke(&who.db, who.user.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[cfg(test)]
mod tests;
