//! What sales and coupons have in common when they are typed.

use super::Phase;
use crate::catalog::form::{moment, price};
use crate::{Currency, Error, Money, Result, Timestamp};

/// A percentage or an amount: one of both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Percent(i32),
    Minor(i64),
}

impl Given {
    /// # Errors
    /// `Invalid` on the field `percent` or `field` when there are both, none, or something else than that.
    pub fn read(percent: &str, field: &'static str, amount: &str, currency: Currency) -> Result<Self> {
        match (percent.trim(), amount.trim()) {
            ("", "") => Err(Error::invalid("percent", "promotion.takes-nothing")),
            ("", amount) => Ok(Self::Minor(price(field, amount, currency)?)),
            (percent, "") => {
                let typed = percent.trim_end_matches('%').trim_end().parse().ok();
                let percent = typed.filter(|percent| (1..=100).contains(percent));
                percent.map(Self::Percent).ok_or_else(|| Error::invalid("percent", "promotion.percent"))
            }
            _ => Err(Error::invalid(field, "promotion.takes-both")),
        }
    }

    pub fn percent(self) -> Option<i32> {
        if let Self::Percent(percent) = self { Some(percent) } else { None }
    }

    pub fn minor(self) -> Option<i64> {
        if let Self::Minor(minor) = self { Some(minor) } else { None }
    }
}

/// From when, at once where nothing was typed, and until when.
///
/// # Errors
/// `Invalid` on the field `starts` or `ends`.
pub(super) fn times(starts: &str, ends: &str, now: Timestamp) -> Result<(Timestamp, Option<Timestamp>)> {
    let starts_at = moment("starts", starts)?.unwrap_or(now);
    let ends_at = moment("ends", ends)?;
    if ends_at.is_some_and(|end| end <= starts_at.max(now)) {
        return Err(Error::invalid("ends", "promotion.ends-too-soon"));
    }
    Ok((starts_at, ends_at))
}

pub(super) fn phase(starts_at: Timestamp, ends_at: Option<Timestamp>, now: Timestamp) -> Phase {
    match () {
        () if ends_at.is_some_and(|end| end <= now) => Phase::Over,
        () if starts_at > now => Phase::Coming,
        () => Phase::Running,
    }
}

pub(super) fn money(minor: i64, currency: &str) -> Result<Money> {
    let currency = currency.parse().map_err(|error| Error::Damaged(format!("{error}")))?;
    Ok(Money::new(minor, currency))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(percent: &str, amount: &str) -> Option<Given> {
        Given::read(percent, "amount", amount, Currency::USD).ok()
    }

    #[test]
    fn something_is_taken_off_by_a_percentage_or_by_an_amount() {
        assert_eq!(read(" 20 % ", ""), Some(Given::Percent(20)));
        assert_eq!(read("", "5.00"), Some(Given::Minor(500)));
        for (percent, amount) in [("", ""), ("20", "5.00"), ("0", ""), ("101", ""), ("-5", ""), ("a lot", "")] {
            assert_eq!(read(percent, amount), None, "{percent:?} {amount:?}");
        }
    }

    #[test]
    fn a_time_ends_after_it_has_begun_and_not_in_the_past() {
        let now = Timestamp(1_795_165_200_000);
        assert_eq!(times("", "", now).unwrap(), (now, None));
        assert!(times("2026-11-21T00:00", "2026-11-21T00:00", now).is_err());
        assert!(times("2026-01-01T00:00", "2026-02-01T00:00", now).is_err(), "it is over already");
        assert!(times("2026-11-21T00:00", "2026-11-21T00:01", now).is_ok());
        assert_eq!(phase(now, Some(now.plus_ms(1)), now), Phase::Running);
        assert_eq!(phase(now.plus_ms(1), None, now), Phase::Coming);
        assert_eq!(phase(now.plus_ms(-9), Some(now), now), Phase::Over);
    }
}
