//! Amounts that are too small for minor units.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Millionths of a currency's unit: a machine elsewhere is paid by thousandths of a cent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub i64);

/// The text was no amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no amount such as 0.006")]
pub struct InvalidMicros(pub String);

impl Micros {
    const UNIT: i64 = 1_000_000;
    const PLACES: usize = 6;
    /// A million units.
    pub const MOST: Self = Self(1_000_000 * Self::UNIT);

    /// What `number` of something cost when `of` cost this, rounded up.
    #[must_use]
    pub fn for_part(self, number: u64, of: u64) -> Self {
        let product = i128::from(self.0) * i128::from(number);
        let of = i128::from(of.max(1));
        Self(i64::try_from((product + of - 1).div_euclid(of)).unwrap_or(i64::MAX))
    }

    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for Micros {
    /// In units, without needless zeros: `0.006`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (amount, unit) = (self.0.unsigned_abs(), Self::UNIT.unsigned_abs());
        let (units, rest) = (amount / unit, amount % unit);
        if rest == 0 {
            return write!(f, "{sign}{units}");
        }
        let digits = format!("{rest:06}");
        write!(f, "{sign}{units}.{}", digits.trim_end_matches('0'))
    }
}

impl FromStr for Micros {
    type Err = InvalidMicros;

    /// An amount in units, from nothing to a million, to six places.
    fn from_str(text: &str) -> Result<Self, InvalidMicros> {
        let invalid = || InvalidMicros(text.to_owned());
        let (units, rest) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if units.is_empty() || !digits(units) || !digits(rest) || rest.len() > Self::PLACES {
            return Err(invalid());
        }
        let units: i64 = units.parse().map_err(|_| invalid())?;
        let millionths: i64 = format!("{rest:0<6}").parse().map_err(|_| invalid())?;
        let amount = units.checked_mul(Self::UNIT).and_then(|whole| whole.checked_add(millionths)).map(Self);
        amount.filter(|amount| *amount <= Self::MOST).ok_or_else(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_shown_as_it_was_typed() {
        for text in ["0", "0.006", "20", "0.000001", "1.5", "1000000"] {
            assert_eq!(text.parse::<Micros>().unwrap().to_string(), text);
        }
        assert_eq!(" 2.50 ".parse::<Micros>(), Ok(Micros(2_500_000)));
        for wrong in ["", ".5", "-1", "1,5", "0.0000001", "1000000.1", "ten", "99999999999999999999"] {
            assert!(wrong.parse::<Micros>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_part_costs_its_share_and_never_less() {
        let minute = Micros(6_000);
        assert_eq!(minute.for_part(30_000, 60_000), Micros(3_000));
        assert_eq!(minute.for_part(1, 60_000), Micros(1), "rounded up");
        assert_eq!(minute.for_part(0, 60_000), Micros(0));
        assert_eq!(Micros(i64::MAX).for_part(u64::MAX, 1), Micros(i64::MAX));
    }
}
