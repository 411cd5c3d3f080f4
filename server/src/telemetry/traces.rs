//! Traces: spans of the shop's own code, sent to a collector by OTLP.

use super::post::Post;
use super::sending::{Gathering, QUEUE, Sending};
use super::{Listener, place};
use crate::config::Collector;
use anyhow::Context;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracerProvider};
use std::time::Duration;
use tokio::runtime::Handle;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::{Layer, Registry};
use uuid::Uuid;

/// How long sending one batch may take.
const SENDING: Duration = Duration::from_secs(5);
/// How long spans wait for others to be sent with.
const GATHERING: Duration = Duration::from_secs(2);
/// Spans sent at once.
pub(super) const BATCH: usize = 512;
/// How long the end of the process waits for the last spans.
const LAST: Duration = Duration::from_secs(3);
/// The crates whose spans are sent: others name theirs as they like, and put into them what they like.
const OURS: [&str; 5] = ["app", "domain", "identity", "lectern", "server"];

/// Whoever keeps traces, if anybody does.
#[derive(Debug, Default)]
pub struct Tracing {
    provider: Option<SdkTracerProvider>,
}

impl Tracing {
    /// Sends spans to a collector, from now on.
    ///
    /// # Errors
    /// When requests to it cannot be made at all. Whether it is there is not asked.
    pub(super) fn to(collector: &Collector) -> anyhow::Result<Self> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(collector.address.as_str())
            .with_timeout(SENDING)
            .with_http_client(Post::new(collector, SENDING, Handle::current())?)
            .build()
            .context("traces cannot be sent")?;
        let batches = BatchConfigBuilder::default()
            .with_max_queue_size(QUEUE)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(GATHERING)
            .build();
        let processor = BatchSpanProcessor::builder(Sending::new(exporter)).with_batch_config(batches).build();
        let shop = Resource::builder_empty()
            .with_service_name(collector.service_name.clone())
            .with_attributes([
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
                KeyValue::new("service.instance.id", Uuid::now_v7().to_string()),
            ])
            .build();
        let provider = SdkTracerProvider::builder()
            .with_span_processor(Gathering::new(processor))
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(collector.sample))))
            .with_resource(shop)
            .build();
        domain::trace::kept_by(place::KEEPER);
        Ok(Self { provider: Some(provider) })
    }

    /// What turns the program's spans into those that are sent.
    pub(super) fn listener(&self) -> Option<Listener> {
        let layer = OpenTelemetryLayer::<Registry, _>::new(self.provider.as_ref()?.tracer("lectern"))
            .with_location(false)
            .with_threads(false)
            .with_target(false)
            .with_tracked_inactivity(false)
            .with_error_records_to_exceptions(false)
            .with_error_fields_to_exceptions(false);
        Some(layer.with_filter(filter_fn(is_told).with_max_level_hint(LevelFilter::INFO)).boxed())
    }

    /// Sends what has not been sent yet and goes on.
    #[cfg(test)]
    pub async fn flush(&self) {
        if let Some(provider) = self.provider.clone() {
            let _ = tokio::task::spawn_blocking(move || provider.force_flush()).await;
        }
    }

    /// Sends the last spans, for a while: a process that ends waits for nobody longer.
    pub async fn end(self) {
        let Some(provider) = self.provider else { return };
        let ending = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST));
        if !matches!(ending.await, Ok(Ok(()))) {
            tracing::warn!("the last spans could not be sent to the collector in time");
        }
    }
}

/// Spans of ours, and no lines of the log: those stay where the operator reads them, since a sentence of somebody else's, such
/// as a mail server's, may hold an address.
fn is_told(metadata: &Metadata<'_>) -> bool {
    let of = metadata.target().split("::").next().unwrap_or_default();
    metadata.is_span() && *metadata.level() <= Level::INFO && OURS.contains(&of)
}
