//! Numbers for Prometheus.

use serde::Deserialize;

/// Characters of a token at least: nobody tries so many.
const SHORTEST: usize = 32;

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    pub listen: String,
    pub token: String,
}

impl Metrics {
    /// # Errors
    /// When the token is one that somebody might guess.
    pub fn check(&self) -> anyhow::Result<()> {
        let length = self.token.chars().count();
        anyhow::ensure!(
            length == 0 || length >= SHORTEST,
            "metrics.token is too short: take at least {SHORTEST} random characters"
        );
        Ok(())
    }
}
