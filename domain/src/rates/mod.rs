//! What currencies are worth, for showing a price in another one. It is for looking only: what is charged is charged in the
//! currency of the price.

#[cfg(feature = "ssr")]
pub mod keep;
#[cfg(feature = "ssr")]
pub mod live;
#[cfg(feature = "ssr")]
pub mod provider;

use crate::{Currency, Day, Money};
use serde::{Deserialize, Serialize};

/// How old rates may be that prices are shown by, in days: over holidays there are no new ones. Rates that somebody chose, as in
/// a file, do not grow old.
pub const OLDEST_DAYS: i32 = 10;
/// One unit of a rate: a millionth.
pub const MILLION: i64 = 1_000_000;

/// What one euro was worth on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rates {
    pub day: Day,
    /// Millionths of the major unit that one euro buys, in the order of the codes. The euro itself is not in it.
    pub per_euro: Vec<(Currency, i64)>,
}

impl Rates {
    /// Millionths that one euro buys; `None` for a currency without a rate.
    pub fn per_euro(&self, currency: Currency) -> Option<i64> {
        if currency.code() == "EUR" {
            return Some(MILLION);
        }
        self.per_euro.iter().find(|(known, _)| *known == currency).map(|(_, rate)| *rate)
    }

    /// All currencies that there is a rate for, the euro among them, in the order of their codes.
    pub fn currencies(&self) -> Vec<Currency> {
        let euro = "EUR".parse().ok();
        let mut all: Vec<Currency> = self.per_euro.iter().map(|(currency, _)| *currency).chain(euro).collect();
        all.sort_by_key(|currency| currency.code().to_owned());
        all
    }

    /// About what an amount is in another currency, half a minor unit upwards: over the euro, reckoned in one step with whole
    /// numbers, so that nothing is rounded on the way. `None` without both rates, and where so little would be nothing.
    pub fn about(&self, money: Money, to: Currency) -> Option<Money> {
        let (from_rate, to_rate) = (self.per_euro(money.currency)?, self.per_euro(to)?);
        if from_rate <= 0 || to_rate <= 0 || money.minor < 0 {
            return None;
        }
        let unit = |currency: Currency| 10_i128.checked_pow(currency.exponent());
        let part = i128::from(money.minor).checked_mul(i128::from(to_rate))?.checked_mul(unit(to)?)?;
        let whole = i128::from(from_rate).checked_mul(unit(money.currency)?)?;
        let minor = i64::try_from((part.checked_mul(2)? + whole) / (2 * whole)).ok()?;
        (minor > 0 || money.minor == 0).then_some(Money::new(minor, to))
    }

    /// Whether prices may still be shown by them.
    pub fn good_on(&self, today: Day) -> bool {
        today.0.saturating_sub(self.day.0) <= OLDEST_DAYS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn currency(code: &str) -> Currency {
        code.parse().unwrap()
    }

    fn rates() -> Rates {
        let rate = |code: &str, millionths: i64| (currency(code), millionths);
        let per_euro = vec![
            rate("GBP", 831_880),
            rate("JPY", 163_060_000),
            rate("KWD", 325_000),
            rate("LYD", 5_123_400),
            rate("USD", 1_058_800),
            rate("XPF", 119_331_700),
        ];
        Rates { day: Day::default(), per_euro }
    }

    fn about(minor: i64, from: &str, to: &str) -> Option<i64> {
        rates().about(Money::new(minor, currency(from)), currency(to)).map(|money| money.minor)
    }

    #[test]
    fn amounts_go_over_the_euro_with_the_decimals_of_each_currency() {
        // 12.90 / 1.0588 = 12.1836; × 163.06 = 1986.66; × 0.325 = 3.95967; × 119.3317 = 1453.89.
        assert_eq!(about(1290, "USD", "EUR"), Some(1218));
        assert_eq!(about(1290, "USD", "JPY"), Some(1987));
        assert_eq!(about(1290, "USD", "KWD"), Some(3960));
        assert_eq!(about(1290, "USD", "XPF"), Some(1454));
        assert_eq!(about(1290, "EUR", "LYD"), Some(66_092));
        assert_eq!(about(1987, "JPY", "USD"), Some(1290));
        assert_eq!(about(3960, "KWD", "GBP"), Some(1014));
        assert_eq!(about(1290, "USD", "USD"), Some(1290));
    }

    #[test]
    fn half_a_minor_unit_goes_upwards_and_so_little_that_it_is_nothing_is_not_shown() {
        let half = Rates { day: Day::default(), per_euro: vec![(currency("USD"), 500_000)] };
        let to = |minor| half.about(Money::new(minor, currency("EUR")), currency("USD")).map(|money| money.minor);
        assert_eq!([to(0), to(1), to(3)], [Some(0), Some(1), Some(2)]);
        assert_eq!(about(1, "JPY", "KWD"), Some(2));
        assert_eq!(about(1, "LYD", "JPY"), None);
    }

    #[test]
    fn without_a_rate_or_beyond_all_numbers_nothing_is_shown() {
        assert_eq!(about(1290, "USD", "THB"), None);
        assert_eq!(about(1290, "THB", "USD"), None);
        assert_eq!(about(i64::MAX, "JPY", "KWD"), None);
    }

    #[test]
    fn rates_are_good_for_ten_days() {
        assert!(rates().good_on(Day(10)) && !rates().good_on(Day(11)));
        assert_eq!(rates().currencies().first().map(|one| one.to_string()).as_deref(), Some("EUR"));
    }

    proptest::proptest! {
        #[test]
        fn there_and_back_differs_by_no_more_than_rounding(minor in 1_000_i64..1_000_000_000) {
            let there = rates().about(Money::new(minor, currency("USD")), currency("KWD")).unwrap();
            let back = rates().about(there, currency("USD")).unwrap();
            proptest::prop_assert!((back.minor - minor).abs() <= 1);
        }
    }
}
