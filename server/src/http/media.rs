//! Content that can be fetched from the middle: RFC 9110 ranges, validators and conditions.

use crate::http::HttpError;
use crate::http::delivery::Delivery;
use crate::storage::{self, Storage};
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, IF_MATCH,
    IF_NONE_MATCH, IF_RANGE, RANGE,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use std::ops::Range;

/// Stored content as it is offered.
#[derive(Clone, Debug)]
pub struct Media {
    pub key: String,
    pub media_type: String,
    /// In bytes.
    pub size: u64,
    /// Changes whenever the content does; plain text without quotes.
    pub tag: String,
    /// For the `Cache-Control` header.
    pub cache: &'static str,
    /// The name under which it is saved; `None` plays it in place.
    pub save_as: Option<String>,
}

/// What part of the content was asked for.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Whole,
    Part(Range<u64>),
    /// It lies outside.
    Nothing,
}

/// Answers a GET or HEAD for stored content. A request for several ranges at once gets the whole, which RFC 9110
/// (14.2) allows. The content is streamed, no more than a piece of it being in memory, unless somebody else sends it.
///
/// # Errors
/// When the storage fails.
pub async fn respond(
    storage: &dyn Storage,
    delivery: &Delivery,
    method: &Method,
    asked: &HeaderMap,
    media: &Media,
) -> Result<Response, HttpError> {
    if let Some(response) = delivery.handed_over(storage, method, media).await? {
        return Ok(response);
    }
    let tag = format!("\"{}\"", media.tag);
    if let Some(status) = condition(asked, &tag) {
        return with_headers(status.into_response(), [(ETAG, tag), (CACHE_CONTROL, media.cache.to_owned())]);
    }
    // A range has a meaning for GET alone (RFC 9110, 14.2).
    let wanted = if *method == Method::GET { wanted(asked, &tag, media.size) } else { Wanted::Whole };
    let (status, range) = match wanted {
        Wanted::Whole => (StatusCode::OK, 0..media.size),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Nothing => {
            let answer = HttpError::new(StatusCode::RANGE_NOT_SATISFIABLE, "There is nothing in that range.");
            let size = format!("bytes */{}", media.size);
            return with_headers(answer.into_response(), [(CONTENT_RANGE, size), (ACCEPT_RANGES, "bytes".to_owned())]);
        }
    };
    let body = if *method == Method::HEAD {
        Body::empty()
    } else {
        Body::from_stream(storage.read(&media.key, range.clone()).await.map_err(missing)?)
    };
    let mut response = with_headers(
        (status, body).into_response(),
        [
            (CONTENT_TYPE, media.media_type.clone()),
            (CONTENT_LENGTH, (range.end - range.start).to_string()),
            (ACCEPT_RANGES, "bytes".to_owned()),
            (ETAG, tag),
            (CACHE_CONTROL, media.cache.to_owned()),
        ],
    )?;
    if status == StatusCode::PARTIAL_CONTENT {
        let place = format!("bytes {}-{}/{}", range.start, range.end - 1, media.size);
        response = with_headers(response, [(CONTENT_RANGE, place)])?;
    }
    match &media.save_as {
        Some(name) => with_headers(response, [(CONTENT_DISPOSITION, attachment(name))]),
        None => Ok(response),
    }
}

pub(super) fn with_headers(
    mut response: Response,
    headers: impl IntoIterator<Item = (HeaderName, String)>,
) -> Result<Response, HttpError> {
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_str(&value).map_err(HttpError::internal)?);
    }
    Ok(response)
}

