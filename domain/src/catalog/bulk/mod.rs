//! What can be done to many titles at once: read from a form, and applied to one of them after the other.

mod apply;
mod price;
mod read;
mod shelf;

pub use apply::apply;
pub use read::BulkForm;

use crate::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A change to each of many titles.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
pub enum BulkChange {
    Publish,
    Unpublish,
    Archive,
    /// Sets the regular price: an amount as it is typed, read in the currency of each title.
    Price {
        amount: String,
    },
    /// Moves the regular price by so many hundredths of itself.
    Percent {
        percent: i32,
    },
    /// Sets a sale price: an amount, or so many hundredths off the regular price.
    Sale {
        price: SalePrice,
        starts_at: Option<Timestamp>,
        ends_at: Option<Timestamp>,
    },
    EndSale,
    AddCategory {
        id: Uuid,
        name: String,
    },
    RemoveCategory {
        id: Uuid,
        name: String,
    },
}

/// How a sale price is said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SalePrice {
    Amount(String),
    PercentOff(i32),
}

impl BulkChange {
    /// What is done, in words that a heading can have.
    pub fn words(&self) -> String {
        match self {
            Self::Publish => "Publish".to_owned(),
            Self::Unpublish => "Take back to draft".to_owned(),
            Self::Archive => "Archive".to_owned(),
            Self::Price { amount } => format!("Set the price to {amount}"),
            Self::Percent { percent } if *percent < 0 => format!("Lower the price by {} %", -percent),
            Self::Percent { percent } => format!("Raise the price by {percent} %"),
            Self::Sale { price: SalePrice::Amount(amount), .. } => format!("Set the sale price to {amount}"),
            Self::Sale { price: SalePrice::PercentOff(percent), .. } => format!("Sell at {percent} % off"),
            Self::EndSale => "End the sale".to_owned(),
            Self::AddCategory { name, .. } => format!("Add to {name}"),
            Self::RemoveCategory { name, .. } => format!("Take out of {name}"),
        }
    }
}
