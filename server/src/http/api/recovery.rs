//! Links by mail: to a new password, and to confirm an address.

use super::auth::Done;
use super::body::Body;
use super::openapi::BodyProblems;
use super::problem::{Details, FieldError, Problem};
use crate::AppState;
use crate::http::client_info::Acting;
use axum::Json;
use axum::extract::State;
use domain::account::email::verification;
use domain::account::{Email, Password, recovery};
use http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;

/// Whose password is forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Forgotten {
    #[schema(example = "ada@example.com", format = Email, max_length = 254)]
    email: String,
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The secret in the link of the mail.
    #[schema(example = "9f2b…")]
    token: String,
    #[schema(example = "another long walk home", format = Password, min_length = 12, max_length = 128)]
    password: String,
}

/// Ask for a new password
///
/// Sends a mail with a link, if the address has an account. The answer is the same if it has none.
#[utoipa::path(
    post,
    path = "/auth/password-reset",
    tag = "auth",
    request_body = Forgotten,
    responses((status = 202, description = "If the address has an account, a mail is on its way.", body = Done), BodyProblems)
)]
pub async fn ask(
    State(state): State<AppState>,
    Acting(actor): Acting,
    Body(wish): Body<Forgotten>,
) -> Result<(StatusCode, Json<Done>), Problem> {
    let email: Email = wish.email.parse().map_err(|error| Problem::invalid(vec![FieldError::new("email", error)]))?;
    let db = state.db.acting(actor);
    recovery::request_reset(&db, &state.limits, &email).await?;
    Ok((StatusCode::ACCEPTED, Json(Done {})))
}

/// Set a new password
///
/// With the secret in the link of the mail. Everything that was logged in with the old password is logged out, programs
/// too.
#[utoipa::path(
    post,
    path = "/auth/password-reset/confirm",
    tag = "auth",
    request_body = NewPassword,
    responses(
        (status = 200, description = "The password is set: log in with it.", body = Done),
        (status = 409, description = "The link does not work, or no longer.", body = Details,
            content_type = "application/problem+json"),
        BodyProblems,
    )
)]
pub async fn confirm(
    State(state): State<AppState>,
    Acting(actor): Acting,
    Body(wish): Body<NewPassword>,
) -> Result<Json<Done>, Problem> {
    let password =
        Password::parse(wish.password).map_err(|error| Problem::invalid(vec![FieldError::new("password", error)]))?;
    recovery::reset(&state.db.acting(actor), &wish.token, &password).await?;
    Ok(Json(Done {}))
}

/// The secret in the link of a mail.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressLink {
    #[schema(example = "9f2b…")]
    token: String,
}

/// Confirm an address
///
/// With the secret in the link of the mail that was sent to it. An account that wants to move there moves. Nobody has to be
/// logged in.
#[utoipa::path(
    post,
    path = "/auth/confirm-address",
    operation_id = "confirm_address",
    tag = "auth",
    request_body = AddressLink,
    responses(
        (status = 200, description = "It is confirmed.", body = Done),
        (status = 409, description = "The link does not work, or no longer.", body = Details,
            content_type = "application/problem+json"),
        BodyProblems,
    )
)]
pub async fn confirm_address(
    State(state): State<AppState>,
    Acting(actor): Acting,
    Body(wish): Body<AddressLink>,
) -> Result<Json<Done>, Problem> {
    verification::confirm(&state.db.acting(actor), &wish.token).await?;
    Ok(Json(Done {}))
}
