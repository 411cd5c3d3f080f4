//! What a title costs at a moment.

use super::Price;
use crate::entities::audiobooks;
use crate::{Error, Money, Result, Timestamp};

/// The part of a title that says what it costs.
#[derive(Clone, Copy, Debug)]
pub struct Pricing<'a> {
    /// In minor units of `currency`.
    pub list_minor: i64,
    pub sale_minor: Option<i64>,
    /// The sale runs from here on; from ever when `None`.
    pub sale_starts_at: Option<Timestamp>,
    /// The sale is over from here on; never when `None`.
    pub sale_ends_at: Option<Timestamp>,
    pub currency: &'a str,
}

impl Pricing<'_> {
    /// The price at `now`.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the stored currency is not one.
    pub fn at(&self, now: Timestamp) -> Result<Price> {
        let currency = self.currency.parse().map_err(|error| Error::Damaged(format!("{error}")))?;
        let running =
            self.sale_starts_at.is_none_or(|start| start <= now) && self.sale_ends_at.is_none_or(|end| now < end);
        let charged = self.sale_minor.filter(|sale| running && *sale < self.list_minor).unwrap_or(self.list_minor);
        Ok(Price { list: Money::new(self.list_minor, currency), now: Money::new(charged, currency) })
    }
}

impl audiobooks::Model {
    /// What the title costs at `now`.
    ///
    /// # Errors
    /// [`Error::Damaged`] when the stored currency is not one.
    pub fn price(&self, now: Timestamp) -> Result<Price> {
        let pricing = Pricing {
            list_minor: self.price_minor,
            sale_minor: self.sale_price_minor,
            sale_starts_at: self.sale_starts_at,
            sale_ends_at: self.sale_ends_at,
            currency: &self.currency,
        };
        pricing.at(now)
    }
}
