//! How good a password is, before it is chosen.

use super::body::Body;
use super::openapi::BodyProblems;
use super::problem::Problem;
use crate::AppState;
use crate::http::client_info::Acting;
use axum::Json;
use axum::extract::State;
use domain::account::passwords::strength;
use domain::limits::Rule;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A password that somebody thinks of.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordThought {
    #[schema(example = "a long walk home", format = Password)]
    password: String,
    /// Of the account that it is for: what is made of it is guessed soon.
    #[serde(default)]
    #[schema(example = "ada@example.com")]
    email: String,
    /// Likewise.
    #[serde(default)]
    #[schema(example = "Ada Lovelace")]
    name: String,
}

/// How hard a password is to guess.
#[derive(Serialize, ToSchema)]
pub struct PasswordStrength {
    /// From 0, guessed at once, to 4.
    #[schema(example = 4, minimum = 0, maximum = 4)]
    score: u8,
    /// Why it would be refused, and what to do about it; missing for one that would be taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "Choose a password of at least 12 characters.")]
    refusal: Option<String>,
}

/// See how good a password is
///
/// For a program that asks somebody to choose one. It is looked at and forgotten.
#[utoipa::path(
    post,
    path = "/auth/password-strength",
    operation_id = "measure_password",
    tag = "auth",
    request_body = PasswordThought,
    responses((status = 200, description = "How hard it is to guess.", body = PasswordStrength), BodyProblems)
)]
pub async fn measure(
    State(state): State<AppState>,
    Acting(actor): Acting,
    Body(thought): Body<PasswordThought>,
) -> Result<Json<PasswordStrength>, Problem> {
    state.limits.take_network(Rule::Meter, &actor).await?;
    let strength::Strength { score, refusal } =
        strength::measure(thought.password, thought.email, thought.name).await?;
    Ok(Json(PasswordStrength { score, refusal }))
}
