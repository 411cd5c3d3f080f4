//! Titles that somebody buys for somebody else. A gift is an order of one title, with whom it is for: it is priced, paid and
//! paid back as any other, but the title goes into the library of whoever accepts it with the code that the mail brings.

#[cfg(feature = "ssr")]
mod code;
#[cfg(feature = "ssr")]
pub(super) mod keep;
#[cfg(feature = "ssr")]
pub mod mail;
#[cfg(feature = "ssr")]
pub mod privacy;
#[cfg(feature = "ssr")]
pub mod quoted;
#[cfg(feature = "ssr")]
pub mod redeem;
#[cfg(feature = "ssr")]
pub mod resend;
#[cfg(feature = "ssr")]
pub(super) mod wish;

use super::OrderStatus;
use crate::catalog::AudiobookSummary;
use crate::{Day, Timestamp};
use serde::{Deserialize, Serialize};

/// Longest message of a gift, in characters.
pub const LONGEST_MESSAGE: usize = 1000;
/// Longest name of who gives or gets it, in characters.
pub const LONGEST_NAME: usize = 120;
/// How many days ahead the mail of a gift may go at most.
pub const MOST_DAYS: i32 = 366;

/// The form of a gift, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GiftForm {
    /// The address that the mail goes to.
    pub recipient: String,
    /// Empty where nobody is greeted by name.
    #[serde(default)]
    pub recipient_name: String,
    /// Who gives, as they sign.
    pub sender: String,
    #[serde(default)]
    pub message: String,
    /// The day on which the mail goes, in the shop's time, which is UTC; empty for today.
    #[serde(default)]
    pub send_on: String,
}

/// A gift, as its buyer and the people who run the shop see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gift {
    /// `None` once it is forgotten with the account of the buyer.
    pub recipient: Option<String>,
    pub recipient_name: Option<String>,
    pub sender: Option<String>,
    pub message: Option<String>,
    /// The day on which the mail goes.
    pub send_on: Day,
    pub sent_at: Option<Timestamp>,
    pub redeemed_at: Option<Timestamp>,
}

/// How a gift stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GiftState {
    /// Its order is not paid, or came to nothing.
    Unpaid,
    /// The mail goes on its day.
    Waits,
    Sent,
    Redeemed,
    /// It was paid back: the code is worth nothing, and the title is in nobody's library.
    Over,
}

impl Gift {
    /// How it stands in an order that stands like this.
    pub fn state(&self, order: OrderStatus) -> GiftState {
        match order {
            OrderStatus::Pending | OrderStatus::Declined | OrderStatus::Cancelled => GiftState::Unpaid,
            OrderStatus::Refunded => GiftState::Over,
            _ if self.redeemed_at.is_some() => GiftState::Redeemed,
            _ if self.sent_at.is_some() => GiftState::Sent,
            OrderStatus::Paid | OrderStatus::Fulfilled | OrderStatus::PartlyRefunded => GiftState::Waits,
        }
    }
}

/// A gift, as whoever has its code sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    pub title: AudiobookSummary,
    pub recipient_name: Option<String>,
    pub sender: Option<String>,
    pub message: Option<String>,
    pub standing: PresentStanding,
}

/// What whoever has the code of a gift can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PresentStanding {
    /// Log in or register first.
    AskWho,
    Open,
    /// They have the title already, and may pass the gift on.
    Owned,
    /// They have accepted it themselves.
    Yours,
    /// Somebody else has.
    Taken,
}
