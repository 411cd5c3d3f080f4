//! What spans are called outside: by OpenTelemetry's conventions for requests, and with the shop's name before what only the
//! shop knows. In the log the same things keep their short names.

use opentelemetry::trace::SpanKind;
use opentelemetry::{Key, KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

const METHOD: &str = "http.request.method";
const ROUTE: &str = "http.route";
/// What belongs to no route has none outside.
const NO_ROUTE: &str = "other";
/// Methods that are told; anybody may send one of their own making, and those are one together.
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
const OTHER_METHOD: &str = "_OTHER";
/// Numbers that cannot be below zero come here as text.
const NUMBERS: [&str; 5] = ["output_tokens", "prompt_tokens", "retry", "segments", "size"];

/// Gives a span that has ended the name, the kind and the attributes that others look for.
pub(super) fn as_agreed(span: &mut SpanData) {
    let own = span.name.to_string();
    match own.as_str() {
        "request" => of_request(span),
        "job" => of_job(span),
        "mail.post" | "stripe" | "google" | "rates" | "webhook" | "provider" => span.span_kind = SpanKind::Client,
        _ => {}
    }
    let family = own.split('.').next().unwrap_or_default();
    for attribute in span.attributes.iter_mut().filter(|attribute| !attribute.key.as_str().contains('.')) {
        if NUMBERS.contains(&attribute.key.as_str())
            && let Ok(number) = attribute.value.as_str().parse::<i64>()
        {
            attribute.value = Value::I64(number);
        }
        attribute.key = Key::from(format!("lectern.{family}.{}", attribute.key));
    }
}

/// Semantic conventions for HTTP 1.23: named by method and route. There is no path: it may hold the secret of a link.
fn of_request(span: &mut SpanData) {
    span.span_kind = SpanKind::Server;
    let method = taken(span, "method").unwrap_or_default();
    let known = METHODS.into_iter().find(|known| *known == method);
    span.attributes.push(KeyValue::new(METHOD, known.unwrap_or(OTHER_METHOD)));
    let verb = known.unwrap_or("HTTP");
    match taken(span, "route").filter(|route| route != NO_ROUTE) {
        Some(route) => {
            span.name = format!("{verb} {route}").into();
            span.attributes.push(KeyValue::new(ROUTE, route));
        }
        None => span.name = verb.into(),
    }
    if let Some(user) = taken(span, "user") {
        span.attributes.push(KeyValue::new("user.id", user));
    }
}

fn of_job(span: &mut SpanData) {
    span.span_kind = SpanKind::Consumer;
    let kind = span.attributes.iter().find(|attribute| attribute.key.as_str() == "kind");
    if let Some(kind) = kind {
        span.name = format!("job {}", kind.value.as_str()).into();
    }
}

/// Takes an attribute out.
fn taken(span: &mut SpanData, name: &str) -> Option<String> {
    let at = span.attributes.iter().position(|attribute| attribute.key.as_str() == name)?;
    Some(span.attributes.swap_remove(at).value.as_str().into_owned())
}
