//! Invoices as documents, for their buyer and those who look after orders.

#[cfg(test)]
mod tests;

use super::HttpError;
use super::media::attachment;
use crate::{AppState, invoice};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::account::Permission;
use domain::invoices::read::{Asker, of_order};
use http::header;
use identity::AuthSession;

/// The route knows who is asking only below the session layer.
pub fn routes() -> Router<AppState> {
    Router::new().route("/orders/{number}/invoice.pdf", get(document))
}

async fn document(
    State(state): State<AppState>,
    session: AuthSession,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let user = identity::require_user(&session)?;
    let asker = if user.may(Permission::Orders) { Asker::Office } else { Asker::Buyer(user.id) };
    let Some(found) = of_order(&state.db, asker, &number).await? else {
        // Nobody has asked for it yet: the page has the form.
        return Ok(Redirect::to(&app::paths::invoice(&number)).into_response());
    };
    let name = format!("{}.pdf", found.number);
    // Setting a long order takes a while; others are answered meanwhile.
    let made = tokio::task::spawn_blocking(move || invoice::document(&found)).await;
    let bytes = made.map_err(HttpError::internal)?.map_err(HttpError::internal)?;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&name)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
