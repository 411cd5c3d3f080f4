//! A collector as tests have it: it takes spans by OTLP and shows what it was sent.

use super::Tracing;
use crate::config::Traces;
use axum::Router;
use axum::extract::State;
use axum::routing::post;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode as SpanStatus;
use prost::Message;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;

pub use opentelemetry_proto::tonic::trace::v1::span::SpanKind;

/// A span as it was sent.
#[derive(Clone, Debug)]
pub struct Told {
    /// In hexadecimal, as in a `traceparent`.
    pub trace: String,
    pub id: String,
    /// Empty for the first of a trace.
    pub parent: String,
    pub name: String,
    pub kind: SpanKind,
    pub attributes: BTreeMap<String, String>,
    /// The traces that it is linked to.
    pub links: Vec<String>,
    pub failed: bool,
}

type Heard = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

/// A collector that is there.
#[derive(Debug)]
pub struct Collector {
    pub endpoint: String,
    heard: Heard,
}

impl Collector {
    pub async fn open() -> Self {
        Self::at(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    pub fn at(listener: TcpListener) -> Self {
        let heard = Heard::default();
        let take = async |State(heard): State<Heard>, headers: HeaderMap, body: Bytes| {
            heard.lock().unwrap().push((headers, body));
            StatusCode::OK
        };
        let endpoint = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        let router = Router::new().route("/v1/traces", post(take)).with_state(heard.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { endpoint, heard }
    }

    /// Has the spans of this process sent here.
    pub fn begin(&self) -> Tracing {
        begin(&traces(&self.endpoint))
    }

    /// Everything that was sent, as bytes in which texts stand as they are.
    pub fn bytes(&self) -> Vec<u8> {
        self.heard.lock().unwrap().iter().flat_map(|(_, body)| body.to_vec()).collect()
    }

    /// The headers of each batch.
    pub fn headers(&self) -> Vec<HeaderMap> {
        self.heard.lock().unwrap().iter().map(|(headers, _)| headers.clone()).collect()
    }

    /// Every span that has ended.
    pub async fn spans(&self, traced: &Tracing) -> Vec<Told> {
        traced.flush().await;
        let taken = self.taken();
        let of_shop = taken.iter().flat_map(|request| &request.resource_spans);
        of_shop.flat_map(|of| &of.scope_spans).flat_map(|of| &of.spans).map(Told::of).collect()
    }

    /// Every span that has ended, once these are among them, each as often as it is named. What works for one, such as a
    /// database's thread, holds it a moment longer than whoever waited for that work.
    pub async fn spans_with(&self, traced: &Tracing, names: &[&str]) -> Vec<Told> {
        for _ in 0..500 {
            let spans = self.spans(traced).await;
            let missing = |name: &&str| {
                let wanted = names.iter().filter(|other| *other == name).count();
                spans.iter().filter(|span| span.name == **name).count() < wanted
            };
            if !names.iter().any(missing) {
                return spans;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("not all of {names:?} have ended: {:?}", self.spans(traced).await);
    }

    /// What all spans say of whoever sends them.
    pub fn resource(&self) -> BTreeMap<String, String> {
        let taken = self.taken();
        let resources = taken.iter().flat_map(|request| &request.resource_spans).filter_map(|of| of.resource.as_ref());
        resources.flat_map(|resource| said(&resource.attributes)).collect()
    }

    fn taken(&self) -> Vec<ExportTraceServiceRequest> {
        let heard = self.heard.lock().unwrap();
        heard.iter().map(|(_, body)| ExportTraceServiceRequest::decode(body.clone()).unwrap()).collect()
    }
}

/// What is configured for a collector at this address.
pub fn traces(endpoint: &str) -> Traces {
    Traces {
        endpoint: endpoint.to_owned(),
        headers: "x-team=books".to_owned(),
        sample: 1.0,
        service_name: "a-shop".to_owned(),
    }
}

/// Traces this process, which does nothing but one test: tests have a process each.
pub fn begin(traces: &Traces) -> Tracing {
    let log = crate::config::Log { format: crate::config::LogFormat::Text, filter: "off".to_owned() };
    super::start(&log, Some(traces)).unwrap()
}

/// The one with this name.
pub fn named<'a>(spans: &'a [Told], name: &str) -> &'a Told {
    let found: Vec<_> = spans.iter().filter(|span| span.name == name).collect();
    let names: Vec<_> = spans.iter().map(|span| span.name.as_str()).collect();
    assert_eq!(found.len(), 1, "{name} among {names:?}");
    found[0]
}

impl Told {
    fn of(span: &Span) -> Self {
        Self {
            trace: hex::encode(&span.trace_id),
            id: hex::encode(&span.span_id),
            parent: hex::encode(&span.parent_span_id),
            name: span.name.clone(),
            kind: span.kind(),
            attributes: said(&span.attributes),
            links: span.links.iter().map(|link| hex::encode(&link.trace_id)).collect(),
            failed: span.status.as_ref().is_some_and(|status| status.code() == SpanStatus::Error),
        }
    }

    pub fn says(&self, attribute: &str) -> &str {
        self.attributes.get(attribute).map_or("", String::as_str)
    }
}

fn said(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    attributes.iter().map(|one| (one.key.clone(), text(one.value.as_ref()))).collect()
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::DoubleValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    }
}
