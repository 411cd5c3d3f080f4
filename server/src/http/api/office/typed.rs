//! What forms of pages take as text, from what programs send: one core reads both.

use crate::http::api::problem::{FieldError, Problem};
use crate::http::api::values::Amount;
use domain::promotions::{Covers, Phase};
use domain::{Currency, Error, Money};
use serde::{Deserialize, Deserializer, Serialize};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};
use utoipa::ToSchema;

/// How a browser's field writes a time (UTC).
const MOMENT: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]");

/// What something is for, counted.
#[derive(Serialize, ToSchema)]
pub struct CoveredTitles {
    pub everything: bool,
    /// Titles that were chosen one by one.
    #[schema(example = 2)]
    pub titles: u64,
    /// Categories that were chosen.
    #[schema(example = 1)]
    pub categories: u64,
}

impl From<Covers> for CoveredTitles {
    fn from(covers: Covers) -> Self {
        Self { everything: covers.everything, titles: covers.titles, categories: covers.categories }
    }
}

/// What may be sent as `null`, which is something else than not at all.
pub fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// What was typed one a line.
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

/// A time as a form holds it: empty for none.
///
/// # Errors
/// 422 for what is no time of RFC 3339.
pub fn moment(field: &'static str, text: Option<&str>) -> Result<String, Problem> {
    let Some(text) = text else { return Ok(String::new()) };
    let malformed = || Problem::from(Error::invalid(field, "moment.malformed"));
    let at = OffsetDateTime::parse(text, &Rfc3339).map_err(|_| malformed())?;
    let utc = at.checked_to_offset(UtcOffset::UTC).ok_or_else(malformed)?;
    utc.format(MOMENT).map_err(|_| malformed())
}

/// A time of a form, as answers write it; `None` for none.
pub fn written(moment: &str) -> Option<String> {
    (!moment.is_empty()).then(|| format!("{moment}:00Z"))
}

/// An amount as a form holds it: empty for none. Forms know one currency only, the shop's own.
///
/// # Errors
/// 422 for an amount in another currency.
pub fn amount(field: &'static str, amount: Option<&Amount>, own: Currency) -> Result<String, Problem> {
    let Some(amount) = amount else { return Ok(String::new()) };
    if amount.currency != own {
        let message = format!("Prices are in {own} here.");
        let (field, code) = (format!("{field}.currency"), "price.other-currency".to_owned());
        return Err(Problem::invalid(vec![FieldError { field, code, message }]));
    }
    Ok(Money::new(amount.minor, own).decimal())
}

/// A number as a form holds it: empty for none.
pub fn number(number: Option<i32>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}

/// A price of a form, in the shop's own currency.
pub fn price(text: &str, own: Currency) -> Option<Amount> {
    Money::parse(text, own).ok().map(Amount::from)
}

/// Where in its time something is, by its name.
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Coming => "coming",
        Phase::Running => "running",
        Phase::Over => "over",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_any_zone_is_that_of_the_form() {
        assert_eq!(moment("starts", Some("2026-11-20T10:30:00+01:00")).unwrap(), "2026-11-20T09:30");
        assert_eq!(moment("starts", None).unwrap(), "");
        assert_eq!(written("2026-11-20T09:30").unwrap(), "2026-11-20T09:30:00Z");
        for wrong in ["", "tomorrow", "2026-11-20", "2026-11-20T10:30"] {
            assert!(moment("starts", Some(wrong)).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_amount_is_in_the_money_of_the_shop() {
        let twelve = Amount { minor: 1290, currency: Currency::USD };
        assert_eq!(amount("price", Some(&twelve), Currency::USD).unwrap(), "12.90");
        assert!(amount("price", Some(&twelve), "EUR".parse().unwrap()).is_err());
    }
}
