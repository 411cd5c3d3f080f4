//! Where the rates come from by which prices are shown in other currencies.

mod bank;
mod breaker;
mod document;
#[cfg(test)]
mod tests;

use crate::Config;
use crate::config::RateKind;
use async_trait::async_trait;
use bank::CentralBank;
use domain::SystemClock;
use domain::rates::Rates;
use domain::rates::provider::{NoRates, RateProvider, RateSource};
use std::path::PathBuf;
use std::sync::Arc;

/// Those that come with the shop.
const OURS: &str = include_str!("../../rates/eurofxref.xml");

/// The provider that the configuration names.
///
/// # Errors
/// When requests cannot be made at all.
pub fn source(config: &Config) -> anyhow::Result<RateSource> {
    let source: RateSource = match config.rates.from {
        RateKind::Ecb => Arc::new(CentralBank::new(&config.rates.bank, Arc::new(SystemClock))?),
        RateKind::File => Arc::new(FixedFile(config.rates.file.clone())),
    };
    Ok(source)
}

/// A file; the one that comes with the shop where its path is empty.
#[derive(Debug)]
struct FixedFile(PathBuf);

#[async_trait]
impl RateProvider for FixedFile {
    async fn rates(&self) -> Result<Rates, NoRates> {
        if self.0.as_os_str().is_empty() {
            return document::read(OURS);
        }
        let text = tokio::fs::read_to_string(&self.0).await;
        document::read(&text.map_err(|error| NoRates::Away(format!("{}: {error}", self.0.display())))?)
    }

    fn is_fixed(&self) -> bool {
        true
    }
}
