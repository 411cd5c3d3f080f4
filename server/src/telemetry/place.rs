//! Where in which trace one is, as it is told from one process to another (W3C Trace Context).

use domain::trace::Keeper;
use http::HeaderMap;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanContext, Status, TraceContextExt, TraceFlags};
use opentelemetry::{Context, Value};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use std::collections::HashMap;
use tracing::Span;
use tracing_opentelemetry::OpenTelemetrySpanExt;

const TRACEPARENT: &str = "traceparent";

/// How the domain, which knows no traces, has its jobs belong to them.
pub(super) const KEEPER: Keeper = Keeper { here: outgoing, link };

/// The `traceparent` of what is being done now; none in a shop that keeps no traces.
///
/// It is sent with webhooks, whose receivers the shop's own people chose, and to nobody else: payment providers, Google, banks
/// and hubs of models could do nothing with it but put together by it what they otherwise cannot. The engines are parts of the
/// shop, and the span around a call says all that they could. What else a proxy wrote (`tracestate`) goes nowhere.
pub fn outgoing() -> Option<String> {
    let context = Context::current();
    let span = context.span();
    let here = span.span_context();
    let flags = here.trace_flags() & TraceFlags::SAMPLED;
    here.is_valid().then(|| format!("00-{}-{}-{flags:02x}", here.trace_id(), here.span_id()))
}

/// Reads what a request brings, before its span is entered.
///
/// The trace of somebody else is gone on with for our own proxies alone. From anybody it would let strangers decide what is
/// traced and at which cost, and mix what they do into traces that they have seen or made up. Theirs is linked instead: who asks
/// with an identifier of theirs can still be helped.
pub fn arrived(span: &Span, headers: &HeaderMap, from_proxy: bool) {
    if from_proxy && headers.contains_key(TRACEPARENT) {
        let sent = TraceContextPropagator::new().extract_with_context(&Context::new(), &HeaderExtractor(headers));
        parent(span, sent);
    } else if let Some(theirs) = headers.get(TRACEPARENT).and_then(|text| text.to_str().ok()).and_then(read) {
        span.add_link(theirs.span().span_context().clone());
    }
}

/// Has a span that was not entered yet go on with what a job or a message says it belongs to.
pub fn going_on(span: &Span, place: Option<&str>) {
    if let Some(place) = place.and_then(read) {
        parent(span, place);
    }
}

/// Notes that what a span is about failed, and in what way. No sentence is told: it may repeat what somebody typed.
pub fn failed(span: &Span, why: impl Into<Value>) {
    span.set_attribute("error.type", why);
    span.set_status(Status::error(""));
}

fn parent(span: &Span, place: Context) {
    // It fails where nobody keeps traces, and then there is nothing to do.
    let _ = span.set_parent(place);
}

/// Links the span that is entered.
fn link(place: &str) {
    if let Some(other) = read(place) {
        let other: SpanContext = other.span().span_context().clone();
        Context::current().span().add_link(other, Vec::new());
    }
}

/// A place as it is written; none when it is written badly.
fn read(place: &str) -> Option<Context> {
    let written = HashMap::from([(TRACEPARENT.to_owned(), place.to_owned())]);
    let read = TraceContextPropagator::new().extract_with_context(&Context::new(), &written);
    read.has_active_span().then_some(read)
}
