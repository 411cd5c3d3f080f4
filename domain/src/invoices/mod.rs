//! Invoices: what an order came to, made out to somebody by a seller, under a number of its own. One is made when its buyer
//! or an admin asks for it, once, and never changes; what it is about stands in the order, whose lines do not change either.

#[cfg(feature = "ssr")]
pub mod issue;
#[cfg(feature = "ssr")]
pub mod privacy;
#[cfg(feature = "ssr")]
pub mod read;

use crate::Timestamp;
use crate::ordering::Order;
use crate::settings::legal::Seller;
use serde::{Deserialize, Serialize};

/// Characters of a name at most.
pub const NAME_MAX: usize = 200;
/// Characters of an address at most.
pub const ADDRESS_MAX: usize = 500;
/// Characters of a tax number at most.
pub const NUMBER_MAX: usize = 40;

/// Whom an invoice is made out to; as typed, and as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Billing {
    /// A person or company.
    pub name: String,
    /// In lines; may be empty.
    pub address: String,
    /// Their tax number; may be empty.
    pub tax_number: String,
}

impl Billing {
    /// In lines, as on a letter.
    pub fn lines(&self) -> Vec<String> {
        let number = (!self.tax_number.is_empty()).then(|| format!("Tax number: {}", self.tax_number));
        let address = self.address.lines().map(str::to_owned);
        std::iter::once(self.name.clone()).chain(address).chain(number).collect()
    }
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// Such as `INV-000042`; the next one has the next number.
    pub number: String,
    pub issued_at: Timestamp,
    /// Who sold, as they were then.
    pub seller: Seller,
    pub billing: Billing,
    pub order: Order,
}

/// The receipt of a paid order. What was paid back since is noted on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    pub order: Order,
    /// Who sells in the shop.
    pub seller: Seller,
}

/// What the page of an invoice shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePage {
    /// The number of the order.
    pub order: String,
    /// `None` while nobody has asked for it.
    pub invoice: Option<Invoice>,
    /// Whether one can be made: the order was paid, and the shop says who sells.
    pub can_be_made: bool,
    /// Whom it is probably for.
    pub name: String,
}

/// The number of an invoice, from its place in the sequence.
#[cfg(feature = "ssr")]
pub(crate) fn number(serial: i64) -> String {
    format!("INV-{serial:06}")
}
