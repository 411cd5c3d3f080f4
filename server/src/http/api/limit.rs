//! How often programs may ask, and how they are told (draft-ietf-httpapi-ratelimit-headers-10).

use super::problem::Problem;
use crate::http::payments;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::limits::{Limits, Rule, Standing};
use domain::{Actor, Error};
use http::HeaderName;
use http::header::{HeaderValue, RETRY_AFTER};

/// What is allowed: how many requests (`q`) in how many seconds (`w`).
pub const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// What is left of it: how many requests (`r`), and in how many seconds all of them are again (`t`).
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// Whether an address is one for programs.
pub fn is_for_programs(path: &str) -> bool {
    path.starts_with("/api/v1/")
}

/// Counts the requests of programs by the network they come from, before anything else is done for them, and tells them
/// with each answer what is left. What the payment provider tells comes as often as people pay, and is signed.
pub async fn programs(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if !is_for_programs(path) || payments::takes_events(path) {
        return next.run(request).await;
    }
    let actor = identity::actor(request.extensions());
    let taken = limits.take_network(Rule::Api, &actor).await;
    let standing = standing(&limits, &actor).await;
    let refused = taken.is_err();
    let mut response = match taken {
        Ok(()) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    };
    if let Some(standing) = standing {
        tell(&mut response, standing, refused);
    }
    response
}

async fn standing(limits: &Limits, actor: &Actor) -> Option<Standing> {
    // Without it the answer is as good: the request was counted.
    limits.standing(Rule::Api, actor).await.inspect_err(Error::log).ok().flatten()
}

fn tell(response: &mut Response, standing: Standing, refused: bool) {
    let Standing { most, window_s, left, full_in_s } = standing;
    let headers = response.headers_mut();
    // The larger network around this one may be what has nothing left.
    let waits = headers.get(RETRY_AFTER).filter(|_| refused).and_then(|wait| wait.to_str().ok()?.parse::<i64>().ok());
    let (left, until_s) = waits.map_or((left, full_in_s), |wait_s| (0, wait_s));
    for (name, told) in [
        (RATE_LIMIT_POLICY, format!("\"requests\";q={most};w={window_s}")),
        (RATE_LIMIT, format!("\"requests\";r={left};t={until_s}")),
    ] {
        if let Ok(told) = HeaderValue::try_from(told) {
            headers.insert(name, told);
        }
    }
}
