//! Amounts as Stripe counts them (docs.stripe.com/currencies): mostly in the minor units of ISO 4217, but not always.

use domain::{Currency, Money};

/// Those that Stripe counts whole. Not the Ugandan shilling and the Icelandic króna, which it counts in hundredths.
const WHOLE: [&str; 15] =
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"];
/// Those that Stripe counts in thousandths, of which the last digit has to be nought.
const THOUSANDTHS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"];

/// An amount that Stripe cannot be asked for.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} cannot be paid through Stripe exactly")]
pub struct Unfit(pub Money);

/// An amount of Stripe's that cannot be written here.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("Stripe speaks of {units} units of {code:?}")]
pub struct Unread {
    pub units: i64,
    pub code: String,
}

/// Decimal places in Stripe's counting.
fn places(currency: Currency) -> u32 {
    match currency.code() {
        code if WHOLE.contains(&code) => 0,
        code if THOUSANDTHS.contains(&code) => 3,
        _ => 2,
    }
}

/// An amount in the units in which Stripe counts its currency.
///
/// # Errors
/// [`Unfit`] when it falls between two of them, or is out of reach.
pub fn units(amount: Money) -> Result<i64, Unfit> {
    let (theirs, ours) = (places(amount.currency), amount.currency.exponent());
    let units = if theirs >= ours {
        amount.minor.checked_mul(10_i64.pow(theirs - ours))
    } else {
        let step = 10_i64.pow(ours - theirs);
        (amount.minor % step == 0).then_some(amount.minor / step)
    };
    let fits = |units: &i64| *units >= 0 && (theirs != 3 || units % 10 == 0);
    units.filter(fits).ok_or(Unfit(amount))
}

/// An amount that Stripe names in its own units, such as what was given back.
///
/// # Errors
/// [`Unread`] for a currency that is none, and for what falls between two minor units of it.
pub fn read(units: i64, code: &str) -> Result<Money, Unread> {
    let unread = || Unread { units, code: code.to_owned() };
    let currency: Currency = code.to_ascii_uppercase().parse().map_err(|_| unread())?;
    let (theirs, ours) = (places(currency), currency.exponent());
    let minor = if theirs >= ours {
        let step = 10_i64.pow(theirs - ours);
        (units % step == 0).then_some(units / step)
    } else {
        units.checked_mul(10_i64.pow(ours - theirs))
    };
    minor.filter(|minor| *minor >= 0).map(|minor| Money::new(minor, currency)).ok_or_else(unread)
}

/// The code of a currency, as Stripe writes it.
pub fn code(currency: Currency) -> String {
    currency.code().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units_of(minor: i64, code: &str) -> Option<i64> {
        units(Money::new(minor, code.parse().unwrap())).ok()
    }

    #[test]
    fn what_stripe_says_is_read_exactly_or_not_at_all() {
        for (units, code) in [(50_050, "ugx"), (-1, "usd"), (100, "nothing"), (i64::MAX, "mga")] {
            assert!(read(units, code).is_err(), "{units} {code}");
        }
    }

    #[test]
    fn an_amount_is_the_same_money_at_stripe() {
        for (minor, code, units) in [
            (1290, "USD", Some(1290)),
            (1290, "EUR", Some(1290)),
            // Without decimals in both.
            (1200, "JPY", Some(1200)),
            (1200, "XPF", Some(1200)),
            // Without decimals here, with two at Stripe.
            (500, "UGX", Some(50_000)),
            (500, "ISK", Some(50_000)),
            // With two here, whole at Stripe.
            (120_000, "MGA", Some(1200)),
            (120_050, "MGA", None),
            // In thousandths, and rounded to ten of them.
            (5_120, "KWD", Some(5_120)),
            (5_124, "KWD", None),
            (0, "USD", Some(0)),
            (-1, "USD", None),
            (i64::MAX, "UGX", None),
        ] {
            assert_eq!(units_of(minor, code), units, "{minor} {code}");
            if let Some(units) = units {
                let back = read(units, &code.to_ascii_lowercase()).unwrap();
                assert_eq!((back.minor, back.currency.code()), (minor, code), "and back");
            }
        }
    }
}
