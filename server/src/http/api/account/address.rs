//! The address of one's account: confirmed, and moved to another.

use crate::AppState;
use crate::http::api::body::Body;
use crate::http::api::openapi::{BodyProblems, TokenProblems, Unchanged};
use crate::http::api::permitted::{Account, Permitted, Recently};
use crate::http::api::problem::{FieldError, Problem};
use axum::Json;
use axum::extract::State;
use domain::Db;
use domain::account::Email;
use domain::account::email::verification;
use domain::limits::Rule;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The address of an account.
#[derive(Serialize, ToSchema)]
pub struct OwnAddress {
    #[schema(example = "ada@example.com", format = Email)]
    email: String,
    /// A link in a mail to it was opened.
    #[schema(example = true)]
    confirmed: bool,
    /// The one to come, until a link in a mail to it is opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "ada@post.example", format = Email)]
    pending: Option<String>,
}

/// Another address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressMove {
    #[schema(example = "ada@post.example", format = Email, max_length = 254)]
    email: String,
    /// Of the account, where it has one.
    #[serde(default)]
    #[schema(example = "a long walk home", format = Password, max_length = 128)]
    password: String,
}

async fn shown(db: &Db, user_id: Uuid) -> Result<Json<OwnAddress>, Problem> {
    let status = verification::email_status(db, user_id).await?;
    let (email, pending) = (status.email.into(), status.pending.map(Into::into));
    Ok(Json(OwnAddress { email, confirmed: status.confirmed, pending }))
}

/// See the address of your account
///
/// Whether it is confirmed, and the one that you want to move to.
#[utoipa::path(
    get,
    path = "/users/me/address",
    operation_id = "read_address",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 200, description = "The address.", body = OwnAddress), Unchanged, TokenProblems)
)]
pub async fn read(who: Permitted<Account>) -> Result<Json<OwnAddress>, Problem> {
    shown(&who.db, who.user.id).await
}

/// Move to another address
///
/// Once a link in a mail to it is opened (`auth/confirm-address`); the address of before is told now and then. It needs a
/// log-in of the last ten minutes (401 `login-too-old`). Nothing tells whether the new address has an account.
#[utoipa::path(
    post,
    path = "/users/me/address",
    operation_id = "move_address",
    tag = "account",
    security(("access_token" = ["account"])),
    request_body = AddressMove,
    responses((status = 202, description = "The mail is on its way.", body = OwnAddress), TokenProblems, BodyProblems)
)]
pub async fn begin(
    State(state): State<AppState>,
    Recently(who): Recently<Account>,
    Body(wish): Body<AddressMove>,
) -> Result<(StatusCode, Json<OwnAddress>), Problem> {
    let email: Email = wish.email.parse().map_err(|error| Problem::invalid(vec![FieldError::new("email", error)]))?;
    state.limits.take(Rule::Reauth, &[&who.user.id.to_string()]).await?;
    verification::request_move(&who.db, &state.limits, who.user.id, &email, &wish.password).await?;
    Ok((StatusCode::ACCEPTED, shown(&who.db, who.user.id).await?))
}

/// Stay with your address
///
/// Calls the move to another one off, if there is any.
#[utoipa::path(
    delete,
    path = "/users/me/address/move",
    operation_id = "keep_address",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 204, description = "It stays."), TokenProblems)
)]
pub async fn stay(who: Permitted<Account>) -> Result<StatusCode, Problem> {
    verification::stay(&who.db, who.user.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Have the mail with the link sent again
///
/// To the address that is to be confirmed: the one to come, or that of the account. Nothing is sent where nothing is left to
/// confirm.
#[utoipa::path(
    post,
    path = "/users/me/address/mail",
    operation_id = "resend_address_mail",
    tag = "account",
    security(("access_token" = ["account"])),
    responses((status = 202, description = "It is on its way.", body = OwnAddress), TokenProblems)
)]
pub async fn send_again(
    State(state): State<AppState>,
    who: Permitted<Account>,
) -> Result<(StatusCode, Json<OwnAddress>), Problem> {
    state.limits.take(Rule::Reauth, &[&who.user.id.to_string()]).await?;
    verification::request_again(&who.db, &state.limits, who.user.id).await?;
    Ok((StatusCode::ACCEPTED, shown(&who.db, who.user.id).await?))
}
