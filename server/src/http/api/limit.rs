//! How often programs may ask.

use super::problem::Problem;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::limits::{Limits, Rule};

/// Whether an address is one for programs.
pub fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/v1/")
}

/// Counts the requests of programs by the network they come from, before anything else is done for them.
pub async fn programs(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    if is_for_programs(request.uri().path()) {
        let actor = identity::actor(request.extensions());
        if let Err(error) = limits.take_network(Rule::Api, &actor).await {
            return Problem::from(error).into_response();
        }
    }
    next.run(request).await
}
