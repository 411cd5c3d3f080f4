//! Pages of other sites that may use the API (the CORS protocol of the Fetch standard): those that the shop's owner names, and
//! nobody by default. A token is needed as by any program; cookies count for nothing here, and so no browser is told to send
//! them.

use super::limit::{RATE_LIMIT, RATE_LIMIT_POLICY, is_for_programs};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, CONTENT_DISPOSITION, ETAG,
    HeaderName, HeaderValue, LINK, LOCATION, ORIGIN, RETRY_AFTER, VARY, WWW_AUTHENTICATE,
};
use http::{Method, StatusCode};
use std::sync::{Arc, LazyLock};

/// What a page may ask for, and what it may send with it.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const SENT: &str = "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Request-Id";
/// Seconds for which a browser need not ask again whether it may.
const KEPT_S: &str = "7200";

/// What a page may read besides the body.
static EXPOSED: LazyLock<HeaderValue> = LazyLock::new(|| {
    let names = [
        ETAG,
        LINK,
        LOCATION,
        RETRY_AFTER,
        WWW_AUTHENTICATE,
        CONTENT_DISPOSITION,
        RATE_LIMIT_POLICY,
        RATE_LIMIT,
        HeaderName::from_static("deprecation"),
        HeaderName::from_static("sunset"),
        HeaderName::from_static("x-request-id"),
    ];
    let names = names.iter().map(HeaderName::as_str).collect::<Vec<_>>().join(", ");
    HeaderValue::try_from(names).unwrap_or(HeaderValue::from_static("etag"))
});

/// A request from a page of a site that may use the API.
#[derive(Clone, Copy, Debug)]
pub struct FromAllowedOrigin;

/// Answers browsers that ask whether a page may use the API, and lets the pages of `allowed` origins read what is answered.
pub async fn share(State(allowed): State<Arc<[String]>>, mut request: Request, next: Next) -> Response {
    if allowed.is_empty() || !is_for_programs(request.uri().path()) {
        return next.run(request).await;
    }
    let origin = request.headers().get(ORIGIN).cloned();
    let origin = origin.filter(|origin| allowed.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()));
    let asks_first =
        request.method() == Method::OPTIONS && request.headers().contains_key(ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match &origin {
        Some(_) if asks_first => may(),
        Some(_) => {
            request.extensions_mut().insert(FromAllowedOrigin);
            next.run(request).await
        }
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED.clone());
    }
    response
}

fn may() -> Response {
    let headers = [
        (ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static(METHODS)),
        (ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(SENT)),
        (ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static(KEPT_S)),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}
