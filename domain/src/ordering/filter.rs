//! Which orders the people who run the shop want to see.

use super::OrderStatus;
use crate::Day;
use serde::{Deserialize, Serialize};

/// What is looked for; the default is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFilter {
    /// The beginning of a number or of an address, or words of a title.
    pub text: String,
    pub status: Option<OrderStatus>,
    /// Placed on this day (UTC) or later.
    pub from: Option<Day>,
    /// Placed on this day (UTC) or earlier.
    pub to: Option<Day>,
    /// Through whom somebody tried to pay it, such as `stripe`; empty for all.
    pub provider: String,
    /// Its total is no less, whatever currency it is in.
    pub least: Option<AnyAmount>,
    /// Its total is no more, whatever currency it is in.
    pub most: Option<AnyAmount>,
}

/// An amount of no currency in particular, in thousandths: finer is none in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AnyAmount(i64);

impl AnyAmount {
    const DIGITS: usize = 3;

    /// Reads what a person types: `12`, `12.9`, `12.90`. `None` when it is negative, not a number, or has too many digits.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = !whole.is_empty() && whole.len() <= 9 && rest.len() <= Self::DIGITS;
        if !fits || !all_digits(whole) || !all_digits(rest) {
            return None;
        }
        format!("{whole}{rest:0<width$}", width = Self::DIGITS).parse().ok().map(Self)
    }

    /// The least of a currency with so many decimals that is no less, in its minor units.
    pub fn at_least(self, exponent: u32) -> i64 {
        let part = Self::part(exponent);
        (self.0 + part - 1) / part
    }

    /// The most of a currency with so many decimals that is no more, in its minor units.
    pub fn at_most(self, exponent: u32) -> i64 {
        self.0 / Self::part(exponent)
    }

    /// A minor unit of a currency with so many decimals, in thousandths.
    fn part(exponent: u32) -> i64 {
        (exponent..3).fold(1, |part, _| part * 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_means_the_same_in_every_currency() {
        let amount = |text| AnyAmount::parse(text).unwrap_or(AnyAmount(-1));
        let of = |text| [0, 2, 3].map(|exponent| amount(text).at_least(exponent));
        assert_eq!((of("12"), of("12.90")), ([12, 1200, 12_000], [13, 1290, 12_900]));
        let of = |text| [0, 2, 3].map(|exponent| amount(text).at_most(exponent));
        assert_eq!((of("12"), of("12.905")), ([12, 1200, 12_000], [12, 1290, 12_905]));
    }

    #[test]
    fn what_is_no_amount_is_not_taken_for_one() {
        for text in ["", "-1", "1.2345", "12,90", "1e3", "9999999999", ".5", "ten"] {
            assert_eq!(AnyAmount::parse(text), None, "{text:?}");
        }
    }
}
