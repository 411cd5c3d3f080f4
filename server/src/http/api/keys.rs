//! The public keys.

use super::openapi::OurProblems;
use super::problem::Problem;
use crate::AppState;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;
use serde::Serialize;
use utoipa::ToSchema;

/// A set of public keys (RFC 7517).
#[derive(Serialize, ToSchema)]
pub struct KeySet {
    /// Ed25519 keys as RFC 8037 writes them: `kty` is `OKP`, `crv` is `Ed25519`, `x` is the key.
    #[schema(value_type = Vec<Object>)]
    keys: Vec<jsonwebtoken::jwk::Jwk>,
}

/// Public keys
///
/// Whoever gets an access token can check it by these. Ask again when a token names a key that is not among them: the
/// shop signs with a new key from time to time, and keeps the old one here until its last token has expired.
#[utoipa::path(
    get,
    path = "/.well-known/jwks.json",
    operation_id = "jwks",
    tag = "keys",
    responses((status = 200, description = "The keys.", body = KeySet), OurProblems)
)]
pub async fn published(State(state): State<AppState>) -> Result<Response, Problem> {
    let keys = state.tokens.public_keys(&state.db).await?;
    Ok(([(CACHE_CONTROL, "public, max-age=300")], Json(KeySet { keys })).into_response())
}
