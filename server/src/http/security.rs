//! Headers for every answer, and the refusal of forms sent from elsewhere.

use super::{api, payments};
use crate::Config;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Method, StatusCode};

const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), PERMISSIONS),
];

/// What a page may ask the browser for: to play sound and to be shown large. The rest is for nobody.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(self), camera=(), display-capture=(), encrypted-media=(), \
    fullscreen=(self), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), \
    xr-spatial-tracking=()";

/// Two years, as the browsers' own lists want it. Only over TLS: elsewhere browsers ignore it.
const TLS_ONLY: &str = "max-age=63072000; includeSubDomains";
/// As long, for this host alone.
const TLS_HERE_ONLY: &str = "max-age=63072000";

/// What browsers are told of TLS; `None` without.
pub fn strict_transport(config: &Config) -> Option<&'static str> {
    config.secure().then_some(if config.hsts_subdomains { TLS_ONLY } else { TLS_HERE_ONLY })
}

/// For what brings no policy of its own, which is everything but pages.
const POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Adds the headers, and answers 403 to a change asked for by another site. Events of the payment provider come from
/// elsewhere: they are signed, and nobody's session counts for them. So do pages that may use the API, where no session counts
/// either.
pub async fn guard(State(strict_transport): State<Option<&'static str>>, request: Request, next: Next) -> Response {
    let is_signed = payments::takes_events(request.uri().path());
    let is_allowed = request.extensions().get::<api::FromAllowedOrigin>().is_some();
    let foreign = !is_signed && !is_allowed && comes_from_elsewhere(request.headers());
    let mut response = if foreign && changes_something(request.method()) {
        refused(request.uri().path())
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Some(told) = strict_transport {
        headers.entry(header::STRICT_TRANSPORT_SECURITY).or_insert(HeaderValue::from_static(told));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(POLICY));
    if let Some(named) = headers.get(header::CONTENT_TYPE).and_then(in_utf_8) {
        headers.insert(header::CONTENT_TYPE, named);
    }
    response
}

fn refused(path: &str) -> Response {
    const WHY: &str = "This request came from another site.";
    tracing::warn!(path = super::router::told(path), "refused: the request came from another site");
    if api::is_for_programs(path) { api::forbidden(WHY) } else { (StatusCode::FORBIDDEN, WHY).into_response() }
}

/// Text that does not say how it is written, said to be what all of ours is.
fn in_utf_8(named: &HeaderValue) -> Option<HeaderValue> {
    let named = named.to_str().ok()?;
    let text = named.starts_with("text/") || named.ends_with("+xml") || named.ends_with("/xml");
    (text && !named.contains("charset=")).then(|| HeaderValue::try_from(format!("{named}; charset=utf-8")).ok())?
}

fn changes_something(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Browsers name the page a request comes from; programs that send no such header carry no cookies either.
fn comes_from_elsewhere(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if let Some(site) = text(HeaderName::from_static("sec-fetch-site")) {
        return !matches!(site, "same-origin" | "none");
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn text_says_how_it_is_written() {
        let named = |name: &'static str| {
            in_utf_8(&HeaderValue::from_static(name)).map(|value| value.to_str().unwrap().to_owned())
        };
        assert_eq!(named("text/css").as_deref(), Some("text/css; charset=utf-8"));
        assert_eq!(named("image/svg+xml").as_deref(), Some("image/svg+xml; charset=utf-8"));
        for right in ["text/html; charset=utf-8", "application/json", "audio/mpeg", "application/wasm"] {
            assert_eq!(named(right), None, "{right}");
        }
    }

    #[test]
    fn a_form_on_another_site_is_told_apart_from_our_own() {
        assert!(comes_from_elsewhere(&from(&[("sec-fetch-site", "cross-site")])));
        assert!(comes_from_elsewhere(&from(&[("origin", "https://elsewhere.example"), ("host", "shop.example")])));
        assert!(comes_from_elsewhere(&from(&[("origin", "null"), ("host", "shop.example")])));
        assert!(!comes_from_elsewhere(&from(&[("origin", "https://shop.example"), ("host", "shop.example")])));
        assert!(!comes_from_elsewhere(&from(&[("sec-fetch-site", "same-origin")])));
        assert!(!comes_from_elsewhere(&from(&[])));
    }
}
