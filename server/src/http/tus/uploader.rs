//! Who uploads: an admin by their browser, or a program of one.

use super::answer::{Refusal, versioned};
use crate::AppState;
use crate::http::HttpError;
use crate::http::api::{Permitted, Production};
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use domain::Actor;
use domain::account::{Permission, User};
use http::header::AUTHORIZATION;
use http::request::Parts;
use identity::AuthSession;

/// Somebody who may upload.
pub struct Uploader {
    pub user: User,
    /// Them, for the audit trail.
    pub actor: Actor,
}

impl FromRequestParts<AppState> for Uploader {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        if brings_token(parts) {
            let program: Permitted<Production> = Permitted::from_request_parts(parts, state)
                .await
                .map_err(|problem| versioned(problem.into_response()))?;
            return Ok(Self { actor: program.db.actor().clone(), user: program.user });
        }
        let session = AuthSession::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let user = by_session(&session).map_err(IntoResponse::into_response)?;
        Ok(Self { user, actor: identity::actor(&parts.extensions) })
    }
}

/// A shop behind a password of its web server gets that in the same header from every browser: it is no token.
fn brings_token(parts: &Parts) -> bool {
    let scheme = |value: &http::HeaderValue| {
        value.to_str().is_ok_and(|text| text.split(' ').next().is_some_and(|one| one.eq_ignore_ascii_case("bearer")))
    };
    parts.headers.get_all(AUTHORIZATION).iter().any(scheme)
}

fn by_session(session: &AuthSession) -> Result<User, Refusal> {
    let user = identity::require_user(session).map_err(HttpError::from)?.clone();
    if user.may(Permission::Production) { Ok(user) } else { Err(HttpError::forbidden().into()) }
}
