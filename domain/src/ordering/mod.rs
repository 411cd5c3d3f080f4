//! Carts, checkout, orders and what was bought.

#[cfg(feature = "ssr")]
pub mod availability;
mod card_number;
#[cfg(feature = "ssr")]
pub mod cart;
#[cfg(feature = "ssr")]
pub mod checkout;
#[cfg(feature = "ssr")]
pub mod orders;
#[cfg(feature = "ssr")]
mod patience;
#[cfg(feature = "ssr")]
pub mod payment;
#[cfg(feature = "ssr")]
pub mod privacy;
#[cfg(feature = "ssr")]
mod reserve;
#[cfg(feature = "ssr")]
mod settle;

pub use card_number::{CardNumber, InvalidCard};

use crate::{Money, Timestamp, catalog::AudiobookSummary};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum OrderStatus {
    /// Placed, not paid yet.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "pending"))]
    Pending,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "paid"))]
    Paid,
    /// The payment was refused; nothing was charged.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "declined"))]
    Declined,
    /// Paid back; the titles are no longer in the library.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "refunded"))]
    Refunded,
}

/// How an attempt to pay ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum PaymentStatus {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "succeeded"))]
    Succeeded,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "declined"))]
    Declined,
}

/// A cart with today's prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cart {
    pub items: Vec<AudiobookSummary>,
    pub total: Money,
    /// What was taken out since the last visit, and why.
    pub notices: Vec<CartNotice>,
}

/// Why a title, by its name, is no longer in a cart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CartNotice {
    Owned(String),
    SoldOut(String),
    NotForSale(String),
}

/// What became of adding a title to a cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Added {
    Added,
    AlreadyThere,
    Owned,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    pub id: Uuid,
    /// What people quote: `L-7K3Q-92MX`.
    pub number: String,
    pub status: OrderStatus,
    pub total: Money,
    pub created_at: Timestamp,
    pub paid_at: Option<Timestamp>,
    pub lines: Vec<OrderLine>,
    /// The last four digits of the card, when one was charged.
    pub card_last4: Option<String>,
    /// Why the last payment was refused.
    pub failure: Option<String>,
}

/// A title in an order, as it was then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    pub audiobook_id: Uuid,
    pub slug: String,
    pub title: String,
    pub list_price: Money,
    pub price: Money,
}

/// Whether a title is for this person to buy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Availability {
    ForSale,
    InCart,
    Owned,
    SoldOut,
    NotForSale,
}
