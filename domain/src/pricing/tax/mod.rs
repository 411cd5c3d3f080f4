//! Tax on what is sold, by the country in which the buyer lives. It is reckoned line by line, half a minor unit upwards, and
//! the tax of an order is the sum of its lines: so what is added up on a receipt always comes to its total.

#[cfg(feature = "ssr")]
pub(crate) mod apply;
#[cfg(feature = "ssr")]
pub mod keep;
mod rate;

pub use rate::{InvalidTaxRate, TaxRate};

use crate::{Country, Money};
use serde::{Deserialize, Serialize};

/// Characters of a tax's name at most.
pub const NAME_MAX: usize = 40;

/// The tax that the people of a country pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountryTax {
    pub country: Country,
    /// Such as `VAT`.
    pub name: String,
    pub rate: TaxRate,
}

/// All taxes of the shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taxes {
    /// Tax comes on top of the prices; else it is in them.
    pub added: bool,
    /// In the order of the countries' names.
    pub of: Vec<CountryTax>,
}

impl Taxes {
    /// Whether buyers have to say where they live.
    pub fn ask(&self) -> bool {
        !self.of.is_empty()
    }

    /// What the people of a country pay; `None` for no tax.
    pub fn in_country(&self, country: Country) -> Option<&CountryTax> {
        self.of.iter().find(|tax| tax.country == country)
    }
}

/// The tax of a country as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxForm {
    /// An ISO 3166-1 code.
    pub country: String,
    pub name: String,
    /// In percent, such as `19` or `9.975`.
    pub rate: String,
}

/// The tax in what is paid for one title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineTax {
    pub name: String,
    pub rate: TaxRate,
    pub amount: Money,
    /// It came on top of the price; else it was in it.
    pub added: bool,
}

/// What lines with one tax come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxSum {
    pub name: String,
    pub rate: TaxRate,
    pub net: Money,
    pub amount: Money,
    pub added: bool,
}

impl TaxSum {
    /// Such as `VAT 19%`.
    pub fn words(&self) -> String {
        format!("{} {}", self.name, self.rate)
    }

    pub fn gross(&self) -> Money {
        Money::new(self.net.minor + self.amount.minor, self.net.currency)
    }
}

/// What taxed lines come to, each tax by itself, from what is paid for each. Lines without a tax are in none of them.
pub fn sums<'a>(lines: impl Iterator<Item = (Money, Option<&'a LineTax>)>) -> Vec<TaxSum> {
    let mut sums = Vec::<TaxSum>::new();
    for (pays, tax) in lines {
        let Some(tax) = tax else { continue };
        let net = pays.minor - tax.amount.minor;
        match sums.iter_mut().find(|sum| sum.name == tax.name && sum.rate == tax.rate && sum.added == tax.added) {
            Some(sum) => {
                sum.net.minor += net;
                sum.amount.minor += tax.amount.minor;
            }
            None => sums.push(TaxSum {
                name: tax.name.clone(),
                rate: tax.rate,
                net: Money::new(net, pays.currency),
                amount: tax.amount,
                added: tax.added,
            }),
        }
    }
    sums
}
