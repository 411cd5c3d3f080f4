//! A document that was made, and how it is sent.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, VARY};

/// A document, the same for everybody.
#[derive(Clone, Debug)]
pub struct Document {
    media_type: &'static str,
    pub body: Bytes,
    /// A strong entity tag, quotes included.
    tag: String,
}

impl Document {
    pub fn new(media_type: &'static str, text: String) -> Self {
        let tag = format!("\"{}\"", domain::secret::digest(&text));
        Self { media_type, body: text.into(), tag }
    }

    /// The answer to a request with these headers: the document, or 304 to who has it already. Caches may keep it for
    /// `seconds`.
    pub fn answer(self, asked: &HeaderMap, seconds: u32) -> Response {
        let kept = format!("public, max-age={seconds}");
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        for (name, value) in [(CACHE_CONTROL, &kept), (ETAG, &self.tag)] {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        }
        let known = asked.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok()).is_some_and(|tags| self.matches(tags));
        if known {
            (StatusCode::NOT_MODIFIED, headers).into_response()
        } else {
            (headers, Body::from(self.body)).into_response()
        }
    }

    /// Compression in front of us makes the tag a weak one: it is the same document.
    fn matches(&self, tags: &str) -> bool {
        tags.split(',').map(|tag| tag.trim().trim_start_matches("W/")).any(|tag| tag == "*" || tag == self.tag)
    }
}
