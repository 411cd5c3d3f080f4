//! The last step of a quote: the tax of its lines.

use super::{LineTax, Taxes};
use crate::pricing::Quote;
use crate::{Country, Error, Money, Result};

/// A quote with the tax that the people of a country pay. Where tax is in the prices, nothing costs more; where it comes on
/// top, each line and the total do. Without a tax of that country, or without a country, it stays as it is.
pub(crate) fn taxed(mut quote: Quote, taxes: &Taxes, country: Option<Country>) -> Result<Quote> {
    let Some(tax) = country.and_then(|country| taxes.in_country(country)) else { return Ok(quote) };
    let mut total = Money::new(0, quote.total.currency);
    for line in &mut quote.lines {
        let pays = line.pays.minor;
        let minor = if taxes.added { tax.rate.on_top_of(pays) } else { tax.rate.inside(pays) };
        let amount = Money::new(minor, total.currency);
        let too_much = || Error::Damaged("prices that add up to more than can be counted".to_owned());
        if taxes.added {
            line.pays = line.pays.checked_add(amount).ok_or_else(too_much)?;
        }
        total = total.checked_add(line.pays).ok_or_else(too_much)?;
        line.tax = Some(LineTax { name: tax.name.clone(), rate: tax.rate, amount, added: taxes.added });
    }
    quote.total = total;
    Ok(quote)
}
