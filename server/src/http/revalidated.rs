//! Answers that a browser asks for again and again, and that are the same most times: with an entity tag it is told in a
//! line that nothing has changed.

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_LENGTH, ETAG, HeaderValue, IF_NONE_MATCH};
use http::{HeaderMap, Method, StatusCode};

/// What is asked for by the page of discoveries.
const ADDRESSES: [&str; 1] = ["/api/catalog/discover"];
/// Longest answer that has a tag, in bytes.
const MOST: usize = 4 * 1024 * 1024;

/// Tags an answer by what it says, and answers 304 to who has it already.
pub async fn revalidate(request: Request, next: Next) -> Response {
    if request.method() != Method::GET || !ADDRESSES.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    tagged(request, next).await
}

/// The answer with its tag, its own or one made of what it says; or 304 to who has it already.
pub async fn tagged(request: Request, next: Next) -> Response {
    let known = request.headers().get(IF_NONE_MATCH).cloned();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    if let Some(tag) = parts.headers.get(ETAG) {
        let tag = tag.to_str().unwrap_or_default();
        let same = known.is_some_and(|known| names(&known, tag));
        return if same { unchanged(parts.headers) } else { Response::from_parts(parts, body) };
    }
    let Ok(body) = to_bytes(body, MOST).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = format!("\"{}\"", domain::secret::digest(&String::from_utf8_lossy(&body)));
    let Ok(value) = HeaderValue::from_str(&tag) else { return Response::from_parts(parts, Body::from(body)) };
    parts.headers.insert(ETAG, value);
    if known.is_some_and(|known| names(&known, &tag)) {
        return unchanged(parts.headers);
    }
    Response::from_parts(parts, Body::from(body))
}

fn unchanged(mut headers: HeaderMap) -> Response {
    headers.remove(CONTENT_LENGTH);
    (StatusCode::NOT_MODIFIED, headers).into_response()
}

/// Compression in front of us makes the tag a weak one: it is the same answer.
fn names(known: &HeaderValue, tag: &str) -> bool {
    let known = known.to_str().unwrap_or_default();
    known.split(',').map(|one| one.trim().trim_start_matches("W/")).any(|one| one == "*" || one == tag)
}
