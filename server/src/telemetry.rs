//! Logs.

#[cfg(test)]
pub mod captured;

use crate::config::{Log, LogFormat};
use tracing_subscriber::EnvFilter;

/// Starts logging to standard error. A second call does nothing.
///
/// # Errors
/// When the filter cannot be read.
pub fn start(log: &Log) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&log.filter)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
    if started.is_err() {
        tracing::debug!("logging had been started before");
    }
    Ok(())
}
