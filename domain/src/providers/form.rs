//! The form of a provider elsewhere, read.

use super::address::{Reach, checked_address};
use super::{CONTEXTS, KEY_MAX, MODEL_MAX, Micros, NAME_MAX, Prices, ProviderForm, TIME_LIMITS, TRIES};
use crate::{Error, Result};
use std::ops::RangeInclusive;

/// What a form says, once it makes sense.
pub(super) struct Wanted {
    pub name: String,
    pub address: String,
    pub model: String,
    /// `None` where none was typed.
    pub key: Option<String>,
    pub time_limit_s: i32,
    pub tries: i32,
    pub context_tokens: i32,
    pub prices: Prices,
}

/// # Errors
/// [`Error::Invalid`] at the field that needs a change.
pub(super) fn validated(typed: &ProviderForm, reach: Reach) -> Result<Wanted> {
    let name =
        line(&typed.name, NAME_MAX).ok_or_else(|| Error::invalid("name", "provider.no-name").with("most", NAME_MAX))?;
    let address = checked_address(&typed.address, reach)?;
    let no_model = || Error::invalid("model", "provider.no-model").with("most", MODEL_MAX);
    let model = line(&typed.model, MODEL_MAX).ok_or_else(no_model)?;
    let key = typed.key.trim();
    // A header carries it.
    if key.len() > KEY_MAX || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::invalid("key", "provider.no-key").with("most", KEY_MAX));
    }
    let context = if typed.context.trim().is_empty() { "8192" } else { &typed.context };
    let no_price = |field| move |_| Error::invalid(field, "provider.no-price");
    let amount = |field, text: &str| match text.trim() {
        "" => Ok(Micros(0)),
        text => text.parse::<Micros>().map_err(no_price(field)),
    };
    let budget = match typed.budget.trim() {
        "" => None,
        text => Some(text.parse::<Micros>().map_err(no_price("budget"))?),
    };
    Ok(Wanted {
        name,
        address,
        model,
        key: (!key.is_empty()).then(|| key.to_owned()),
        time_limit_s: number("time_limit", &typed.time_limit, &TIME_LIMITS)?,
        tries: number("tries", &typed.tries, &TRIES)?,
        context_tokens: number("context", context, &CONTEXTS)?,
        prices: Prices {
            currency: typed.currency.parse().map_err(|_| Error::invalid("currency", "provider.no-currency"))?,
            input: amount("price_in", &typed.price_in)?,
            output: amount("price_out", &typed.price_out)?,
            budget,
        },
    })
}

/// One line with something on it.
fn line(text: &str, most: usize) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let fits = !text.is_empty() && text.chars().count() <= most && !text.chars().any(char::is_control);
    fits.then_some(text)
}

fn number(field: &'static str, text: &str, range: &RangeInclusive<i32>) -> Result<i32> {
    let refused = || Error::invalid(field, "provider.no-number").with("least", range.start()).with("most", range.end());
    text.trim().parse().ok().filter(|number| range.contains(number)).ok_or_else(refused)
}
