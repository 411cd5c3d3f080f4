//! Who takes the money.

use serde::Deserialize;

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payments {
    pub provider: PaymentKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PaymentKind {
    /// Nobody: payments are played, and no money moves.
    Simulated,
    Stripe,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stripe {
    pub secret_key: String,
    pub webhook_secrets: String,
    pub api: String,
    pub pages: String,
}

impl Stripe {
    /// The secrets that events may be signed with.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.webhook_secrets.split(',').map(str::trim).filter(|secret| !secret.is_empty())
    }

    /// Whether its key moves no money.
    pub fn in_test_mode(&self) -> bool {
        ["sk_test_", "rk_test_"].iter().any(|kind| self.secret_key.starts_with(kind))
    }
}

impl std::fmt::Debug for Stripe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stripe").field("api", &self.api).field("pages", &self.pages).finish_non_exhaustive()
    }
}
