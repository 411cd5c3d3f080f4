//! What every line of the log says of the request that it belongs to: its id, its route and who asks. Where traces are kept,
//! the same is the request's span.

#[cfg(test)]
mod tests;

use super::client_info::Proxies;
use crate::telemetry;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Extensions;
use identity::AuthSession;
use std::net::SocketAddr;
use tracing::Span;
use tracing::field::{Empty, display};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use uuid::Uuid;

/// What belongs to no route: an address that is not there, or a file.
const OTHER: &str = "other";
const REQUEST_ID: &str = "x-request-id";
/// Characters of the id of a request at most, and what they are besides letters and digits: whoever sends one chooses it.
const ID: usize = 64;
const OF_IDS: &[u8] = b"-_.:+/=";

/// The lines of a request belong to this. Other spans may lie within it, so it is kept with the request.
#[derive(Clone, Debug)]
struct OfRequest(Span);

/// Takes an id away that is none, so that the shop makes one: it stands in every line, at whoever keeps traces, and in the answer.
pub async fn check_id(mut request: Request, next: Next) -> Response {
    let mut sent = request.headers().get_all(REQUEST_ID).iter();
    let fits = sent.next().is_none_or(|id| is_id(id.as_bytes())) && sent.next().is_none();
    if !fits {
        request.headers_mut().remove(REQUEST_ID);
    }
    next.run(request).await
}

fn is_id(sent: &[u8]) -> bool {
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || OF_IDS.contains(byte);
    (1..=ID).contains(&sent.len()) && sent.iter().all(fits)
}

/// Leaves with every request what its lines belong to.
///
/// It has the route's template and never the path: that may hold the secret of a link, as the path of a gift does.
pub async fn begin(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or(OTHER, MatchedPath::as_str);
    let id = request.headers().get(REQUEST_ID).and_then(|id| id.to_str().ok()).unwrap_or_default();
    // Of the level of errors, so that no filter that lets a line through takes this from it.
    let span = tracing::error_span!("request", id, method = %request.method(), route, user = Empty);
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let from_proxy = peer.is_some_and(|peer| proxies.iter().any(|network| network.contains(&peer)));
    telemetry::arrived(&span, request.headers(), from_proxy);
    request.extensions_mut().insert(OfRequest(span.clone()));
    let response = next.run(request).await;
    let status = response.status();
    span.set_attribute("http.response.status_code", i64::from(status.as_u16()));
    if status.is_server_error() {
        telemetry::failed(&span, status.as_str().to_owned());
    }
    response
}

/// What [`begin`] left.
pub fn span(request: &Request) -> Span {
    request.extensions().get::<OfRequest>().map_or_else(Span::none, |of| of.0.clone())
}

/// Notes who sent a request, once that is known.
pub fn known(extensions: &Extensions, user_id: Uuid) {
    if let Some(OfRequest(span)) = extensions.get() {
        span.record("user", display(user_id));
    }
}

/// Notes whose session a request came with.
pub async fn note_visitor(request: Request, next: Next) -> Response {
    let extensions = request.extensions();
    if let Some(user) = extensions.get::<AuthSession>().and_then(|session| session.user.as_ref()) {
        known(extensions, user.0.user.id);
    }
    next.run(request).await
}
