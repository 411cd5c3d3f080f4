//! Whoever takes the money: a simulated bank here, a real provider elsewhere.

use super::CardNumber;
use crate::Money;
use async_trait::async_trait;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// What the shop pays through.
pub type Payments = Arc<dyn PaymentProvider>;

/// What is to be charged.
#[derive(Clone, Debug)]
pub struct Charge {
    /// The shop's name for this payment. The same one is never charged twice.
    pub reference: String,
    pub amount: Money,
    pub card: CardNumber,
}

/// How a payment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Paid {
        card_last4: Option<String>,
    },
    /// Nothing was charged. The reason is for the shopper.
    Declined {
        card_last4: Option<String>,
        reason: String,
    },
}

/// The provider gave no answer: whether it charged is not known until it does.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the payment provider does not answer: {0}")]
pub struct Unreachable(pub String);

#[async_trait]
pub trait PaymentProvider: fmt::Debug + Send + Sync {
    /// Its name in the books: `simulated`.
    fn name(&self) -> &'static str;

    /// Charges a card; a reference that was charged or declined before gives its first outcome again.
    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable>;

    /// What became of a reference; `None` when the provider never saw it.
    async fn outcome(&self, reference: &str) -> Result<Option<Outcome>, Unreachable>;

    /// Gives back some of what a reference charged. The same `refund_id` is given back once, however often it is asked for;
    /// of a reference that charged nothing there is nothing to give back. `Ok` is a yes: the money is on its way.
    async fn refund(&self, reference: &str, refund_id: &str, amount: Money) -> Result<(), Unreachable>;
}

/// A bank that moves no money. It takes [`CardNumber::ACCEPTED`] and nothing else, so that nobody's real card is.
#[derive(Debug, Default)]
pub struct SimulatedBank {
    books: Mutex<VecDeque<Entry>>,
}

#[derive(Debug)]
struct Entry {
    reference: String,
    outcome: Outcome,
    amount_minor: i64,
    /// What was given back, each by its name.
    refunds: Vec<(String, i64)>,
}

impl Entry {
    /// In minor units: what was charged and not given back.
    fn kept(&self) -> i64 {
        let charged = if matches!(self.outcome, Outcome::Paid { .. }) { self.amount_minor } else { 0 };
        charged - self.refunds.iter().map(|(_, minor)| minor).sum::<i64>()
    }
}

impl SimulatedBank {
    /// Payments that it remembers: far more than can be under way.
    const MEMORY: usize = 1000;

    /// How many payments it has charged and not wholly given back.
    pub fn charged(&self) -> usize {
        self.books().iter().filter(|entry| entry.kept() > 0).count()
    }

    /// What it has charged and not given back, in minor units of whatever currency.
    pub fn kept(&self) -> i64 {
        self.books().iter().map(Entry::kept).sum()
    }

    fn books(&self) -> std::sync::MutexGuard<'_, VecDeque<Entry>> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decide(card: &CardNumber) -> Outcome {
        let card_last4 = Some(card.last4().to_owned());
        let is = |known: &str| known.parse::<CardNumber>().is_ok_and(|known| known == *card);
        let declined = |reason: &str| Outcome::Declined { card_last4: card_last4.clone(), reason: reason.to_owned() };
        if is(CardNumber::ACCEPTED) {
            Outcome::Paid { card_last4 }
        } else if is(CardNumber::DECLINED) {
            declined("The bank declined this card.")
        } else {
            declined("Payments here are simulated and take only the test card.")
        }
    }
}

#[async_trait]
impl PaymentProvider for SimulatedBank {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable> {
        let mut books = self.books();
        if let Some(known) = books.iter().find(|entry| entry.reference == charge.reference) {
            return Ok(known.outcome.clone());
        }
        let outcome = Self::decide(&charge.card);
        if books.len() == Self::MEMORY {
            books.pop_front();
        }
        books.push_back(Entry {
            reference: charge.reference.clone(),
            outcome: outcome.clone(),
            amount_minor: charge.amount.minor,
            refunds: Vec::new(),
        });
        Ok(outcome)
    }

    async fn outcome(&self, reference: &str) -> Result<Option<Outcome>, Unreachable> {
        Ok(self.books().iter().find(|entry| entry.reference == reference).map(|entry| entry.outcome.clone()))
    }

    async fn refund(&self, reference: &str, refund_id: &str, amount: Money) -> Result<(), Unreachable> {
        let mut books = self.books();
        let Some(entry) = books.iter_mut().find(|entry| entry.reference == reference) else { return Ok(()) };
        if entry.refunds.iter().any(|(known, _)| known == refund_id) {
            return Ok(());
        }
        if amount.minor > entry.kept() {
            return Err(Unreachable("more was to be given back than was charged".into()));
        }
        entry.refunds.push((refund_id.to_owned(), amount.minor));
        Ok(())
    }
}
