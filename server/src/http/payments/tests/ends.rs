//! How payments end, in a flood of events about them.

use crate::stripe::fake::Fake;
use domain::ordering::OrderStatus;

/// What goes back of an order of which a part does, in cents.
const PART: i64 = 500;

/// What buyers, banks and the owner do: the sessions end in turn in each of these ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Paid,
    PaidLate,
    Failed,
    Expired,
    /// Paid, and all of it given back on Stripe's pages.
    GivenBackThere,
    /// Paid, and a part of it given back there.
    PartGivenBackThere,
    /// Paid, and given back by the shop.
    GivenBackHere,
    /// Paid, and taken back by the buyer's bank.
    Lost,
    /// Paid, wanted back by the bank, and left to the shop.
    Won,
}

impl End {
    pub(super) const ALL: [Self; 9] = [
        Self::Paid,
        Self::PaidLate,
        Self::Failed,
        Self::Expired,
        Self::GivenBackThere,
        Self::PartGivenBackThere,
        Self::GivenBackHere,
        Self::Lost,
        Self::Won,
    ];

    /// The events that Stripe sends about the session.
    pub(super) fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::PaidLate => &["checkout.session.completed", "checkout.session.async_payment_succeeded"],
            Self::Failed => &["checkout.session.completed", "checkout.session.async_payment_failed"],
            Self::Expired => &["checkout.session.expired"],
            _ => &["checkout.session.completed"],
        }
    }

    /// And those about what was charged.
    pub(super) fn charge_kinds(self) -> &'static [&'static str] {
        match self {
            Self::GivenBackThere | Self::PartGivenBackThere => &["refund.created", "charge.refunded", "refund.updated"],
            Self::GivenBackHere => &["charge.refunded"],
            Self::Lost | Self::Won => &["charge.dispute.created", "charge.dispute.closed"],
            _ => &[],
        }
    }

    pub(super) fn is_paid(self) -> bool {
        !matches!(self, Self::Failed | Self::Expired)
    }

    /// What of the $12.90 goes back, in cents.
    pub(super) fn back(self) -> i64 {
        match self {
            Self::GivenBackThere | Self::GivenBackHere | Self::Lost => 1290,
            Self::PartGivenBackThere => PART,
            _ => 0,
        }
    }

    pub(super) fn status(self) -> OrderStatus {
        match self {
            Self::Paid | Self::PaidLate | Self::Won => OrderStatus::Fulfilled,
            Self::Failed => OrderStatus::Declined,
            Self::Expired => OrderStatus::Cancelled,
            Self::PartGivenBackThere => OrderStatus::PartlyRefunded,
            Self::GivenBackThere | Self::GivenBackHere | Self::Lost => OrderStatus::Refunded,
        }
    }

    /// Does with a session what ends it.
    pub(super) fn happen(self, stripe: &Fake, page: &str) {
        match self {
            Self::Failed => stripe.change(page, |page| {
                (page.status, page.intent) = ("complete", Some("requires_payment_method"));
            }),
            Self::Expired => stripe.change(page, |page| page.status = "expired"),
            _ => stripe.pay(page),
        }
        match self {
            Self::GivenBackThere | Self::PartGivenBackThere => stripe.give_back(page, self.back()),
            Self::Lost | Self::Won => {
                stripe.dispute(page, 1290);
                stripe.decide(page, if self == Self::Lost { "lost" } else { "won" });
            }
            _ => {}
        }
    }
}

/// Numbers that look like chance and are the same each time (xorshift).
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}
