//! What programs want of providers.

use crate::http::api::problem::Problem;
use domain::Error;
use domain::providers::ProviderForm;
use serde::Deserialize;
use utoipa::ToSchema;

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
    #[schema(example = "0.006")]
    price_in: String,
    /// For a million tokens that it writes.
    #[serde(default)]
    #[schema(example = "0")]
    price_out: Option<String>,
    /// For a month. Missing for no limit.
    #[serde(default)]
    #[schema(example = "20")]
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
    #[schema(example = "0.006")]
    price_in: Option<String>,
    #[serde(default)]
    #[schema(example = "0")]
    price_out: Option<String>,
    /// Empty for no limit.
    #[serde(default)]
    #[schema(example = "20")]
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

/// A refusal at the member that was sent, where the form of the page calls its field otherwise.
pub fn at_its_member(error: Error) -> Problem {
    let named = match error {
        Error::Invalid { field: "time_limit", refusal } => Error::Invalid { field: "time_limit_seconds", refusal },
        Error::Invalid { field: "context", refusal } => Error::Invalid { field: "context_tokens", refusal },
        other => other,
    };
    named.into()
}

/// Where it is to go.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProviderMove {
    /// One up; else one down.
    #[schema(example = true)]
    pub up: bool,
}
