//! Money as integer minor units and an ISO 4217 code.

mod currencies;

use currencies::CURRENCIES;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A currency, by its ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// The text was not a known three-letter currency code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a currency code such as USD or EUR")]
pub struct UnknownCurrency(pub String);

impl Currency {
    pub const USD: Self = Self(*b"USD");

    /// The code: `USD`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Decimal places of the minor unit (ISO 4217): 2 for most, 0 for the yen, 3 for the dinar.
    pub fn exponent(&self) -> u32 {
        self.known().map_or(2, |(_, digits, _)| *digits)
    }

    /// The name in English: `US dollar`. `None` for one that is not in use.
    pub fn name(&self) -> Option<&'static str> {
        self.known().map(|(_, _, name)| *name)
    }

    /// Every currency in use, in the order of the codes.
    pub fn in_use() -> impl Iterator<Item = Self> {
        CURRENCIES.iter().filter_map(|(code, ..)| code.parse().ok())
    }

    fn known(&self) -> Option<&'static (&'static str, u32, &'static str)> {
        let place = CURRENCIES.binary_search_by_key(&self.code(), |(code, ..)| *code).ok()?;
        CURRENCIES.get(place)
    }

    fn symbol(&self) -> Option<&'static str> {
        Some(match self.code() {
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            "JPY" => "¥",
            "THB" => "฿",
            _ => return None,
        })
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.trim().to_ascii_uppercase();
        match <[u8; 3]>::try_from(upper.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(UnknownCurrency(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = UnknownCurrency;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// The text was not an amount of the currency.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Write the price as a number such as {example}.")]
pub struct InvalidPrice {
    example: String,
}

#[cfg(feature = "ssr")]
impl From<InvalidPrice> for crate::Refusal {
    fn from(refused: InvalidPrice) -> Self {
        Self::from("price.malformed").with("example", refused.example)
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// In minor units: cents for dollars.
    pub minor: i64,
    pub currency: Currency,
}

impl Money {
    pub fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Adds amounts of one currency; `None` on overflow or when the currencies differ.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        (self.currency == other.currency)
            .then(|| self.minor.checked_add(other.minor))
            .flatten()
            .map(|minor| Self::new(minor, self.currency))
    }

    /// The amount without a symbol, as a form field holds it: `12.90`.
    pub fn decimal(self) -> String {
        let digits = self.currency.exponent();
        let unit = 10_i64.pow(digits);
        let sign = if self.minor < 0 { "-" } else { "" };
        let (whole, rest) =
            (self.minor.unsigned_abs() / unit.unsigned_abs(), self.minor.unsigned_abs() % unit.unsigned_abs());
        if digits == 0 {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{rest:0width$}", width = digits as usize)
        }
    }

    /// Parses what a person types into a price field: `12`, `12.9`, `12.90`.
    ///
    /// # Errors
    /// When it is negative, not a number, or has too many decimals.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, InvalidPrice> {
        let digits = currency.exponent() as usize;
        let bad = || InvalidPrice { example: Self::new(1290, currency).decimal() };
        let text = text.trim();
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 9 || rest.len() > digits || !all_digits(whole) || !all_digits(rest) {
            return Err(bad());
        }
        let minor = format!("{whole}{rest:0<digits$}").parse().map_err(|_| bad())?;
        Ok(Self::new(minor, currency))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.currency.symbol() {
            Some(symbol) if self.minor < 0 => write!(f, "-{symbol}{}", self.decimal().trim_start_matches('-')),
            Some(symbol) => write!(f, "{symbol}{}", self.decimal()),
            None => write!(f, "{} {}", self.currency, self.decimal()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_written_with_its_symbol_and_cents() {
        assert_eq!(Money::new(1290, Currency::USD).to_string(), "$12.90");
        assert_eq!(Money::new(5, Currency::USD).to_string(), "$0.05");
        assert_eq!(Money::new(1200, "JPY".parse().unwrap()).to_string(), "¥1200");
    }

    #[test]
    fn the_list_of_currencies_is_in_order_so_that_each_is_found() {
        assert!(CURRENCIES.is_sorted_by(|one, other| one.0 < other.0));
        assert!(Currency::in_use().count() > 150 && Currency::in_use().all(|currency| currency.name().is_some()));
        let digits = |code: &str| code.parse::<Currency>().unwrap().exponent();
        assert_eq!([digits("USD"), digits("VUV"), digits("IQD"), digits("XYZ")], [2, 0, 3, 2]);
        assert_eq!("XYZ".parse::<Currency>().unwrap().name(), None);
    }

    #[test]
    fn a_typed_price_is_read_exactly_or_refused() {
        for (text, minor) in [("12", 1200), ("12.9", 1290), ("12.90", 1290), (" 0.05 ", 5)] {
            assert_eq!(Money::parse(text, Currency::USD).unwrap().minor, minor);
        }
        for text in ["", "-1", "1.234", "12,90", "1e3", "9999999999"] {
            assert!(Money::parse(text, Currency::USD).is_err(), "{text:?} was taken for a price");
        }
    }
}
