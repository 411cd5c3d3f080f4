//! The audit trail.

use crate::http::api::listed::{Cursor, Limit, Listed};
use crate::http::api::openapi::{QueryProblems, TokenProblems, Unchanged};
use crate::http::api::params::Query;
use crate::http::api::permitted::{Permitted, Users};
use crate::http::api::problem::Problem;
use crate::http::api::values::time;
use axum::extract::OriginalUri;
use axum::response::Response;
use domain::Error;
use domain::audit::{Cursor as Place, Event, Filter, InvalidDay, Outcome, trail};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Which lines are wanted.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AuditAsked {
    /// What this address did, whole.
    #[serde(default)]
    #[param(example = "ada@example.com")]
    who: String,
    /// What was done, by its name.
    #[serde(default)]
    #[param(example = "order.refund-asked")]
    action: String,
    /// Not before this day (UTC).
    #[serde(default)]
    #[param(format = Date, example = "2026-11-01")]
    from: String,
    /// Not after this day (UTC).
    #[serde(default)]
    #[param(format = Date, example = "2026-11-30")]
    to: String,
    /// Lines in a part of the trail, 1 to 100.
    #[serde(default)]
    #[param(value_type = Option<u32>, example = 24, minimum = 1, maximum = 100)]
    limit: Limit,
    /// Where the trail goes on, as its part before says in `next`.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Something that was done, or refused.
#[derive(Serialize, ToSchema)]
pub struct AuditLine {
    pub id: Uuid,
    #[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub at: String,
    /// The account of whoever did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub user_id: Option<Uuid>,
    /// Its address at that time; of whoever had none, words in brackets.
    #[schema(example = "ada@example.com")]
    pub who: String,
    #[schema(example = "title.published")]
    pub action: String,
    /// What was done, for people.
    #[schema(example = "put a title on sale")]
    pub words: String,
    /// What it was done to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "title")]
    pub subject_kind: Option<String>,
    /// Its id, or the address that was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "0192f0c1-2b3c-7d4e-8f50-617283940a1b")]
    pub subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "192.0.2.7")]
    pub ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "curl/8.5.0")]
    pub user_agent: Option<String>,
    /// The token of the machine that did it in their name; missing where a person did it themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub token_id: Option<Uuid>,
    /// What that token was called at that time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "The tills")]
    pub token_name: Option<String>,
    /// `done` or `refused`.
    #[schema(value_type = String, example = "done")]
    pub outcome: Outcome,
    /// More about it; its members depend on the action.
    #[serde(skip_serializing_if = "serde_json::Value::is_null")]
    #[schema(value_type = Object, required = false, example = json!({ "title": "The Bell at North Rock" }))]
    pub details: serde_json::Value,
}

impl From<Event> for AuditLine {
    fn from(event: Event) -> Self {
        let words = event.words().to_owned();
        Self {
            id: event.id,
            at: time(event.at),
            user_id: event.user_id,
            who: event.who,
            action: event.action,
            words,
            subject_kind: event.subject_kind,
            subject: event.subject,
            ip: event.ip,
            user_agent: event.user_agent,
            token_id: event.token_id,
            token_name: event.token_name,
            outcome: event.outcome,
            details: serde_json::from_str(&event.details).unwrap_or_default(),
        }
    }
}

/// The audit trail
///
/// Who did what, when, on what, from where, and how it ended; the newest first. It is only ever added to. For admins with the
/// permission `users`.
#[utoipa::path(
    get,
    path = "/admin/audit",
    operation_id = "audit_trail",
    tag = "office",
    security(("access_token" = ["users"])),
    params(AuditAsked),
    responses(
        (status = 200, description = "A part of the trail.", body = Listed<AuditLine>),
        Unchanged, TokenProblems, QueryProblems,
    )
)]
pub async fn list(
    Permitted { db, .. }: Permitted<Users>,
    uri: OriginalUri,
    Query(asked): Query<AuditAsked>,
) -> Result<Response, Problem> {
    let day = |field| move |error: InvalidDay| Error::invalid(field, error);
    Filter::read("", "", "", &asked.to).map_err(day("to"))?;
    let filter = Filter::read(&asked.who, &asked.action, &asked.from, &asked.to).map_err(day("from"))?;
    let place = asked.cursor.map(|cursor| cursor.read::<Place>()).transpose()?;
    // One more than is given tells whether there are more.
    let most = asked.limit.0 as usize;
    let mut events = trail::events(&db, &filter, place, u64::from(asked.limit.0) + 1).await?;
    let more = events.len() > most;
    events.truncate(most);
    let next = events.last().filter(|_| more).map(|event| Cursor::of(&event.cursor()));
    Ok(Listed::new(events.into_iter().map(AuditLine::from).collect(), next).answer(&uri))
}
