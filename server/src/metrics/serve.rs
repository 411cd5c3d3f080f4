//! Where Prometheus asks: a listener of its own, so that no visitor of the shop reaches it, or the shop's own address with a
//! token.

use crate::AppState;
use crate::serving::{Patience, serve};
use anyhow::Context;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::secret;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, StatusCode};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The media type of OpenMetrics 1.0.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// For those who ask, which are few and keep their connections from one time to the next.
const PATIENCE: Patience = Patience {
    connections: 16,
    head: Duration::from_secs(60),
    body: Duration::from_secs(5),
    write: Duration::from_secs(5),
    stop: Duration::from_secs(2),
};

/// A listener that serves.
#[derive(Debug)]
pub struct Listening {
    pub address: SocketAddr,
    task: tokio::task::JoinHandle<()>,
}

impl Listening {
    /// Waits until it has ended, which it does once it was asked to stop.
    pub async fn ended(self) {
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "the numbers for Prometheus were not served to the end");
        }
    }
}

/// Serves `/metrics` where `metrics.listen` says, until asked to stop; nothing where it is empty.
///
/// # Errors
/// When it is no address, or another process has it.
pub async fn listen(state: &AppState, stop: CancellationToken) -> anyhow::Result<Option<Listening>> {
    let configured = state.config.metrics.listen.as_str();
    if configured.is_empty() {
        return Ok(None);
    }
    let address: SocketAddr =
        configured.parse().with_context(|| format!("metrics.listen: {configured:?} is no address with a port"))?;
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("{address} cannot be served on: each process needs one of its own, by metrics.listen")
    })?;
    let address = listener.local_addr()?;
    let router = Router::new().route("/metrics", get(numbers)).with_state(state.clone());
    let task = tokio::spawn(serve(listener, router, PATIENCE, stop));
    Ok(Some(Listening { address, task }))
}

/// `/metrics` at the shop's own address, for whoever has `metrics.token`; without one it is not there.
pub fn guarded(state: &AppState) -> Router<AppState> {
    if state.config.metrics.token.is_empty() {
        return Router::new();
    }
    Router::new().route("/metrics", get(for_holders))
}

async fn for_holders(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let sent = headers.get(AUTHORIZATION).and_then(|sent| sent.to_str().ok()).unwrap_or_default();
    let token = match sent.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    };
    // By their digests, which are of one length, so that nobody learns anything from how long it takes.
    let [sent, kept] = [token, state.config.metrics.token.as_str()].map(secret::digest);
    if verify_slices_are_equal(sent.as_bytes(), kept.as_bytes()).is_err() {
        return (StatusCode::UNAUTHORIZED, [(WWW_AUTHENTICATE, "Bearer")]).into_response();
    }
    let mut answer = numbers(State(state)).await;
    answer.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    answer
}

async fn numbers(State(state): State<AppState>) -> Response {
    match state.metrics.text(&state.db, &*state.rate_source).await {
        Ok(text) => ([(CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "the numbers for Prometheus could not be written down");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
