//! New prices from old ones.

use super::SalePrice;
use crate::catalog::form::{self, Sale};
use crate::catalog::titles::currency_of;
use crate::entities::audiobooks;
use crate::{Error, Result, Timestamp};

/// The highest price that a form takes, in the major unit: nine digits.
const MOST_MINOR: i128 = 999_999_999_999;

/// What a title costs, as its row has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Priced {
    /// In minor units; `None` while nobody has set one.
    pub minor: Option<i64>,
    pub sale: Option<Sale>,
}

impl Priced {
    pub fn of(title: &audiobooks::Model) -> Self {
        let sale = title.sale_price_minor.map(|minor| Sale {
            minor,
            starts_at: title.sale_starts_at,
            ends_at: title.sale_ends_at,
        });
        Self { minor: title.priced.then_some(title.price_minor), sale }
    }

    /// Another regular price.
    pub fn at(self, title: &audiobooks::Model, amount: &str) -> Result<Self> {
        self.checked(form::price("amount", amount, currency_of(title)?)?)
    }

    /// The regular price moved by so many hundredths of itself, half a minor unit upwards.
    pub fn moved(self, percent: i32) -> Result<Self> {
        let minor = self.minor.ok_or_else(|| Error::conflict("bulk.no-price"))?;
        self.checked(hundredths(minor, 100 + i64::from(percent))?)
    }

    fn checked(self, minor: i64) -> Result<Self> {
        if self.sale.is_some_and(|sale| sale.minor >= minor) {
            return Err(Error::conflict("bulk.sale-not-lower"));
        }
        Ok(Self { minor: Some(minor), ..self })
    }

    /// A price for a while.
    pub fn on_sale(
        self,
        title: &audiobooks::Model,
        price: &SalePrice,
        starts_at: Option<Timestamp>,
        ends_at: Option<Timestamp>,
    ) -> Result<Self> {
        let list = self.minor.ok_or_else(|| Error::conflict("bulk.no-price"))?;
        let minor = match price {
            SalePrice::Amount(amount) => form::price("sale_amount", amount, currency_of(title)?)?,
            SalePrice::PercentOff(percent) => hundredths(list, 100 - i64::from(*percent))?,
        };
        if minor >= list {
            return Err(Error::conflict("bulk.sale-too-high"));
        }
        Ok(Self { sale: Some(Sale { minor, starts_at, ends_at }), ..self })
    }

    pub fn without_sale(self) -> Self {
        Self { sale: None, ..self }
    }
}

fn hundredths(minor: i64, of: i64) -> Result<i64> {
    let moved = (i128::from(minor) * i128::from(of) + 50).div_euclid(100);
    if moved > MOST_MINOR {
        return Err(Error::conflict("bulk.price-too-high"));
    }
    i64::try_from(moved).map_err(|_| Error::conflict("bulk.price-too-high"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_rounded_to_the_nearest_cent() {
        for (minor, of, moved) in [(1290, 110, 1419), (999, 110, 1099), (995, 110, 1095), (1, 50, 1), (0, 300, 0)] {
            assert_eq!(hundredths(minor, of).unwrap(), moved, "{minor} * {of} %");
        }
        assert!(hundredths(i64::MAX, 110).is_err());
    }

    #[test]
    fn a_regular_price_stays_above_its_sale() {
        let sale = Sale { minor: 600, starts_at: None, ends_at: None };
        let priced = Priced { minor: Some(1000), sale: Some(sale) };
        assert_eq!(priced.moved(-39).unwrap().minor, Some(610));
        assert!(priced.moved(-40).is_err(), "600 is no longer lower");
        assert!(Priced { minor: None, sale: None }.moved(10).is_err(), "there is nothing to move");
    }
}
