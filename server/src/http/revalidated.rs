//! Answers that a browser asks for again and again, and that are the same most times: with an entity tag it is told in a
//! line that nothing has changed.

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::{StreamExt, stream};
use http::header::{CONTENT_LENGTH, ETAG, HeaderValue, IF_NONE_MATCH};
use http::{HeaderMap, Method, StatusCode};

/// What is asked for by the page of discoveries.
const ADDRESSES: [&str; 1] = ["/api/catalog/discover"];
/// Longest answer that gets a tag here, in bytes: it is held in memory for that.
const MOST: usize = 4 * 1024 * 1024;

/// Tags an answer by what it says, and answers 304 to who has it already.
pub async fn revalidate(request: Request, next: Next) -> Response {
    if request.method() != Method::GET || !ADDRESSES.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    tagged(request, next).await
}

/// The answer with its tag, its own or one made of what it says; or 304 to who has it already. A long answer without a tag of
/// its own goes out as it comes, without one.
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
    let body = match held(body).await {
        Ok(Held::Whole(body)) => body,
        Ok(Held::Longer(body)) => return Response::from_parts(parts, body),
        Err(error) => {
            tracing::error!(%error, "an answer broke off");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let tag = format!("\"{}\"", domain::secret::digest(&String::from_utf8_lossy(&body)));
    let Ok(value) = HeaderValue::from_str(&tag) else { return Response::from_parts(parts, Body::from(body)) };
    parts.headers.insert(ETAG, value);
    if known.is_some_and(|known| names(&known, &tag)) {
        return unchanged(parts.headers);
    }
    Response::from_parts(parts, Body::from(body))
}

/// What was read of an answer.
enum Held {
    Whole(Bytes),
    /// As it was: its beginning, and what is still to come.
    Longer(Body),
}

/// Reads an answer as far as it may be held in memory.
async fn held(body: Body) -> Result<Held, axum::Error> {
    if body.size_hint().lower() > MOST as u64 {
        return Ok(Held::Longer(body));
    }
    let mut coming = body.into_data_stream();
    let (mut read, mut length) = (Vec::new(), 0);
    while let Some(piece) = coming.next().await {
        let piece = piece?;
        length += piece.len();
        read.push(piece);
        if length > MOST {
            let begun = stream::iter(read.into_iter().map(Ok));
            return Ok(Held::Longer(Body::from_stream(begun.chain(coming))));
        }
    }
    Ok(Held::Whole(read.concat().into()))
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

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use axum::routing::get;
    use axum::{Router, middleware};
    use tower::ServiceExt;

    const PIECE: usize = 64 * 1024;

    /// Pieces of an answer, whose length is not said before.
    fn streamed(pieces: usize) -> Body {
        Body::from_stream(stream::iter(
            (0..pieces).map(|n| Ok::<_, std::io::Error>(vec![b'a' + (n % 26) as u8; PIECE])),
        ))
    }

    async fn asked(path: &str, known: &str) -> (StatusCode, String, Bytes) {
        let router = Router::new()
            .route("/short", get(|| async { streamed(3) }))
            .route("/streamed", get(|| async { streamed(100) }))
            .route("/long", get(|| async { vec![b'a'; MOST + 1] }))
            .layer(middleware::from_fn(tagged));
        let request = Request::get(path).header(IF_NONE_MATCH, known).body(Body::empty()).unwrap();
        let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
        let tag = parts.headers.get(ETAG).map(|tag| tag.to_str().unwrap().to_owned()).unwrap_or_default();
        (parts.status, tag, to_bytes(body, usize::MAX).await.unwrap())
    }

    #[tokio::test]
    async fn who_has_an_answer_already_is_told_so() {
        let (status, tag, body) = asked("/short", "").await;
        assert_eq!((status, body.len()), (StatusCode::OK, 3 * PIECE));
        let (status, same, body) = asked("/short", &tag).await;
        assert_eq!((status, same, body.len()), (StatusCode::NOT_MODIFIED, tag, 0));
    }

    #[tokio::test]
    async fn an_answer_too_long_to_be_held_goes_out_whole_and_without_a_tag() {
        let (status, tag, body) = asked("/long", "*").await;
        assert_eq!((status, tag.as_str(), body.len()), (StatusCode::OK, "", MOST + 1));
        let (status, tag, body) = asked("/streamed", "*").await;
        assert_eq!((status, tag.as_str(), body.len()), (StatusCode::OK, "", 100 * PIECE));
        let whole = (0..100).flat_map(|n| vec![b'a' + (n % 26) as u8; PIECE]);
        assert!(body.iter().copied().eq(whole), "in order and complete");
    }
}
