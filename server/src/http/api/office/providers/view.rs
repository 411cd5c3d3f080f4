//! Providers as programs send and get them. Prices are decimal numbers in text, as they are fractions of a cent.

use crate::http::api::values::time;
use domain::Timestamp;
use domain::providers::{Breaker, Provider, ProviderForm};
use serde::{Deserialize, Serialize};
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
    /// As it is called there.
    #[serde(skip_serializing_if = "String::is_empty")]
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

/// A machine that is to hear or write.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProvider {
    /// `speech` or `writing`.
    #[schema(example = "speech")]
    purpose: String,
    #[schema(example = "Cloud", min_length = 1, max_length = 60)]
    name: String,
    /// Up to the names of the operations. By https and out in the world, unless `providers.private` allows otherwise.
    #[schema(example = "https://api.example/v1", max_length = 500)]
    address: String,
    #[schema(example = "whisper-1", min_length = 1, max_length = 200)]
    model: String,
    /// What it knows the shop by. It is sealed, and never answered.
    #[serde(default)]
    #[schema(example = "sk-4Kd0vV1x", max_length = 500)]
    key: Option<String>,
    /// For one try.
    #[serde(default)]
    #[schema(example = 60, minimum = 1, maximum = 900)]
    time_limit_seconds: Option<i32>,
    #[serde(default)]
    #[schema(example = 3, minimum = 1, maximum = 5)]
    tries: Option<i32>,
    /// Of one that writes.
    #[serde(default)]
    #[schema(example = 8192, minimum = 2000, maximum = 200_000)]
    context_tokens: Option<i32>,
    /// ISO 4217.
    #[schema(example = "USD", min_length = 3, max_length = 3)]
    currency: String,
    /// For a minute of sound, or for a million tokens that it reads.
    #[schema(example = "0.006", max_length = 20)]
    price_in: String,
    /// For a million tokens that it writes.
    #[serde(default)]
    #[schema(example = "0", max_length = 20)]
    price_out: Option<String>,
    /// For a month. Missing for no limit.
    #[serde(default)]
    #[schema(example = "20", max_length = 20)]
    budget: Option<String>,
}

impl From<NewProvider> for ProviderForm {
    fn from(wish: NewProvider) -> Self {
        Self {
            purpose: wish.purpose,
            name: wish.name,
            address: wish.address,
            model: wish.model,
            key: wish.key.unwrap_or_default(),
            time_limit: wish.time_limit_seconds.unwrap_or(60).to_string(),
            tries: wish.tries.unwrap_or(3).to_string(),
            context: wish.context_tokens.unwrap_or(8192).to_string(),
            currency: wish.currency,
            price_in: wish.price_in,
            price_out: wish.price_out.unwrap_or_default(),
            budget: wish.budget.unwrap_or_default(),
        }
    }
}

/// What is to be another. What is missing stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ProviderChange)]
pub struct ProviderWish {
    /// Whether it is asked.
    #[serde(default)]
    #[schema(example = true)]
    pub on: Option<bool>,
    #[serde(default)]
    #[schema(example = "Cloud", min_length = 1, max_length = 60)]
    name: Option<String>,
    #[serde(default)]
    #[schema(example = "https://api.example/v1", max_length = 500)]
    address: Option<String>,
    #[serde(default)]
    #[schema(example = "whisper-1", min_length = 1, max_length = 200)]
    model: Option<String>,
    #[serde(default)]
    #[schema(example = "sk-4Kd0vV1x", max_length = 500)]
    key: Option<String>,
    #[serde(default)]
    #[schema(example = 60, minimum = 1, maximum = 900)]
    time_limit_seconds: Option<i32>,
    #[serde(default)]
    #[schema(example = 3, minimum = 1, maximum = 5)]
    tries: Option<i32>,
    #[serde(default)]
    #[schema(example = 8192, minimum = 2000, maximum = 200_000)]
    context_tokens: Option<i32>,
    #[serde(default)]
    #[schema(example = "USD", min_length = 3, max_length = 3)]
    currency: Option<String>,
    #[serde(default)]
    #[schema(example = "0.006", max_length = 20)]
    price_in: Option<String>,
    #[serde(default)]
    #[schema(example = "0", max_length = 20)]
    price_out: Option<String>,
    /// Empty for no limit.
    #[serde(default)]
    #[schema(example = "20", max_length = 20)]
    budget: Option<String>,
}

impl ProviderWish {
    /// Whether anything but `on` is in it.
    pub fn changes(&self) -> bool {
        let mut form = ProviderForm::default();
        self.write(&mut form);
        let texts = [&self.name, &self.address, &self.model, &self.key, &self.currency];
        let more = [&self.price_in, &self.price_out, &self.budget];
        form != ProviderForm::default() || texts.into_iter().chain(more).any(Option::is_some)
    }

    /// Writes what is in it into a form.
    pub fn write(&self, form: &mut ProviderForm) {
        let numbers = [
            (&mut form.time_limit, self.time_limit_seconds),
            (&mut form.tries, self.tries),
            (&mut form.context, self.context_tokens),
        ];
        for (field, number) in numbers {
            if let Some(number) = number {
                *field = number.to_string();
            }
        }
        let texts = [
            (&mut form.name, &self.name),
            (&mut form.address, &self.address),
            (&mut form.model, &self.model),
            (&mut form.key, &self.key),
            (&mut form.currency, &self.currency),
            (&mut form.price_in, &self.price_in),
            (&mut form.price_out, &self.price_out),
            (&mut form.budget, &self.budget),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                field.clone_from(text);
            }
        }
    }
}

/// Where it is to go.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderMove {
    /// One up; else one down.
    #[schema(example = true)]
    pub up: bool,
}
