//! What caches between the shop and a browser may keep: nothing that belongs to somebody. A net under every route, because
//! a cache that keeps a cookie, or a page of somebody's, gives it to everybody who comes after.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, HeaderValue, SET_COOKIE};

/// Nobody keeps it.
const NOBODY: HeaderValue = HeaderValue::from_static("private, no-store");
/// For what says nothing itself: without a word, caches decide by the status and by how the address ends.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");

/// Sees to it that an answer with a cookie is kept by nobody, and that every answer says who may keep it.
pub async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if headers.contains_key(SET_COOKIE) && !says(headers, "no-store") {
        headers.insert(CACHE_CONTROL, NOBODY);
    } else {
        headers.entry(CACHE_CONTROL).or_insert(ASK_AGAIN);
    }
    response
}

/// Whether an answer may be kept for others: then nothing about whoever asked first belongs into it.
pub fn is_for_everybody(headers: &HeaderMap) -> bool {
    says(headers, "public")
}

fn says(headers: &HeaderMap, word: &str) -> bool {
    headers.get_all(CACHE_CONTROL).iter().any(|value| value.to_str().is_ok_and(|text| text.contains(word)))
}
