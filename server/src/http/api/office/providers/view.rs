//! Providers as programs get them. Prices are decimal numbers in text, as they are fractions of a cent.

use crate::http::api::values::time;
use domain::Timestamp;
use domain::providers::{Breaker, Provider};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Who hears and who writes.
#[derive(Serialize, ToSchema)]
pub struct Providers {
    pub items: Vec<AProvider>,
}

/// Who hears, or who writes.
#[derive(Serialize, ToSchema)]
#[schema(as = Provider)]
pub struct AProvider {
    pub id: Uuid,
    /// `speech` or `writing`.
    #[schema(example = "speech")]
    pub purpose: &'static str,
    /// `engine` (the shop's own), `http` (a machine elsewhere) or `extractive` (sentences of the book).
    #[schema(example = "http")]
    pub kind: &'static str,
    #[schema(example = "Cloud")]
    pub name: String,
    /// Whether it is asked.
    #[schema(example = true)]
    pub on: bool,
    /// Of a machine elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "https://api.example/v1")]
    pub address: Option<String>,
    /// As it is called there; empty for those that every shop has.
    #[schema(example = "whisper-1")]
    pub model: String,
    /// Whether a key is kept. It is never answered.
    #[schema(example = true)]
    pub has_key: bool,
    /// For one try.
    #[schema(example = 60)]
    pub time_limit_seconds: i32,
    #[schema(example = 3)]
    pub tries: i32,
    /// Tokens that the model holds at once, prompt and answer; of one that writes.
    #[schema(example = 8192)]
    pub context_tokens: i32,
    /// ISO 4217.
    #[schema(example = "USD")]
    pub currency: String,
    /// For a minute of sound, or for a million tokens that it reads.
    #[schema(example = "0.006")]
    pub price_in: String,
    /// For a million tokens that it writes.
    #[schema(example = "0")]
    pub price_out: String,
    /// For a month; missing for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "20")]
    pub budget: Option<String>,
    /// This month. What is under way is in it.
    #[schema(example = "1.284")]
    pub spent: String,
    /// This month.
    #[schema(example = 428)]
    pub calls: i32,
    /// `closed`: it is asked; `open`: it is left alone, as it failed again and again; `half-open`: one call looks whether it is
    /// well.
    #[schema(example = "closed")]
    pub breaker: &'static str,
    /// Until when it is left alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:30:00Z")]
    pub left_alone_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:25:00Z")]
    pub failed_at: Option<String>,
    /// Why it failed last, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "it answered 500")]
    pub failure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime, example = "2026-11-20T09:20:00Z")]
    pub worked_at: Option<String>,
}

impl From<Provider> for AProvider {
    fn from(provider: Provider) -> Self {
        let prices = provider.prices;
        let left_alone_until = match provider.breaker {
            Breaker::Open { until } => Some(time(until)),
            Breaker::Closed { .. } | Breaker::HalfOpen => None,
        };
        let (failed_at, failure): (Option<Timestamp>, Option<String>) = provider.failed.unzip();
        Self {
            id: provider.id,
            purpose: provider.purpose.name(),
            kind: provider.kind.name(),
            name: provider.name,
            on: provider.on,
            address: provider.address,
            model: provider.model,
            has_key: provider.has_key,
            time_limit_seconds: provider.time_limit_s,
            tries: provider.tries,
            context_tokens: provider.context_tokens,
            currency: prices.currency.code().to_owned(),
            price_in: prices.input.to_string(),
            price_out: prices.output.to_string(),
            budget: prices.budget.map(|budget| budget.to_string()),
            spent: provider.month.spent.to_string(),
            calls: provider.month.calls,
            breaker: provider.breaker.name(),
            left_alone_until,
            failed_at: failed_at.map(time),
            failure,
            worked_at: provider.worked_at.map(time),
        }
    }
}
