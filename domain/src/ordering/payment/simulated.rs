//! A bank of the shop's own that moves no money.

use super::{Charge, NotRefunded, Outcome, PaymentProvider, Refund, Unreachable};
use crate::ordering::CardNumber;
use async_trait::async_trait;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// A bank that moves no money. It knows the cards of [`CardNumber`] and declines all others, so that nobody's real card is
/// taken. Its books are in memory: what goes on there when the server stops is never seen again.
#[derive(Debug, Default)]
pub struct SimulatedBank {
    books: Mutex<VecDeque<Entry>>,
}

#[derive(Debug)]
struct Entry {
    reference: String,
    outcome: Outcome,
    card_last4: Option<String>,
    begun: Instant,
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

    /// Ends what waits for the buyer.
    fn end(&mut self, outcome: Outcome) {
        if matches!(self.outcome, Outcome::Waits { .. }) {
            self.outcome = outcome;
        }
    }
}

impl SimulatedBank {
    /// Its name in the books.
    pub const NAME: &'static str = "simulated";
    /// How long it waits for the buyer.
    const PATIENCE: Duration = Duration::from_secs(15 * 60);
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

    /// What the buyer says at the second step of a payment; `false` when none of that handle waits for it.
    pub fn confirm(&self, handle: &str, yes: bool) -> bool {
        let mut books = self.books();
        let waits =
            |entry: &&mut Entry| matches!(&entry.outcome, Outcome::Waits { handle: known, .. } if known == handle);
        let Some(entry) = books.iter_mut().find(waits) else { return false };
        let card_last4 = entry.card_last4.clone();
        entry.end(if yes {
            Outcome::Paid { card_last4, customer: None }
        } else {
            Outcome::Declined { card_last4, reason: "The payment was not confirmed.".to_owned() }
        });
        true
    }

    fn books(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decide(card: &CardNumber, charge: &Charge) -> Outcome {
        let card_last4 = Some(card.last4().to_owned());
        let is = |known| is(card, known);
        let declined = |reason: &str| Outcome::Declined { card_last4: card_last4.clone(), reason: reason.to_owned() };
        if is(CardNumber::ACCEPTED) || is(CardNumber::TIMES_OUT) {
            Outcome::Paid { card_last4, customer: None }
        } else if is(CardNumber::SECOND_STEP) {
            let address = Some(format!("/orders/{}/bank", charge.bill.number));
            Outcome::Waits { handle: charge.reference.clone(), address }
        } else if is(CardNumber::DECLINED) {
            declined("The bank declined this card.")
        } else {
            declined("Payments here are simulated and take only the test cards.")
        }
    }
}

fn is(card: &CardNumber, known: &str) -> bool {
    known.parse::<CardNumber>().is_ok_and(|known| known == *card)
}

#[async_trait]
impl PaymentProvider for SimulatedBank {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable> {
        let mut books = self.books();
        if let Some(known) = books.iter().find(|entry| entry.reference == charge.reference) {
            return Ok(known.outcome.clone());
        }
        let outcome = match &charge.card {
            Some(card) => Self::decide(card, charge),
            None => Outcome::Declined { card_last4: None, reason: "There was no card.".to_owned() },
        };
        if books.len() == Self::MEMORY {
            books.pop_front();
        }
        books.push_back(Entry {
            reference: charge.reference.clone(),
            outcome: outcome.clone(),
            begun: Instant::now(),
            card_last4: charge.card.as_ref().map(|card| card.last4().to_owned()),
            amount_minor: charge.amount.minor,
            refunds: Vec::new(),
        });
        let is_lost = charge.card.as_ref().is_some_and(|card| is(card, CardNumber::TIMES_OUT));
        if is_lost { Err(Unreachable("its answer was lost on the way".to_owned())) } else { Ok(outcome) }
    }

    async fn outcome(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        let mut books = self.books();
        let Some(entry) = books.iter_mut().find(|entry| entry.reference == charge.reference) else { return Ok(None) };
        if entry.begun.elapsed() > Self::PATIENCE {
            entry.end(Outcome::Abandoned { reason: "The payment was not confirmed in time.".to_owned() });
        }
        Ok(Some(entry.outcome.clone()))
    }

    async fn abandon(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        let mut books = self.books();
        let Some(entry) = books.iter_mut().find(|entry| entry.reference == charge.reference) else { return Ok(None) };
        entry.end(Outcome::Abandoned { reason: "You did not pay this order.".to_owned() });
        Ok(Some(entry.outcome.clone()))
    }

    async fn refund(&self, refund: &Refund) -> Result<(), NotRefunded> {
        let mut books = self.books();
        let Some(entry) = books.iter_mut().find(|entry| entry.reference == refund.reference) else { return Ok(()) };
        if entry.refunds.iter().any(|(known, _)| *known == refund.id) {
            return Ok(());
        }
        if refund.amount.minor > entry.kept() {
            return Err(NotRefunded::Refused("more was to be given back than was charged".into()));
        }
        entry.refunds.push((refund.id.clone(), refund.amount.minor));
        Ok(())
    }
}
