//! What titles cost: list prices, sales, bundles and coupons, and the one function that prices a cart. A card, a product page, the
//! cart, the checkout and the order all ask here.

#[cfg(feature = "ssr")]
pub(crate) mod bundles;
#[cfg(feature = "ssr")]
pub mod coupons;
#[cfg(feature = "ssr")]
pub(crate) mod listed;
#[cfg(feature = "ssr")]
pub(crate) mod offers;
#[cfg(feature = "ssr")]
pub mod quote;
#[cfg(feature = "ssr")]
pub mod reduced;
#[cfg(feature = "ssr")]
pub(crate) mod shares;
pub mod tax;
#[cfg(feature = "ssr")]
mod window;

use crate::{Money, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What a title costs now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The regular price.
    pub list: Money,
    /// What is charged: the lowest price of the sales that run, else the regular one.
    pub now: Money,
    /// When the sale is over; `None` without one, and when nobody knows.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

impl Price {
    pub fn on_sale(&self) -> bool {
        self.now.minor < self.list.minor
    }
}

/// What some titles come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    pub lines: Vec<QuoteLine>,
    /// The sum of the prices of now.
    pub subtotal: Money,
    /// The bundles that the titles make, the one that saves most first.
    pub bundles: Vec<BundleSaving>,
    /// What the coupon takes off: the sum of the shares of the lines.
    pub discount: Money,
    /// What is paid: the sum of what the lines pay.
    pub total: Money,
    /// The code that takes something off.
    pub coupon: Option<String>,
    /// Why the coupon that was asked for takes nothing off.
    pub refused: Option<CouponRefusal>,
}

impl Quote {
    /// The tax in what is paid.
    pub fn tax(&self) -> Money {
        let minor = self.lines.iter().filter_map(|line| line.tax.as_ref()).map(|tax| tax.amount.minor).sum();
        Money::new(minor, self.total.currency)
    }
}

/// What one title comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteLine {
    pub audiobook_id: Uuid,
    pub price: Price,
    /// Its share of what a bundle takes off.
    pub bundle: Option<BundleSaving>,
    /// Its share of what the coupon takes off what is left.
    pub discount: Money,
    /// What is paid for it; its tax is in it.
    pub pays: Money,
    /// The tax of the buyer's country; `None` without one, and before it is known where they live.
    #[serde(default)]
    pub tax: Option<tax::LineTax>,
}

/// What a bundle takes off: a title, or all of its titles together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleSaving {
    pub name: String,
    pub off: Money,
}

/// Why a coupon takes nothing off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CouponRefusal {
    /// There is no such code.
    Unknown,
    NotYet(Timestamp),
    /// Its time is over, or it was switched off.
    Over,
    /// As often as it may be used, it was.
    UsedUp,
    /// Once for each person, and this one has had theirs.
    UsedByYou,
    /// The cart has to come to that much, less what bundles take off.
    BelowMinimum(Money),
    /// Nothing here is what it is for.
    ForNothing,
}
