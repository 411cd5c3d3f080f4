//! What a person sees when no page could be made at all: the layers around the pages answer with an empty body when they
//! cannot read or keep a session, as happens when the database is too busy, and with a line of plain text after a panic. A
//! browser shows a page of its own in place of an empty answer and holds its scripts to our policy, so that not even that
//! works. So there is a page, which needs neither a session nor scripts.

use super::api;
#[cfg(test)]
mod tests;

use super::plain_page::plain_page;
use crate::AppState;
use crate::markup::escape;
use axum::body::HttpBody;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderMap, Method, StatusCode};

/// Our style sheet and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";
/// Seconds after which it is worth another try.
const AGAIN_AFTER: &str = "5";

/// Puts a page in place of an answer that a browser could not show.
pub async fn explain(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let for_person = wants_a_page(request.headers()) && !api::is_for_programs(path);
    let here = if request.method() == Method::GET { request.uri().to_string() } else { "/".to_owned() };
    let response = next.run(request).await;
    if for_person && response.status().is_server_error() && says_nothing(&response) {
        page(&state, response.status(), &here)
    } else {
        response
    }
}

fn wants_a_page(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accepts| accepts.contains("text/html"))
}

fn says_nothing(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    response.body().is_end_stream() || kind.is_none_or(|kind| kind.starts_with("text/plain"))
}

fn page(state: &AppState, status: StatusCode, here: &str) -> Response {
    let body = format!(
        "<p class=\"mt-4 max-w-prose text-lg text-soft\">The shop could not make this page, most likely because it is very \
         busy. Nothing of what you have is lost.</p>\
         <p class=\"mt-8 flex flex-wrap gap-3\"><a class=\"button\" href=\"{}\">Try again</a>\
         <a class=\"button button-quiet\" href=\"/\">Go to the shop window</a></p>",
        escape(here)
    );
    let headers = [(CONTENT_SECURITY_POLICY, POLICY), (CACHE_CONTROL, "no-store"), (RETRY_AFTER, AGAIN_AFTER)];
    (status, headers, Html(plain_page(state, "No answer", "", &body))).into_response()
}
