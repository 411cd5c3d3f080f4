//! What the shop knows of somebody, as a file for them, sent while it is read.

#[cfg(test)]
mod tests;

use super::HttpError;
use super::client_info::Acting;
use super::media::attachment;
use crate::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::limits::Rule;
use domain::privacy::export::export;
use http::header;
use identity::{AuthSession, has_recent_login, session_key};

/// The route knows who is asking only below the session layer.
pub fn routes() -> Router<AppState> {
    Router::new().route("/account/data.json", get(download))
}

async fn download(
    State(state): State<AppState>,
    session: AuthSession,
    Acting(actor): Acting,
) -> Result<Response, HttpError> {
    let user = identity::require_user(&session)?.clone();
    let db = state.db.acting(actor);
    if !has_recent_login(&session.session, db.now()).await? {
        return Ok(Redirect::to("/confirm?next=%2Faccount%23data").into_response());
    }
    state.limits.take(Rule::Reauth, &[&user.id.to_string()]).await?;
    let here = session.session.id().as_ref().map(session_key);
    let data = export(&db, user.id, here.as_deref()).await?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, attachment("lectern-data.json")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(data)).into_response())
}
