//! How high a tax is.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How high a tax is, in thousandths of a percent, from 0 to 100 percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct TaxRate(i32);

/// The text or number was no rate of a tax.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no rate from 0 to 100 percent")]
pub struct InvalidTaxRate(pub String);

impl TaxRate {
    const WHOLE: i32 = 100_000;

    /// In thousandths of a percent.
    pub fn thousandths(self) -> i32 {
        self.0
    }

    /// What comes on top of an amount that is not negative, in minor units.
    pub fn on_top_of(self, net: i64) -> i64 {
        half_up(i128::from(net) * i128::from(self.0), i128::from(Self::WHOLE))
    }

    /// What is in an amount that is not negative, in minor units.
    pub fn inside(self, gross: i64) -> i64 {
        half_up(i128::from(gross) * i128::from(self.0), i128::from(Self::WHOLE) + i128::from(self.0))
    }
}

/// A quotient to the nearest whole, half a unit upwards.
fn half_up(part: i128, whole: i128) -> i64 {
    i64::try_from((2 * part + whole).div_euclid(2 * whole)).unwrap_or(i64::MAX)
}

impl TryFrom<i32> for TaxRate {
    type Error = InvalidTaxRate;

    fn try_from(thousandths: i32) -> Result<Self, InvalidTaxRate> {
        let known = (0..=Self::WHOLE).contains(&thousandths);
        known.then_some(Self(thousandths)).ok_or_else(|| InvalidTaxRate(thousandths.to_string()))
    }
}

impl From<TaxRate> for i32 {
    fn from(rate: TaxRate) -> Self {
        rate.0
    }
}

impl FromStr for TaxRate {
    type Err = InvalidTaxRate;

    /// Reads percents, such as `19`, `19 %`, `5,5` or `9.975`.
    fn from_str(text: &str) -> Result<Self, InvalidTaxRate> {
        let wrong = || InvalidTaxRate(text.to_owned());
        let number = text.trim().trim_end_matches('%').trim_end().replace(',', ".");
        let (whole, rest) = number.split_once('.').unwrap_or((&number, ""));
        let digits = |part: &str| part.bytes().all(|sign| sign.is_ascii_digit());
        if whole.is_empty() || whole.len() > 3 || rest.len() > 3 || !digits(whole) || !digits(rest) {
            return Err(wrong());
        }
        format!("{whole}{rest:0<3}").parse::<i32>().map_err(|_| wrong())?.try_into().map_err(|_| wrong())
    }
}

impl fmt::Display for TaxRate {
    /// In percent, with no more decimals than it has: `19%`, `9.975%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return write!(f, "{whole}%");
        }
        write!(f, "{whole}.{}%", format!("{rest:03}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> TaxRate {
        text.parse().unwrap()
    }

    #[test]
    fn a_rate_is_read_in_percent_and_written_with_the_decimals_that_it_has() {
        for (typed, written) in [("19", "19%"), (" 5,5 % ", "5.5%"), ("9.975", "9.975%"), ("0", "0%"), ("100", "100%")]
        {
            assert_eq!(rate(typed).to_string(), written);
        }
        for wrong in ["", "-1", "100.001", "9.9751", "VAT", "1e2", ".5", "1.2.3", "%"] {
            assert!(wrong.parse::<TaxRate>().is_err(), "{wrong:?} was taken for a rate");
        }
        assert_eq!(serde_json::to_string(&rate("9.975")).unwrap(), "9975");
        assert!(serde_json::from_str::<TaxRate>("100001").is_err());
    }

    #[test]
    fn half_a_minor_unit_goes_upwards() {
        for (net, percent, tax) in [(1290, "19", 245), (250, "1", 3), (249, "1", 2), (1000, "9.975", 100), (0, "19", 0)]
        {
            assert_eq!(rate(percent).on_top_of(net), tax, "{percent} % on {net}");
        }
        for (gross, percent, tax) in [(1290, "19", 206), (119, "19", 19), (1, "100", 1), (1000, "0", 0)] {
            assert_eq!(rate(percent).inside(gross), tax, "{percent} % in {gross}");
        }
    }

    proptest::proptest! {
        #[test]
        fn tax_taken_out_and_tax_added_differ_by_no_more_than_rounding(net in 0_i64..10_000_000, thousandths in 0_i32..=100_000) {
            let rate = TaxRate::try_from(thousandths).unwrap();
            let gross = net + rate.on_top_of(net);
            proptest::prop_assert!((gross - rate.inside(gross) - net).abs() <= 1);
            proptest::prop_assert!((0..=gross).contains(&rate.inside(gross)));
        }
    }
}
