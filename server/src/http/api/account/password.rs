//! A new password, by who knows the one of before.

use super::two_factor::stay;
use crate::AppState;
use crate::http::api::auth::Tokens;
use crate::http::api::bearer::Client;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, Clash, TokenProblems};
use crate::http::api::permitted::{Account, Recently};
use crate::http::api::problem::{FieldError, Problem};
use axum::Json;
use axum::extract::State;
use domain::account::{Password, password_change};
use domain::limits::Rule;
use serde::Deserialize;
use utoipa::ToSchema;

/// A password in place of another.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[schema(example = "a long walk home", format = Password, max_length = 128)]
    current_password: String,
    #[schema(example = "another long walk home", format = Password, min_length = 12, max_length = 128)]
    new_password: String,
}

/// Change your password
///
/// It logs out everywhere, browsers and programs; this program goes on with the new tokens. It needs a log-in of the last ten
/// minutes (401 `login-too-old`). An account without a password gets its first by `auth/password-reset`.
#[utoipa::path(
    put,
    path = "/users/me/password",
    operation_id = "change_password",
    tag = "account",
    security(("access_token" = ["account"])),
    request_body = PasswordChange,
    responses((status = 200, description = "It is changed.", body = Tokens), Clash, TokenProblems, BodyProblems)
)]
pub async fn change(
    State(state): State<AppState>,
    Recently(who): Recently<Account>,
    client: Client,
    Body(wish): Body<PasswordChange>,
) -> Result<Json<Tokens>, Problem> {
    let new = Password::parse(wish.new_password)
        .map_err(|error| Problem::invalid(vec![FieldError::new("new_password", error)]))?;
    state.limits.take(Rule::Reauth, &[&who.user.id.to_string()]).await?;
    let account = password_change::set_password(&who.db, who.user.id, &wish.current_password, &new).await?;
    Ok(Json(stay(&state, &who, account, &client).await?))
}