/// A storage's refusal as a client sees it.
pub fn missing(error: storage::Error) -> HttpError {
    match error {
        storage::Error::NotFound(_) => HttpError::not_found(),
        error => HttpError::internal(error),
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Whether the list of entity tags names this one. `W/` is a weak tag: well for `If-None-Match` only.
fn names(list: &str, tag: &str, weak: bool) -> bool {
    list.split(',').map(str::trim).any(|one| one == "*" || one == tag || (weak && one.strip_prefix("W/") == Some(tag)))
}

fn condition(asked: &HeaderMap, tag: &str) -> Option<StatusCode> {
    if text(asked, IF_MATCH).is_some_and(|list| !names(list, tag, false)) {
        return Some(StatusCode::PRECONDITION_FAILED);
    }
    text(asked, IF_NONE_MATCH).is_some_and(|list| names(list, tag, true)).then_some(StatusCode::NOT_MODIFIED)
}

/// Reads `Range` and `If-Range`. What cannot be read is ignored, as RFC 9110 (14.2) wants.
fn wanted(asked: &HeaderMap, tag: &str, size: u64) -> Wanted {
    let unchanged = asked.get(IF_RANGE).is_none_or(|value| value.to_str().is_ok_and(|value| value.trim() == tag));
    let ranges = text(asked, RANGE).and_then(|value| value.trim().split_once('='));
    match ranges {
        Some((unit, set)) if unchanged && unit.eq_ignore_ascii_case("bytes") && !set.contains(',') => {
            one_range(set.trim(), size).unwrap_or(Wanted::Whole)
        }
        _ => Wanted::Whole,
    }
}

/// `None` when it is not a range.
fn one_range(text: &str, size: u64) -> Option<Wanted> {
    let number = |digits: &str| {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| digits.parse::<u64>().unwrap_or(u64::MAX))
    };
    let range = match text.split_once('-')? {
        ("", last) => size.saturating_sub(number(last)?)..size,
        (first, "") => number(first)?..size,
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            first..size.min(last.saturating_add(1))
        }
    };
    Some(if range.is_empty() { Wanted::Nothing } else { Wanted::Part(range) })
}

