//! The audit trail as a table for a spreadsheet, sent while it is read: it may be long.

#[cfg(test)]
mod tests;

use super::HttpError;
use super::client_info::Acting;
use super::csv::cell;
use super::media::attachment;
use crate::AppState;
use axum::Router;
use axum::body::Body;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::account::Permission;
use domain::audit::{self, Action, Cursor, Entry, Event, Filter, InvalidDay, trail};
use futures::{StreamExt, stream};
use http::header;
use identity::AuthSession;
use serde::Deserialize;
use uuid::Uuid;

/// Lines read at once.
const LINES_AT_ONCE: u64 = 500;
const HEADINGS: &str = "time,who,account,action,subject kind,subject,address,program,token,machine,outcome,details\r\n";

/// What may be asked for, as on the page of the trail.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    who: String,
    action: String,
    from: String,
    to: String,
}

/// The route knows who is asking only below the session layer.
pub fn routes() -> Router<AppState> {
    Router::new().route("/admin/audit.csv", get(download))
}

async fn download(
    State(state): State<AppState>,
    session: AuthSession,
    Acting(actor): Acting,
    Query(asked): Query<Asked>,
) -> Result<Response, HttpError> {
    let user = identity::require_user(&session)?.clone();
    if !user.may(Permission::Users) {
        return Err(HttpError::forbidden());
    }
    let filter = Filter::read(&asked.who, &asked.action, &asked.from, &asked.to)
        .map_err(|error: InvalidDay| domain::Error::invalid("from", error))?;
    let db = state.db.acting(actor);
    let details = serde_json::to_value(&filter).map_err(HttpError::internal)?;
    audit::record(&db, Entry::new(Action::AuditDownloaded).with(details)).await?;

    let lines = stream::try_unfold(Some(None), move |from: Option<Option<Cursor>>| {
        let (db, filter) = (db.clone(), filter.clone());
        async move {
            let Some(place) = from else { return Ok(None) };
            let events = trail::events(&db, &filter, place, LINES_AT_ONCE).await?;
            let whole = events.len() as u64 == LINES_AT_ONCE;
            let next = events.last().filter(|_| whole).map(|event| Some(event.cursor()));
            Ok::<_, domain::Error>(Some((events.iter().map(line).collect::<String>(), next)))
        }
    });
    let text = stream::iter([Ok(HEADINGS.to_owned())]).chain(lines);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, attachment("audit-trail.csv")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, Body::from_stream(text)).into_response())
}

/// A line by RFC 4180.
fn line(event: &Event) -> String {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string());
    let (at, account, token) = (event.at.rfc3339(), id(event.user_id), id(event.token_id));
    let cells = [
        Some(at.as_str()),
        Some(event.who.as_str()),
        account.as_deref(),
        Some(event.action.as_str()),
        event.subject_kind.as_deref(),
        event.subject.as_deref(),
        event.ip.as_deref(),
        event.user_agent.as_deref(),
        token.as_deref(),
        event.token_name.as_deref(),
        Some(event.outcome.name()),
        Some(event.details.as_str()),
    ];
    cells.map(|text| cell(text.unwrap_or_default())).join(",") + "\r\n"
}
