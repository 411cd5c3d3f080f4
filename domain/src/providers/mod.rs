//! Who hears what is said and who writes what a title is about: engines of this shop, machines elsewhere, and the writer that
//! needs no model. They stand in for each other in the order that admins give them, without a restart.
//!
//! What a machine elsewhere costs is counted before it is asked and put right afterwards, so that nothing is asked beyond the
//! budget of a month, whatever is killed in between. Whoever fails again and again is left alone for a while.

#[cfg(feature = "ssr")]
pub mod address;
mod amount;
#[cfg(feature = "ssr")]
pub mod calls;
#[cfg(feature = "ssr")]
pub mod fetches;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
pub mod keep;
#[cfg(feature = "ssr")]
pub mod read;
#[cfg(feature = "ssr")]
mod rows;

pub use amount::{InvalidMicros, Micros};

use crate::{Currency, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How many providers there are at most, of each purpose.
pub const MOST: usize = 10;
/// Characters of a name at most.
pub const NAME_MAX: usize = 60;
/// Characters of a model's name at most.
pub const MODEL_MAX: usize = 200;
/// Characters of a key at most.
pub const KEY_MAX: usize = 500;
/// Seconds that one try may take.
pub const TIME_LIMITS: std::ops::RangeInclusive<i32> = 1..=900;
/// Tries of one call.
pub const TRIES: std::ops::RangeInclusive<i32> = 1..=5;
/// Tokens that a model elsewhere holds at once, prompt and answer.
pub const CONTEXTS: std::ops::RangeInclusive<i32> = 2_000..=200_000;

/// What a provider is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// It hears what is said.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "speech"))]
    Speech,
    /// It writes what a title is about.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "writing"))]
    Writing,
}

impl Purpose {
    pub const ALL: [Self; 2] = [Self::Speech, Self::Writing];

    pub fn name(self) -> &'static str {
        match self {
            Self::Speech => "speech",
            Self::Writing => "writing",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.name() == name)
    }
}

/// What sort of provider it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum ProviderKind {
    /// The engine of the shop's own workers.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "engine"))]
    Engine,
    /// A machine elsewhere that speaks as the API of OpenAI does.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "http"))]
    Http,
    /// The writer that picks sentences of the book.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "extractive"))]
    Extractive,
}

impl ProviderKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Http => "http",
            Self::Extractive => "extractive",
        }
    }
}

/// How it stands with somebody who fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Breaker {
    /// It is asked; so many failures in a row.
    Closed { failures: i32 },
    /// It is left alone until then.
    Open { until: Timestamp },
    /// One call looks whether it is well; every other goes past it.
    HalfOpen,
}

impl Breaker {
    pub const NAMES: [&str; 3] = ["closed", "open", "half-open"];

    pub fn name(self) -> &'static str {
        match self {
            Self::Closed { .. } => "closed",
            Self::Open { .. } => "open",
            Self::HalfOpen => "half-open",
        }
    }
}

/// What a provider costs. All in millionths of the currency's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    pub currency: Currency,
    /// A minute of sound, or a million tokens that are read.
    pub input: Micros,
    /// A million tokens that are written.
    pub output: Micros,
    /// For a month in UTC; none for no limit.
    pub budget: Option<Micros>,
}

/// What a provider was asked this month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    pub calls: i32,
    /// What is under way is in it.
    pub spent: Micros,
}

/// Who hears, or who writes. A key is never in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    pub id: Uuid,
    pub purpose: Purpose,
    pub kind: ProviderKind,
    pub name: String,
    pub on: bool,
    /// Of one elsewhere, up to the names of the operations: `https://api.example/v1`.
    pub address: Option<String>,
    /// What the machine elsewhere calls the model.
    pub model: String,
    /// Whether a key is kept.
    pub has_key: bool,
    /// Seconds for one try.
    pub time_limit_s: i32,
    pub tries: i32,
    /// Tokens that the model holds at once, prompt and answer; of writers.
    pub context_tokens: i32,
    pub prices: Prices,
    pub month: Month,
    pub breaker: Breaker,
    /// When it failed last, and why.
    pub failed: Option<(Timestamp, String)>,
    pub worked_at: Option<Timestamp>,
    pub version: i32,
}

impl Provider {
    /// Whether sound or text leaves the shop for it.
    pub fn is_elsewhere(&self) -> bool {
        self.kind == ProviderKind::Http
    }

    /// The machine that it is, as people are told of it: its host, with a port where that is not the usual one.
    pub fn host(&self) -> Option<&str> {
        let (_, rest) = self.address.as_deref()?.split_once("://")?;
        rest.split(['/', '?', '#']).next()
    }
}

/// The form of a provider elsewhere, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderForm {
    /// `speech` or `writing`; counts only for a new one.
    #[serde(default)]
    pub purpose: String,
    pub name: String,
    pub address: String,
    pub model: String,
    /// Empty keeps the one that is there, as long as the address leads to the same machine.
    #[serde(default)]
    pub key: String,
    /// Seconds.
    pub time_limit: String,
    pub tries: String,
    #[serde(default)]
    pub context: String,
    pub currency: String,
    /// In units of the currency, such as `0.006`.
    pub price_in: String,
    #[serde(default)]
    pub price_out: String,
    /// In units of the currency; empty for no limit.
    #[serde(default)]
    pub budget: String,
}

impl std::fmt::Debug for ProviderForm {
    /// The key never stands in a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderForm").field("name", &self.name).field("address", &self.address).finish_non_exhaustive()
    }
}

impl From<&Provider> for ProviderForm {
    /// As it would be typed to leave everything as it is.
    fn from(provider: &Provider) -> Self {
        let prices = provider.prices;
        Self {
            purpose: provider.purpose.name().to_owned(),
            name: provider.name.clone(),
            address: provider.address.clone().unwrap_or_default(),
            model: provider.model.clone(),
            key: String::new(),
            time_limit: provider.time_limit_s.to_string(),
            tries: provider.tries.to_string(),
            context: provider.context_tokens.to_string(),
            currency: prices.currency.code().to_owned(),
            price_in: prices.input.to_string(),
            price_out: prices.output.to_string(),
            budget: prices.budget.map(|budget| budget.to_string()).unwrap_or_default(),
        }
    }
}