/// `Content-Disposition` by RFC 6266: a plain name for old clients, the real one by RFC 8187.
pub fn attachment(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' { c } else { '_' })
        .collect();
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Disk;
    use bytes::Bytes;
    use http_body_util::BodyExt;
    use proptest::prelude::*;

    const TEXT: &[u8] = b"Once upon a midnight dreary";

    async fn ask(method: Method, headers: &[(HeaderName, &str)]) -> (StatusCode, HeaderMap, Bytes) {
        let folder = tempfile::tempdir().unwrap();
        let storage = Disk::open(folder.path()).await.unwrap();
        storage.put_bytes("audio/raven.mp3", Bytes::from_static(TEXT), "audio/mpeg").await.unwrap();
        let media = Media {
            key: "audio/raven.mp3".to_owned(),
            media_type: "audio/mpeg".to_owned(),
            size: TEXT.len() as u64,
            tag: "raven-1".to_owned(),
            cache: "private, no-cache",
            save_as: None,
        };
        let headers =
            headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_str(value).unwrap())).collect();
        let response = respond(&storage, &Delivery::Shop, &method, &headers, &media)
            .await
            .unwrap_or_else(IntoResponse::into_response);
        let (parts, body) = response.into_parts();
        (parts.status, parts.headers, body.collect().await.unwrap().to_bytes())
    }

    #[tokio::test]
    async fn without_a_range_the_whole_is_sent_and_says_that_ranges_work() {
        let (status, headers, body) = ask(Method::GET, &[]).await;
        assert_eq!((status, &body[..]), (StatusCode::OK, TEXT));
        assert_eq!(headers[ACCEPT_RANGES], "bytes");
        assert_eq!(headers[CONTENT_LENGTH], TEXT.len().to_string());
        assert_eq!(headers[ETAG], "\"raven-1\"");
    }

    #[tokio::test]
    async fn a_range_is_answered_with_exactly_its_bytes() {
        for (range, expected, place) in [
            ("bytes=0-3", "Once", "bytes 0-3/27"),
            ("bytes=21-", "dreary", "bytes 21-26/27"),
            ("bytes=-6", "dreary", "bytes 21-26/27"),
            ("bytes=5-5", "u", "bytes 5-5/27"),
            ("bytes=21-99999999999999999999999", "dreary", "bytes 21-26/27"),
            ("Bytes=-100", "Once upon a midnight dreary", "bytes 0-26/27"),
        ] {
            let (status, headers, body) = ask(Method::GET, &[(RANGE, range)]).await;
            assert_eq!(status, StatusCode::PARTIAL_CONTENT, "{range}");
            assert_eq!(body, expected, "{range}");
            assert_eq!(headers[CONTENT_RANGE], place, "{range}");
            assert_eq!(headers[CONTENT_LENGTH], expected.len().to_string(), "{range}");
        }
    }

    #[tokio::test]
    async fn a_range_outside_is_416_and_says_how_long_the_content_is() {
        for range in ["bytes=27-", "bytes=100-200", "bytes=-0"] {
            let (status, headers, _) = ask(Method::GET, &[(RANGE, range)]).await;
            assert_eq!(status, StatusCode::RANGE_NOT_SATISFIABLE, "{range}");
            assert_eq!(headers[CONTENT_RANGE], "bytes */27", "{range}");
        }
    }

    #[tokio::test]
    async fn what_is_not_a_range_is_ignored() {
        for range in ["bytes=5-2", "bytes=a-b", "bytes", "chapters=1-2", "bytes=--5", "bytes=+1-2", "bytes=0-1,5-6"] {
            let (status, _, body) = ask(Method::GET, &[(RANGE, range)]).await;
            assert_eq!((status, &body[..]), (StatusCode::OK, TEXT), "{range}");
        }
    }

    #[tokio::test]
    async fn if_range_with_an_old_tag_sends_the_whole() {
        let range = (RANGE, "bytes=0-3");
        let (status, ..) = ask(Method::GET, &[range.clone(), (IF_RANGE, "\"raven-0\"")]).await;
        assert_eq!(status, StatusCode::OK);
        let (status, ..) = ask(Method::GET, &[range.clone(), (IF_RANGE, "W/\"raven-1\"")]).await;
        assert_eq!(status, StatusCode::OK, "a weak tag never matches strongly");
        let (status, ..) = ask(Method::GET, &[range, (IF_RANGE, "\"raven-1\"")]).await;
        assert_eq!(status, StatusCode::PARTIAL_CONTENT);
    }

    #[tokio::test]
    async fn what_the_client_has_already_is_not_sent_again() {
        let (status, headers, body) = ask(Method::GET, &[(IF_NONE_MATCH, "\"raven-0\", W/\"raven-1\"")]).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0));
        assert_eq!(headers[ETAG], "\"raven-1\"");
        let (status, ..) = ask(Method::GET, &[(IF_MATCH, "\"raven-0\"")]).await;
        assert_eq!(status, StatusCode::PRECONDITION_FAILED);
    }

    #[tokio::test]
    async fn head_tells_the_size_and_sends_nothing() {
        let (status, headers, body) = ask(Method::HEAD, &[(RANGE, "bytes=0-3")]).await;
        assert_eq!((status, body.len()), (StatusCode::OK, 0));
        assert_eq!(headers[CONTENT_LENGTH], "27");
    }

    #[test]
    fn a_download_keeps_its_name_in_any_language() {
        assert_eq!(
            attachment("Der Fönig \"1\".mp3"),
            "attachment; filename=\"Der F_nig _1_.mp3\"; filename*=UTF-8''Der%20F%C3%B6nig%20%221%22.mp3"
        );
    }

    proptest! {
        #[test]
        fn any_range_is_answered_from_within_the_content(
            range in "(bytes *= *)?[0-9, -]{0,50}|[!-~]{0,60}|bytes=[0-9]{0,22}-[0-9]{0,22}",
            validator in prop::option::of("W?/?\"?raven-[12]\"?|[ -~]{0,30}"),
            size in prop_oneof![0..40_u64, any::<u64>()],
        ) {
            let mut asked = HeaderMap::new();
            asked.insert(RANGE, HeaderValue::from_str(&range).unwrap());
            if let Some(validator) = validator {
                for name in [IF_RANGE, IF_MATCH, IF_NONE_MATCH] {
                    asked.insert(name, HeaderValue::from_str(&validator).unwrap());
                }
            }
            if let Wanted::Part(part) = wanted(&asked, "\"raven-1\"", size) {
                prop_assert!(part.start < part.end && part.end <= size, "{part:?} of {size}");
            }
            condition(&asked, "\"raven-1\"");
        }
    }
}
