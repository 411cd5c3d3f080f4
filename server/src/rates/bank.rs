//! The European Central Bank, which publishes rates on every working day in the afternoon.

use super::breaker::Breaker;
use super::document;
use anyhow::Context;
use async_trait::async_trait;
use domain::Clock;
use domain::rates::Rates;
use domain::rates::provider::{NoRates, RateProvider};
use futures::StreamExt;
use reqwest::redirect::Policy;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may take to come about, and a whole answer.
const CONNECTING: Duration = Duration::from_secs(5);
const ANSWERING: Duration = Duration::from_secs(10);
/// Longest answer that is read, in bytes; the bank's has some two thousand.
const LONGEST: usize = 256 * 1024;
/// How often it is asked in one go, and the wait after the first try; it doubles with each further one.
const TRIES: u32 = 3;
const FIRST_WAIT: Duration = Duration::from_millis(500);
const PATH: &str = "/stats/eurofxref/eurofxref-daily.xml";

#[derive(Debug)]
pub struct CentralBank {
    http: reqwest::Client,
    address: String,
    first_wait: Duration,
    pub(super) breaker: Breaker,
}

impl CentralBank {
    /// `base` is the bank's address, or another one for tests.
    ///
    /// # Errors
    /// When requests cannot be made at all.
    pub fn new(base: &str, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        Self::patient(base, clock, ANSWERING, FIRST_WAIT)
    }

    /// As [`Self::new`], waiting so long for an answer and between two tries.
    pub(super) fn patient(
        base: &str,
        clock: Arc<dyn Clock>,
        answering: Duration,
        first_wait: Duration,
    ) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .connect_timeout(CONNECTING)
            .timeout(answering)
            .user_agent(concat!("lectern/", env!("CARGO_PKG_VERSION")))
            .build()
            .context("requests to the central bank cannot be made")?;
        let address = format!("{}{PATH}", base.trim_end_matches('/'));
        Ok(Self { http, address, first_wait, breaker: Breaker::new(clock) })
    }

    #[tracing::instrument(name = "rates", skip_all)]
    async fn ask(&self) -> Result<Rates, NoRates> {
        let away = |error: reqwest::Error| NoRates::Away(error.without_url().to_string());
        let answer = self.http.get(&self.address).send().await.map_err(away)?;
        if !answer.status().is_success() {
            return Err(NoRates::Away(format!("it answers with {}", answer.status())));
        }
        let (mut body, mut text) = (answer.bytes_stream(), Vec::new());
        while let Some(piece) = body.next().await {
            text.extend_from_slice(&piece.map_err(away)?);
            if text.len() > LONGEST {
                return Err(NoRates::Damaged("an answer without an end".to_owned()));
            }
        }
        let text = String::from_utf8(text).map_err(|_| NoRates::Damaged("bytes that are no text".to_owned()))?;
        document::read(&text)
    }
}

#[async_trait]
impl RateProvider for CentralBank {
    async fn rates(&self) -> Result<Rates, NoRates> {
        if !self.breaker.allows() {
            return Err(NoRates::LeftAlone);
        }
        let mut wait = self.first_wait;
        let mut tries = 1;
        loop {
            match self.ask().await {
                Ok(rates) => {
                    self.breaker.went_well();
                    return Ok(rates);
                }
                // What is damaged is so for everybody, and likely a moment later too.
                Err(NoRates::Away(_)) if tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(wait).await;
                    wait *= 2;
                }
                Err(why) => {
                    self.breaker.failed();
                    return Err(why);
                }
            }
        }
    }

    fn is_left_alone(&self) -> bool {
        self.breaker.is_open()
    }
}
