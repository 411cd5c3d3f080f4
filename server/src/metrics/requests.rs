//! Counting requests by their route's template.

use super::Metrics;
use super::names::{RequestBy, by};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::Method;
use std::sync::Arc;
use std::time::Instant;

/// What belongs to no route: an address that is not there, or a file.
const OTHER: &str = "other";

/// Counts a request once its answer begins.
pub async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let method = name(request.method());
    let route = request.extensions().get::<MatchedPath>().map_or(OTHER, MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    metrics.durations.get_or_create(&by("route", route.clone())).observe(begun.elapsed().as_secs_f64());
    let status = u32::from(response.status().as_u16());
    metrics.requests.get_or_create(&RequestBy { method, route, status }).inc();
    response
}

/// Anybody may send a method of their own making: those have one name together.
fn name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => OTHER,
    }
}
