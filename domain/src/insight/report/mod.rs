//! What sells: what was taken in a range of days beside the range before, title by title, and the way from a view to a sale.

#[cfg(feature = "ssr")]
mod lists;
mod range;
#[cfg(feature = "ssr")]
pub mod read;
#[cfg(feature = "ssr")]
mod titles;

pub use range::{Bucket, Preset, Range};

use crate::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::ops::{Add, AddAssign};
use uuid::Uuid;

/// Orders and money in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Takings {
    /// Orders that were paid.
    pub orders: i64,
    /// Titles in them.
    pub sold: i64,
    pub revenue_minor: i64,
    /// Titles that were paid back, whenever they were sold.
    pub returned: i64,
    pub returned_minor: i64,
    /// People who paid their first order.
    pub new_customers: i64,
}

impl Takings {
    /// What stayed in the shop.
    pub fn kept_minor(&self) -> i64 {
        self.revenue_minor - self.returned_minor
    }
}

impl Add for Takings {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            orders: self.orders + other.orders,
            sold: self.sold + other.sold,
            revenue_minor: self.revenue_minor + other.revenue_minor,
            returned: self.returned + other.returned,
            returned_minor: self.returned_minor + other.returned_minor,
            new_customers: self.new_customers + other.new_customers,
        }
    }
}

impl AddAssign for Takings {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// What people did with titles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interest {
    pub views: i64,
    pub samples: i64,
    pub carts: i64,
    pub finished: i64,
}

/// What was taken in a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InCurrency {
    pub currency: Currency,
    pub now: Takings,
    pub before: Takings,
    /// The range piece by piece, as its chart shows it.
    pub pieces: Vec<Takings>,
    /// The range before, in as many pieces.
    pub pieces_before: Vec<Takings>,
}

/// A title in a currency; one that was only looked at has nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TitleLine {
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    pub sold: i64,
    pub revenue: Money,
    pub returned: i64,
    pub returned_money: Money,
    pub interest: Interest,
}

impl TitleLine {
    /// What stayed in the shop.
    pub fn kept(&self) -> Money {
        Money::new(self.revenue.minor - self.returned_money.minor, self.revenue.currency)
    }
}

/// A coupon in a currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponLine {
    /// `None` when it is gone.
    pub code: Option<String>,
    pub orders: i64,
    pub discount: Money,
    pub revenue: Money,
}

/// What was searched for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchLine {
    pub text: String,
    pub times: i64,
}

/// By what titles are put in order, most first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TitleOrder {
    #[default]
    Revenue,
    Sold,
    Returned,
    Views,
}

impl TitleOrder {
    pub const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Revenue, "revenue", "Revenue"),
        (Self::Sold, "sold", "Sales"),
        (Self::Returned, "returned", "Refunds"),
        (Self::Views, "views", "Views"),
    ];

    pub fn from_param(text: &str) -> Self {
        Self::ALL.into_iter().find(|(_, param, _)| *param == text).map_or(Self::default(), |(order, ..)| order)
    }

    pub fn param(self) -> &'static str {
        Self::ALL.into_iter().find(|(order, ..)| *order == self).map_or("", |(_, param, _)| param)
    }
}

/// All of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub range: Range,
    pub buckets: Vec<Bucket>,
    /// Each currency by itself, first the one with the most orders; the shop's own when nothing was sold. Never empty.
    pub currencies: Vec<InCurrency>,
    /// The currency that titles and coupons are told in.
    pub currency: Currency,
    pub titles: Vec<TitleLine>,
    pub coupons: Vec<CouponLine>,
    pub interest: Interest,
    pub interest_before: Interest,
    pub searches: Vec<SearchLine>,
    /// Those that found nothing.
    pub empty_searches: Vec<SearchLine>,
}

impl Report {
    /// Titles that were sold, in whatever currency.
    pub fn sold(&self) -> i64 {
        self.currencies.iter().map(|one| one.now.sold).sum()
    }

    /// How many people paid their first order; and in the range before.
    pub fn new_customers(&self) -> (i64, i64) {
        let sum = |which: fn(&InCurrency) -> Takings| self.currencies.iter().map(|one| which(one).new_customers).sum();
        (sum(|one| one.now), sum(|one| one.before))
    }
}
