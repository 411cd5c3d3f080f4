//! From what is typed to a change.

use super::{BulkChange, SalePrice};
use crate::catalog::form;
use crate::entities::categories;
use crate::{Currency, Db, Error, Result, Timestamp};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The least and the most that a price moves by at once, in hundredths of itself.
const PERCENT: std::ops::RangeInclusive<i32> = -95..=1000;

/// A form for many titles: of its fields those count that the action asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkForm {
    /// `publish`, `unpublish`, `archive`, `price`, `percent`, `sale`, `sale-percent`, `end-sale`, `add-category` or
    /// `remove-category`.
    pub action: String,
    pub amount: String,
    pub percent: String,
    pub sale_amount: String,
    pub sale_percent: String,
    /// In UTC: `2026-11-20T09:30`. Empty for at once.
    pub sale_starts: String,
    /// Likewise. Empty for never.
    pub sale_ends: String,
    /// The id of a category.
    pub category: String,
}

impl BulkForm {
    /// Reads the form; `currency` is the shop's, in which amounts are checked before any title is looked at.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the field that needs a change and what to do.
    pub async fn read(&self, db: &Db, currency: Currency) -> Result<BulkChange> {
        Ok(match self.action.as_str() {
            "publish" => BulkChange::Publish,
            "unpublish" => BulkChange::Unpublish,
            "archive" => BulkChange::Archive,
            "price" => BulkChange::Price { amount: amount("amount", &self.amount, currency)? },
            "percent" => BulkChange::Percent { percent: moved(&self.percent)? },
            "sale" => self.sale(SalePrice::Amount(amount("sale_amount", &self.sale_amount, currency)?), db.now())?,
            "sale-percent" => self.sale(SalePrice::PercentOff(off(&self.sale_percent)?), db.now())?,
            "end-sale" => BulkChange::EndSale,
            "add-category" => {
                let (id, name) = self.category(db).await?;
                BulkChange::AddCategory { id, name }
            }
            "remove-category" => {
                let (id, name) = self.category(db).await?;
                BulkChange::RemoveCategory { id, name }
            }
            _ => return Err(Error::invalid("action", "bulk.no-action")),
        })
    }

    fn sale(&self, price: SalePrice, now: Timestamp) -> Result<BulkChange> {
        let starts_at = form::moment("sale_starts", &self.sale_starts)?;
        let ends_at = form::moment("sale_ends", &self.sale_ends)?;
        if ends_at.is_some_and(|end| end <= starts_at.unwrap_or(now)) {
            return Err(Error::invalid("sale_ends", "sale.backwards"));
        }
        Ok(BulkChange::Sale { price, starts_at, ends_at })
    }

    async fn category(&self, db: &Db) -> Result<(Uuid, String)> {
        let none = || Error::invalid("category", "bulk.no-category");
        let id = Uuid::parse_str(&self.category).map_err(|_| none())?;
        let category = categories::Entity::find_by_id(id).one(db.read()).await?.ok_or_else(none)?;
        Ok((id, category.name))
    }
}

fn amount(field: &'static str, text: &str, currency: Currency) -> Result<String> {
    form::price(field, text, currency)?;
    Ok(text.trim().to_owned())
}

/// `10`, `+10`, `-15`, with or without a percent sign.
fn moved(text: &str) -> Result<i32> {
    let number = text.trim().trim_end_matches('%').trim().replace('−', "-");
    match number.parse::<i32>() {
        Ok(percent) if percent != 0 && PERCENT.contains(&percent) => Ok(percent),
        _ => Err(Error::invalid("percent", "bulk.percent-malformed")
            .with("least", PERCENT.start())
            .with("most", PERCENT.end())),
    }
}

fn off(text: &str) -> Result<i32> {
    match text.trim().trim_end_matches('%').trim().parse::<i32>() {
        Ok(percent @ 1..=95) => Ok(percent),
        _ => Err(Error::invalid("sale_percent", "bulk.off-malformed")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_read_as_people_write_it_or_refused() {
        for (text, percent) in [("10", 10), ("+10", 10), (" -15 % ", -15), ("−5%", -5), ("1000", 1000), ("-95", -95)]
        {
            assert_eq!(moved(text).unwrap(), percent, "{text:?}");
        }
        for text in ["", "0", "ten", "-96", "1001", "1.5"] {
            assert!(moved(text).is_err(), "{text:?}");
        }
        assert_eq!((off("1").unwrap(), off("95 %").unwrap()), (1, 95));
        assert!(off("0").is_err() && off("96").is_err() && off("-5").is_err());
    }
}
