//! Values that many answers hold.

use domain::{Currency, Money, Timestamp};
use serde::{Deserialize, Deserializer, Serialize};
use std::borrow::Cow;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// An amount of money.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// In the smallest unit of the currency: cents of a euro, yen, thousandths of a dinar.
    #[schema(example = 1299)]
    pub minor: i64,
    /// ISO 4217.
    #[schema(value_type = String, example = "EUR", min_length = 3, max_length = 3)]
    pub currency: Currency,
}

impl From<Money> for Amount {
    fn from(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency }
    }
}

impl From<Amount> for Money {
    fn from(amount: Amount) -> Self {
        Self::new(amount.minor, amount.currency)
    }
}

/// A time as answers write it: RFC 3339, UTC. In a schema: `#[schema(format = DateTime, example = "2026-11-20T09:30:00Z")]`.
pub fn time(timestamp: Timestamp) -> String {
    timestamp.rfc3339()
}

/// A time that a program sends: RFC 3339, in any offset. In a schema: `value_type = String`, as with [`time`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let read = Timestamp::from_rfc3339(&text).map(Self);
        read.ok_or_else(|| serde::de::Error::custom("a time is written as in 2026-11-20T09:30:00Z"))
    }
}

/// An amount in a query, in the smallest unit of its currency.
///
/// # Errors
/// For one below nothing.
pub fn charged<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let minor = i64::deserialize(deserializer)?;
    if minor < 0 { Err(serde::de::Error::custom("nothing costs less than nothing")) } else { Ok(Some(minor)) }
}

/// The bytes of a file, as they are.
pub enum FileBytes {}

impl PartialSchema for FileBytes {
    fn schema() -> RefOr<Schema> {
        let binary = SchemaFormat::KnownFormat(KnownFormat::Binary);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(binary))
            .description(Some("The bytes of a file, as they are."))
            .into()
    }
}

impl ToSchema for FileBytes {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("FileBytes")
    }
}
