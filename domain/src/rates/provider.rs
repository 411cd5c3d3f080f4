//! Whoever says what currencies are worth.

use super::Rates;
use crate::Currency;
use async_trait::async_trait;
use std::fmt;
use std::sync::Arc;

/// Where the shop has its rates from.
pub type RateSource = Arc<dyn RateProvider>;

/// Why there are no rates.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoRates {
    /// No answer, or not in time; it may be asked again.
    #[error("the rates could not be fetched: {0}")]
    Away(String),
    /// It was away so often that it is left alone for a while.
    #[error("the rates are not asked for at the moment, because they could not be fetched before")]
    LeftAlone,
    /// An answer that is none.
    #[error("what came instead of rates: {0}")]
    Damaged(String),
}

#[async_trait]
pub trait RateProvider: fmt::Debug + Send + Sync {
    /// The newest rates that it has.
    async fn rates(&self) -> Result<Rates, NoRates>;

    /// Whether its rates are those that somebody chose: they stay as they are until somebody chooses others, and never grow
    /// too old to be shown.
    fn is_fixed(&self) -> bool {
        false
    }

    /// Whether it is left alone for a while because it failed again and again.
    fn is_left_alone(&self) -> bool {
        false
    }
}

/// A rate as it is written, such as `1.0588`, in millionths.
///
/// # Errors
/// `Damaged` when it is no positive number with at most six decimals, or the currency is none.
pub fn rate(currency: &str, written: &str) -> Result<(Currency, i64), NoRates> {
    let wrong = || NoRates::Damaged(format!("{currency:?} at {written:?}"));
    let code: Currency = currency.parse().map_err(|_| wrong())?;
    let (whole, rest) = written.split_once('.').unwrap_or((written, ""));
    let digits = |part: &str| part.bytes().all(|sign| sign.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || rest.len() > 6 || !digits(whole) || !digits(rest) {
        return Err(wrong());
    }
    let millionths: i64 = format!("{whole}{rest:0<6}").parse().map_err(|_| wrong())?;
    if millionths > 0 { Ok((code, millionths)) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn a_rate_is_read_exactly_or_refused() {
        for (written, millionths) in [("1.0588", 1_058_800), ("163.06", 163_060_000), ("17183", 17_183_000_000)] {
            assert_eq!(rate("USD", written).unwrap().1, millionths);
        }
        for wrong in ["", "0", "0.000000", "-1", "1e3", "1,05", "1.0000001", "NaN", "1234567890", " 1"] {
            assert!(rate("USD", wrong).is_err(), "{wrong:?} was taken for a rate");
        }
        assert!(rate("dollar", "1").is_err());
    }
}
