//! Spans on their way: gathered, sent, or dropped and counted. Nothing here ever waits for the collector but the thread that
//! sends.

use super::naming;
use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};
use std::time::Duration;

/// Spans that wait at most; of more the newest are dropped.
pub(super) const QUEUE: usize = 4096;

/// Spans that wait for the thread that sends.
static WAITING: AtomicUsize = AtomicUsize::new(0);
static SENT: AtomicU64 = AtomicU64::new(0);
static DROPPED: AtomicU64 = AtomicU64::new(0);

/// Spans that a collector has taken since the process began.
pub fn sent() -> u64 {
    SENT.load(Relaxed)
}

/// Spans that no collector took, because it was away, refused them, or was slower than they came.
pub fn dropped() -> u64 {
    DROPPED.load(Relaxed)
}

/// Names spans as others expect them and hands them on, no more than wait: the processor would drop the rest as well, but does
/// not say how many.
#[derive(Debug)]
pub(super) struct Gathering(BatchSpanProcessor);

impl Gathering {
    pub fn new(processor: BatchSpanProcessor) -> Self {
        Self(processor)
    }
}

impl SpanProcessor for Gathering {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.0.on_start(span, context);
    }

    fn on_end(&self, mut span: SpanData) {
        if !span.span_context.is_sampled() {
            return;
        }
        if WAITING.fetch_add(1, Relaxed) >= QUEUE {
            WAITING.fetch_sub(1, Relaxed);
            DROPPED.fetch_add(1, Relaxed);
            return;
        }
        naming::as_agreed(&mut span);
        self.0.on_end(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.0.set_resource(resource);
    }
}

/// Sends batches; says once that the collector is away, and once that it is back.
#[derive(Debug)]
pub(super) struct Sending<E> {
    exporter: E,
    away: AtomicBool,
}

impl<E: SpanExporter> Sending<E> {
    pub fn new(exporter: E) -> Self {
        Self { exporter, away: AtomicBool::new(false) }
    }

    /// These are lines of the log and no spans: nothing of it is sent again.
    fn note(&self, spans: u64, outcome: &OTelSdkResult) {
        match outcome {
            Ok(()) => {
                SENT.fetch_add(spans, Relaxed);
                if self.away.swap(false, Relaxed) {
                    tracing::info!(dropped = dropped(), "the collector takes spans again");
                }
            }
            Err(error) => {
                DROPPED.fetch_add(spans, Relaxed);
                if !self.away.swap(true, Relaxed) {
                    tracing::warn!(%error, "the collector takes no spans, which are dropped: check traces.endpoint");
                }
            }
        }
    }
}

impl<E: SpanExporter> SpanExporter for Sending<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        WAITING.fetch_sub(batch.len(), Relaxed);
        let spans = u64::try_from(batch.len()).unwrap_or(u64::MAX);
        let outcome = self.exporter.export(batch).await;
        self.note(spans, &outcome);
        outcome
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}
