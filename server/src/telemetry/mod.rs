//! Logs, and traces for shops that keep them.

#[cfg(test)]
pub mod captured;
#[cfg(test)]
pub mod collector;
mod naming;
mod place;
mod post;
mod sending;
#[cfg(test)]
mod tests;
mod traces;

pub use place::{arrived, failed, going_on, outgoing};
pub use sending::{dropped, sent};
pub use traces::Tracing;

use crate::config::{Log, LogFormat, Traces};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry};

/// A part of what listens to the program.
type Listener = Box<dyn Layer<Registry> + Send + Sync>;

/// Starts logging to standard error, and sending spans to the collector that `traces` names, if it names one. A second call
/// does nothing. To be called within a runtime, by which spans are sent.
///
/// # Errors
/// When the filter or what is configured for traces cannot be read.
pub fn start(log: &Log, traces: Option<&Traces>) -> anyhow::Result<Tracing> {
    let mut listeners = vec![lines(log.format, EnvFilter::try_new(&log.filter)?, std::io::stderr)];
    let collector = traces.map(Traces::collector).transpose()?.flatten();
    let traced = match &collector {
        Some(collector) => Tracing::to(collector)?,
        None => Tracing::default(),
    };
    listeners.extend(traced.listener());
    if tracing_subscriber::registry().with(listeners).try_init().is_err() {
        tracing::debug!("logging had been started before");
    }
    Ok(traced)
}

/// Writes the log.
fn lines<W>(format: LogFormat, filter: EnvFilter, writer: W) -> Listener
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer::<Registry>().with_writer(writer);
    match format {
        LogFormat::Text => layer.with_filter(filter).boxed(),
        LogFormat::Json => layer.json().with_filter(filter).boxed(),
    }
}
