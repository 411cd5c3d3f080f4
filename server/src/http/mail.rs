//! `/admin/mail`: the mails that stayed in the folder, for development. Where mails leave by SMTP there is no such page.

#[cfg(test)]
mod tests;

use super::HttpError;
use super::plain_page::plain_page;
use crate::AppState;
use crate::config::{Config, MailKind};
use crate::mail::{Folder, Mail};
use crate::markup::escape;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use domain::account::Permission;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_FRAME_OPTIONS};
use identity::AuthSession;
use uuid::Uuid;

/// Mails shown in the list.
const LISTED: usize = 100;
/// Our style sheet, and the mail in its frame.
const PAGE_POLICY: &str =
    "default-src 'none'; style-src 'self'; font-src 'self'; frame-src 'self'; frame-ancestors 'none'";
/// A mail may show itself, in our frame only: it can run nothing, send nothing and fetch nothing.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'";

pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/admin/mail", get(list))
        .route("/admin/mail/{id}", get(one))
        .route("/admin/mail/{id}/html", get(framed))
}

/// The folder of mails, for an admin of a shop that keeps them in one.
fn folder(config: &Config, session: &AuthSession) -> Result<Folder, HttpError> {
    if config.mail.kind != MailKind::File {
        return Err(HttpError::not_found());
    }
    // The links in them open everybody's account.
    if !identity::require_user(session)?.may(Permission::Users) {
        return Err(HttpError::forbidden());
    }
    Ok(Folder::open(&config.mail_dir())?)
}

async fn list(State(state): State<AppState>, session: AuthSession) -> Result<Response, HttpError> {
    let mails = folder(&state.config, &session)?.newest(LISTED).await?;
    let rows: String = mails.iter().map(|(id, mail)| row(*id, mail)).collect();
    let body = if mails.is_empty() {
        "<p class=\"mt-6 text-soft\">No mail was sent yet.</p>".to_owned()
    } else {
        format!("<ul class=\"mt-6 divide-y divide-line border-y border-line\">{rows}</ul>")
    };
    Ok(page(&state, "Mails", "<a class=\"link\" href=\"/admin\">Admin</a>", &body))
}

fn row(id: Uuid, mail: &Mail) -> String {
    format!(
        "<li class=\"py-3\"><a class=\"link\" href=\"/admin/mail/{id}\">{}</a>\
         <p class=\"text-sm text-soft\">to {} · {}</p></li>",
        escape(&mail.subject),
        escape(&mail.to),
        mail.date.rfc3339()
    )
}

async fn one(State(state): State<AppState>, session: AuthSession, Path(id): Path<Uuid>) -> Result<Response, HttpError> {
    let mail = folder(&state.config, &session)?.read(id).await?.ok_or_else(HttpError::not_found)?;
    let body = format!(
        "<p class=\"mt-2 text-soft\">from {} to {} · {}</p>\
         <h2 class=\"mt-8 text-xl\">As text</h2>\
         <pre class=\"panel mt-3 p-4 text-sm whitespace-pre-wrap\">{}</pre>\
         <h2 class=\"mt-8 text-xl\">As HTML</h2>\
         <iframe class=\"panel mt-3 w-full\" height=\"480\" title=\"The mail\" sandbox=\"\" src=\"/admin/mail/{id}/html\"></iframe>",
        escape(&mail.from),
        escape(&mail.to),
        mail.date.rfc3339(),
        linked(&mail.text),
    );
    Ok(page(&state, &escape(&mail.subject), "<a class=\"link\" href=\"/admin/mail\">Mails</a>", &body))
}

async fn framed(
    State(state): State<AppState>,
    session: AuthSession,
    Path(id): Path<Uuid>,
) -> Result<Response, HttpError> {
    let mail = folder(&state.config, &session)?.read(id).await?.ok_or_else(HttpError::not_found)?;
    let headers =
        [(CONTENT_SECURITY_POLICY, MAIL_POLICY), (X_FRAME_OPTIONS, "SAMEORIGIN"), (CACHE_CONTROL, "no-store")];
    Ok((headers, Html(mail.html)).into_response())
}

/// Plain text as HTML, in which a line that is an address can be clicked.
fn linked(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = escape(line);
        let address = line.starts_with("http://") || line.starts_with("https://");
        if address { format!("<a class=\"link break-all\" href=\"{line}\">{line}</a>") } else { line }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A plain page in the shop's look. The heading is HTML already.
fn page(state: &AppState, heading: &str, back: &str, body: &str) -> Response {
    let html = plain_page(state, heading, &format!("<nav aria-label=\"Admin\">{back}</nav>"), body);
    ([(CONTENT_SECURITY_POLICY, PAGE_POLICY), (CACHE_CONTROL, "no-store")], Html(html)).into_response()
}
