//! Invoices and receipts as documents, for their buyer and those who look after orders.

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
use domain::invoices::read::{self, Asker};
use domain::limits::Rule;
use http::header;
use identity::AuthSession;

/// The routes know who is asking only below the session layer.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/orders/{number}/invoice.pdf", get(document))
        .route("/orders/{number}/receipt.pdf", get(receipt))
}

fn asker(session: &AuthSession) -> Result<Asker, HttpError> {
    let user = identity::require_user(session)?;
    Ok(if user.may(Permission::Orders) { Asker::Office } else { Asker::Buyer(user.id) })
}

async fn document(
    State(state): State<AppState>,
    session: AuthSession,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let Some(found) = read::of_order(&state.db, asker(&session)?, &number).await? else {
        // Nobody has asked for it yet: the page has the form.
        return Ok(Redirect::to(&app::paths::invoice(&number)).into_response());
    };
    count(&state, &session).await?;
    let name = found.number.clone();
    pdf(&name, move || invoice::document(&found)).await.map_err(HttpError::internal)
}

async fn receipt(
    State(state): State<AppState>,
    session: AuthSession,
    Path(number): Path<String>,
) -> Result<Response, HttpError> {
    let found = match read::receipt(&state.db, asker(&session)?, &number).await {
        // Nothing is paid: the page of the order says how it stands.
        Err(domain::Error::Conflict(_)) => return Ok(Redirect::to(&app::paths::order(&number)).into_response()),
        found => found?,
    };
    count(&state, &session).await?;
    let (name, shop) = (format!("receipt-{}", found.order.number), state.settings.at_hand().name.clone());
    pdf(&name, move || invoice::receipt(&found, &shop)).await.map_err(HttpError::internal)
}

/// Setting a document is dear: an account gets only so many.
async fn count(state: &AppState, session: &AuthSession) -> Result<(), HttpError> {
    let user = identity::require_user(session)?;
    Ok(state.limits.take(Rule::Document, &[&user.id.to_string()]).await?)
}

/// A document that is saved under a name.
///
/// # Errors
/// When it cannot be set.
pub async fn pdf(
    name: &str,
    make: impl FnOnce() -> anyhow::Result<Vec<u8>> + Send + 'static,
) -> anyhow::Result<Response> {
    // Setting a long order takes a while; others are answered meanwhile.
    let bytes = tokio::task::spawn_blocking(make).await??;
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&format!("{name}.pdf"))),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}
