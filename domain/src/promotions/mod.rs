//! Sales, bundles and coupons, as the people who run the shop keep them.

#[cfg(feature = "ssr")]
pub mod bundles;
#[cfg(feature = "ssr")]
mod chosen;
#[cfg(feature = "ssr")]
pub mod coupons;
#[cfg(feature = "ssr")]
mod form;
#[cfg(feature = "ssr")]
pub mod sales;

use crate::{Money, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Longest name of a sale or bundle, in characters.
pub const LONGEST_NAME: usize = 100;

/// The form of a sale, as typed. Times are in UTC: `2026-11-20T09:30`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleForm {
    /// What it is called among admins.
    pub name: String,
    /// Off the list price; empty where there is a price.
    pub percent: String,
    /// What each title costs meanwhile; empty where there is a percentage.
    pub price: String,
    #[serde(default)]
    pub chosen: Chosen,
    /// Empty for at once.
    pub starts: String,
    /// Empty for until somebody ends it.
    pub ends: String,
}

/// What a sale or coupon is for, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// For all titles, whatever else is chosen. A box that is not ticked is not sent.
    #[serde(default)]
    pub everything: bool,
    /// Addresses of titles, or what they end with, one a line.
    #[serde(default)]
    pub titles: String,
    /// Slugs of categories.
    #[serde(default)]
    pub categories: Vec<String>,
}

/// Where in its time something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    Coming,
    Running,
    Over,
}

/// What something is for, counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covers {
    pub everything: bool,
    pub titles: u64,
    pub categories: u64,
}

/// What something takes off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Takes {
    Percent(i32),
    /// Off the sum.
    Amount(Money),
    /// What each title costs instead.
    Price(Money),
}

/// A sale in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleRow {
    pub id: Uuid,
    pub name: String,
    pub takes: Takes,
    pub covers: Covers,
    pub starts_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub phase: Phase,
}

/// The form of a bundle, as typed. Times are in UTC: `2026-11-20T09:30`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleForm {
    /// As shoppers read it.
    pub name: String,
    /// What all its titles cost together.
    pub price: String,
    /// Addresses of titles, or what they end with, one a line.
    pub titles: String,
    /// Empty for at once.
    pub starts: String,
    /// Empty for until somebody ends it.
    pub ends: String,
}

/// A bundle in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleRow {
    pub id: Uuid,
    pub name: String,
    pub price: Money,
    /// What its titles are called.
    pub titles: Vec<String>,
    pub starts_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub phase: Phase,
}

/// The form of a coupon, as typed. Times are in UTC: `2026-11-20T09:30`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponForm {
    /// Empty for one that nobody guesses.
    pub code: String,
    /// Off what it is for; empty where there is an amount.
    pub percent: String,
    pub amount: String,
    /// What the cart has to come to; empty for nothing.
    pub minimum: String,
    /// How often it may be used in all; empty for any number.
    pub max_uses: String,
    /// Once for each person.
    #[serde(default)]
    pub once_each: bool,
    #[serde(default)]
    pub chosen: Chosen,
    /// Empty for at once.
    pub starts: String,
    /// Empty for until somebody switches it off.
    pub ends: String,
}

/// A coupon in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CouponRow {
    pub id: Uuid,
    pub code: String,
    pub takes: Takes,
    pub minimum: Option<Money>,
    pub once_each: bool,
    pub max_uses: Option<i32>,
    pub uses: i32,
    /// What was paid with it and not paid back.
    pub brought: Vec<Money>,
    pub covers: Covers,
    pub starts_at: Timestamp,
    pub ends_at: Option<Timestamp>,
    pub phase: Phase,
    /// Somebody switched it off.
    pub off: bool,
}
