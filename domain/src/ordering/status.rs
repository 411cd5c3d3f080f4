//! How orders, payments and refunds stand, and which way an order may go.

use serde::{Deserialize, Serialize};

/// How an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum OrderStatus {
    /// Placed, not paid yet.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "pending"))]
    Pending,
    /// Paid, and not yet with whom it is for: a gift that nobody has accepted.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "paid"))]
    Paid,
    /// Paid, and its titles are in the library that they are for.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "fulfilled"))]
    Fulfilled,
    /// The payment was refused; nothing was charged.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "declined"))]
    Declined,
    /// Given up: the provider never saw the payment, or the buyer left it.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "cancelled"))]
    Cancelled,
    /// Some of it was paid back. Titles that were paid back whole are no longer in the library.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "partly-refunded"))]
    PartlyRefunded,
    /// Paid back; the titles are no longer in the library.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "refunded"))]
    Refunded,
}

impl OrderStatus {
    pub const ALL: [Self; 7] = [
        Self::Pending,
        Self::Paid,
        Self::Fulfilled,
        Self::Declined,
        Self::Cancelled,
        Self::PartlyRefunded,
        Self::Refunded,
    ];

    /// Those in which something is paid and not paid back.
    pub const WITH_MONEY: [Self; 3] = [Self::Paid, Self::Fulfilled, Self::PartlyRefunded];

    /// Every way that an order may go. What is not here does not happen.
    pub const TRANSITIONS: [(Self, Self); 9] = [
        (Self::Pending, Self::Paid),
        (Self::Pending, Self::Declined),
        (Self::Pending, Self::Cancelled),
        (Self::Paid, Self::Fulfilled),
        (Self::Paid, Self::PartlyRefunded),
        (Self::Paid, Self::Refunded),
        (Self::Fulfilled, Self::PartlyRefunded),
        (Self::Fulfilled, Self::Refunded),
        (Self::PartlyRefunded, Self::Refunded),
    ];

    pub fn may_become(self, next: Self) -> bool {
        Self::TRANSITIONS.contains(&(self, next))
    }

    /// Something of it is paid and not paid back.
    pub fn is_paid(self) -> bool {
        Self::WITH_MONEY.contains(&self)
    }

    /// As it stands in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Paid => "paid",
            Self::Fulfilled => "fulfilled",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::PartlyRefunded => "partly-refunded",
            Self::Refunded => "refunded",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// How an attempt to pay stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum PaymentStatus {
    /// The provider is asked; whether it charged is not known.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "started"))]
    Started,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "succeeded"))]
    Succeeded,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "declined"))]
    Declined,
    /// The provider has not seen it for so long that it never will.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "unseen"))]
    Unseen,
    /// The buyer left the provider's page without paying; nothing can be paid there any more.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "abandoned"))]
    Abandoned,
}

/// How a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum RefundStatus {
    /// Wished for; the provider is asked until it has said yes.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "asked"))]
    Asked,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "done"))]
    Done,
    /// The provider will not give it back, or it came back from the buyer's bank: a person has to look at it.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "refused"))]
    Refused,
    /// What it was to give back went back at the provider itself before: nothing is left to do.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "elsewhere"))]
    Elsewhere,
}

/// How it stands when a buyer's bank wants money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(16))"))]
#[serde(rename_all = "kebab-case")]
pub enum DisputeStatus {
    /// The bank has not decided; the provider shows until when it can be answered.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "open"))]
    Open,
    /// The shop keeps the money.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "won"))]
    Won,
    /// The money is gone, and what was bought with it is taken back.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "lost"))]
    Lost,
}

/// What can happen to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sea_orm::EnumIter, sea_orm::DeriveActiveEnum))]
#[cfg_attr(feature = "ssr", sea_orm(rs_type = "String", db_type = "String(sea_orm::sea_query::StringLen::N(24))"))]
#[serde(rename_all = "kebab-case")]
pub enum OrderEventKind {
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "placed"))]
    Placed,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "paid"))]
    Paid,
    /// Its titles are where they belong.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "fulfilled"))]
    Fulfilled,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "declined"))]
    Declined,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "cancelled"))]
    Cancelled,
    /// Money came when the order was over.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "late-charge"))]
    LateCharge,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "refund-asked"))]
    RefundAsked,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "refunded"))]
    Refunded,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "refund-refused"))]
    RefundRefused,
    /// The buyer's bank wants the money back.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "dispute-opened"))]
    DisputeOpened,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "dispute-won"))]
    DisputeWon,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "dispute-lost"))]
    DisputeLost,
    /// A mail to the buyer, whose subject is the cause.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "mailed"))]
    Mailed,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "receipt-sent"))]
    ReceiptSent,
    /// The mail of a gift left.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "gift-sent"))]
    GiftSent,
    /// The buyer asked for the mail of a gift once more.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "gift-resent"))]
    GiftResent,
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "gift-redeemed"))]
    GiftRedeemed,
    /// An admin wrote something down.
    #[cfg_attr(feature = "ssr", sea_orm(string_value = "note"))]
    Note,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_goes_only_the_ways_of_the_table() {
        use OrderStatus::{Cancelled, Declined, Fulfilled, Paid, PartlyRefunded, Pending, Refunded};
        let next =
            |from: OrderStatus| OrderStatus::ALL.into_iter().filter(|to| from.may_become(*to)).collect::<Vec<_>>();
        assert_eq!(next(Pending), [Paid, Declined, Cancelled]);
        assert_eq!(next(Paid), [Fulfilled, PartlyRefunded, Refunded]);
        assert_eq!(next(Fulfilled), [PartlyRefunded, Refunded]);
        assert_eq!(next(PartlyRefunded), [Refunded]);
        for end in [Declined, Cancelled, Refunded] {
            assert_eq!(next(end), [], "{end:?} is an end");
        }
        // No way leads back: walking on always comes to an end.
        fn longest(from: OrderStatus, steps: usize) -> usize {
            assert!(steps < OrderStatus::ALL.len(), "a way leads back to {from:?}");
            let ways = OrderStatus::ALL.into_iter().filter(|to| from.may_become(*to));
            ways.map(|to| longest(to, steps + 1)).max().unwrap_or(steps)
        }
        assert_eq!(longest(Pending, 0), 4);
    }

    #[test]
    fn a_status_is_found_by_its_name() {
        assert!(OrderStatus::ALL.into_iter().all(|status| OrderStatus::from_name(status.name()) == Some(status)));
        assert_eq!(OrderStatus::from_name("lost"), None);
    }
}
