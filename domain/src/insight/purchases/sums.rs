//! What purchases come to.

use crate::{Currency, Money};
use serde::{Deserialize, Serialize};

/// What some purchases come to. What was paid back is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    pub titles: u64,
    /// Each currency by itself, in the order of their codes.
    pub spent: Vec<Money>,
    pub bought_ms: i64,
    pub heard_ms: i64,
    /// What was paid back, each currency by itself.
    pub returned: Vec<Money>,
}

/// What is added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Of {
    pub price: Money,
    /// What of the price was paid back.
    pub returned: Money,
    /// All of it was, and the title is gone.
    pub paid_back: bool,
    pub duration_ms: i64,
    pub heard_ms: i64,
}

/// The sums of a month or a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line<K> {
    pub of: K,
    pub sums: Sums,
}

impl Sums {
    /// Adds a purchase.
    pub fn add(&mut self, one: Of) {
        if one.paid_back || one.returned.minor > 0 {
            add_money(&mut self.returned, one.returned);
        }
        if one.paid_back {
            return;
        }
        self.titles += 1;
        self.bought_ms = self.bought_ms.saturating_add(one.duration_ms);
        self.heard_ms = self.heard_ms.saturating_add(one.heard_ms);
        add_money(&mut self.spent, Money::new(one.price.minor - one.returned.minor, one.price.currency));
    }
}

fn add_money(sums: &mut Vec<Money>, one: Money) {
    let code = |money: &Money| -> Currency { money.currency };
    match sums.iter_mut().find(|sum| code(sum) == one.currency) {
        Some(sum) => sum.minor = sum.minor.saturating_add(one.minor),
        None => {
            sums.push(one);
            sums.sort_by_key(|sum| code(sum).code().to_owned());
        }
    }
}

/// Adds purchases up by what they belong to, in the order in which that first comes.
#[cfg(feature = "ssr")]
pub(super) fn by<K: PartialEq>(purchases: impl Iterator<Item = (K, Of)>) -> Vec<Line<K>> {
    let mut lines: Vec<Line<K>> = Vec::new();
    for (key, one) in purchases {
        let known = lines.iter().position(|line| line.of == key).unwrap_or_else(|| {
            lines.push(Line { of: key, sums: Sums::default() });
            lines.len() - 1
        });
        lines[known].sums.add(one);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bought(minor: i64, currency: Currency) -> Of {
        let (price, returned) = (Money::new(minor, currency), Money::new(0, currency));
        Of { price, returned, paid_back: false, duration_ms: 60, heard_ms: 20 }
    }

    #[test]
    fn what_was_paid_back_was_not_spent() {
        let euro = "EUR".parse().unwrap_or(Currency::USD);
        let mut sums = Sums::default();
        sums.add(bought(1290, Currency::USD));
        sums.add(bought(900, euro));
        sums.add(bought(10, Currency::USD));
        sums.add(Of { paid_back: true, returned: Money::new(500, euro), ..bought(500, euro) });
        // Some of the price of one that stays.
        sums.add(Of { returned: Money::new(50, euro), ..bought(700, euro) });
        assert_eq!((sums.titles, sums.bought_ms, sums.heard_ms), (4, 240, 80));
        assert_eq!(sums.spent, [Money::new(1550, euro), Money::new(1300, Currency::USD)]);
        assert_eq!(sums.returned, [Money::new(550, euro)]);
    }

    #[cfg(feature = "ssr")]
    #[test]
    fn the_sums_of_all_months_are_the_sum_of_all() {
        let all = || (0..20).map(|number| (number % 3, bought(number, Currency::USD)));
        let mut whole = Sums::default();
        all().for_each(|(_, one)| whole.add(one));
        let lines = by(all());
        assert_eq!((lines.len(), lines.iter().map(|line| line.sums.titles).sum::<u64>()), (3, whole.titles));
        assert_eq!(lines.iter().map(|line| line.sums.spent[0].minor).sum::<i64>(), whole.spent[0].minor);
    }
}
