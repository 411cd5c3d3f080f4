//! Whoever takes the money: a simulated bank here, a real provider elsewhere.

mod providers;
mod simulated;
mod taken_back;

use super::CardNumber;
use crate::{Money, Timestamp};
use async_trait::async_trait;
use std::fmt;

pub use providers::Payments;
pub use simulated::SimulatedBank;
pub use taken_back::{Disputed, GivenBack, TakenBack};

/// What is to be charged.
#[derive(Clone, Debug)]
pub struct Charge {
    /// The shop's name for this payment. The same one is never charged twice.
    pub reference: String,
    /// What the provider itself calls it, once it has said so.
    pub handle: Option<String>,
    pub amount: Money,
    /// For a provider whose cards are taken by the shop.
    pub card: Option<CardNumber>,
    pub bill: Bill,
    /// When the attempt began.
    pub begun_at: Timestamp,
}

/// What a provider that has a page of its own shows there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bill {
    /// The number of the order.
    pub number: String,
    /// Each title with what is paid for it.
    pub lines: Vec<(String, Money)>,
    /// The buyer's address; `None` once the account is deleted.
    pub email: Option<String>,
    /// What the provider calls the buyer, who has paid there before.
    pub customer: Option<String>,
}

/// What is to be given back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refund {
    /// The same one is given back once, however often it is asked for.
    pub id: String,
    /// What was charged.
    pub reference: String,
    /// What the provider calls that.
    pub handle: Option<String>,
    pub amount: Money,
}

/// A provider's own page, where buyers pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaymentPage {
    /// What people know the provider by: `Stripe`.
    pub name: &'static str,
    /// Where its pages are, such as `https://pay.example`.
    pub origin: String,
}

/// How a payment stands, or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Paid {
        card_last4: Option<String>,
        /// What the provider calls the buyer, where it keeps people.
        customer: Option<String>,
    },
    /// Nothing was charged. The reason is for the shopper.
    Declined { card_last4: Option<String>, reason: String },
    /// It goes on at the provider, with or without the buyer; what becomes of it is told later.
    Waits {
        handle: String,
        /// Where the buyer goes on, while there is something to do.
        address: Option<String>,
    },
    /// The buyer left it, or its time is over: nothing was charged, and nothing can be.
    Abandoned { reason: String },
}

/// The provider gave no answer: whether it charged is not known until it does.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the payment provider does not answer: {0}")]
pub struct Unreachable(pub String);

/// Why money is not given back.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotRefunded {
    #[error(transparent)]
    Unreachable(#[from] Unreachable),
    /// Asking again cannot help; a person has to look at it.
    #[error("{0}")]
    Refused(String),
    /// All that was charged went back before. What the provider calls the charge is said.
    #[error("all of {0} was given back before")]
    Elsewhere(String),
}

#[async_trait]
pub trait PaymentProvider: fmt::Debug + Send + Sync {
    /// Its name in the books: `simulated`.
    fn name(&self) -> &'static str;

    /// The page where its buyers pay; `None` when the shop takes the number of a card.
    fn page(&self) -> Option<PaymentPage> {
        None
    }

    /// Charges, or begins to; a reference that was charged or declined before gives its first outcome again.
    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable>;

    /// What became of a charge; `None` when the provider never saw it.
    async fn outcome(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable>;

    /// Ends a charge that the buyer does not want to pay any more, unless it is too late for that, and says what became of
    /// it.
    async fn abandon(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        self.outcome(charge).await
    }

    /// Gives back some of what a charge took; of one that took nothing there is nothing to give back. `Ok` is a yes: the
    /// money is on its way.
    async fn refund(&self, refund: &Refund) -> Result<(), NotRefunded>;

    /// Why the money of a refund did not reach the buyer after all; `None` while it is on its way or there.
    async fn refund_failure(&self, refund: &Refund) -> Result<Option<String>, Unreachable> {
        let _ = refund;
        Ok(None)
    }

    /// What the provider itself calls the charge that a refund is of; `None` where it does not know it.
    async fn charge_of(&self, refund: &Refund) -> Result<Option<String>, Unreachable> {
        let _ = refund;
        Ok(None)
    }

    /// What went back of a charge, by the provider's own name of it, however it was begun; `None` for one that is not of this
    /// shop.
    async fn taken_back(&self, charge: &str) -> Result<Option<TakenBack>, Unreachable> {
        let _ = charge;
        Ok(None)
    }
}
