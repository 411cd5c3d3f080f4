//! Payments that the bank asks its customer about, those whose answer is lost, and several providers side by side.

use crate::database::{Shop, fresh};
use crate::fixtures::{bank, buy, cart_of, fill, for_sale, good_card, pay, refund, settle_due, shopper};
use async_trait::async_trait;
use domain::account::User;
use domain::entitlements::owns;
use domain::ordering::attempts::PAYMENT_GRACE_MS;
use domain::ordering::going_on::{self, SecondStep};
use domain::ordering::orders::order;
use domain::ordering::payment::{
    Charge, NotRefunded, Outcome, PaymentProvider, Payments, Refund, SimulatedBank, Unreachable,
};
use domain::ordering::{CardNumber, Order, OrderStatus, cart};
use std::sync::Arc;

fn card(number: &str) -> CardNumber {
    number.parse().unwrap()
}

async fn step(shop: &Shop, user: &User, order: &Order) -> Option<SecondStep> {
    going_on::second_step(&shop.db, SimulatedBank::NAME, user.id, &order.number).await.unwrap()
}

/// The order after its buyer has come back.
async fn back(shop: &Shop, payments: &Payments, user: &User, number: &str) -> Order {
    going_on::look(&shop.db, payments, user.id, number).await.unwrap();
    order(&shop.db, user.id, number).await.unwrap()
}

#[tokio::test]
async fn a_card_with_a_second_step_pays_once_its_owner_says_yes() {
    let shop = fresh().await;
    let ((bank, payments), ada, eve) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Eve").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let begun = pay(&shop, &payments, &ada, &card(CardNumber::SECOND_STEP)).await.unwrap();
    assert_eq!((begun.status, begun.goes_on, bank.charged()), (OrderStatus::Pending, true, 0));
    let address = going_on::address(&shop.db, ada.id, &begun.number).await.unwrap();
    assert_eq!(address, Some(format!("/orders/{}/bank", begun.number)));
    let asked = step(&shop, &ada, &begun).await.unwrap();
    assert_eq!(asked.amount.minor, 1290);
    let somebody = going_on::second_step(&shop.db, SimulatedBank::NAME, eve.id, &begun.number).await;
    assert!(somebody.is_err(), "only the buyer is asked");
    // Whoever comes back without an answer still waits.
    assert_eq!(back(&shop, &payments, &ada, &begun.number).await.status, OrderStatus::Pending);
    shop.clock.advance(1_000);
    assert_eq!(back(&shop, &payments, &ada, &begun.number).await.status, OrderStatus::Pending);
    assert!(bank.confirm(&asked.handle, true));
    assert!(!bank.confirm(&asked.handle, false), "it is answered once");
    going_on::look_again(&shop.db, &payments, ada.id, &begun.number).await.unwrap();
    let paid = order(&shop.db, ada.id, &begun.number).await.unwrap();
    assert_eq!((paid.status, paid.card_last4.as_deref(), paid.goes_on), (OrderStatus::Fulfilled, Some("3184"), false));
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap());
    assert_eq!((bank.charged(), step(&shop, &ada, &begun).await), (1, None));
}

#[tokio::test]
async fn a_second_step_that_is_refused_charges_nothing_and_keeps_the_cart() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let begun = pay(&shop, &payments, &ada, &card(CardNumber::SECOND_STEP)).await.unwrap();
    assert!(bank.confirm(&step(&shop, &ada, &begun).await.unwrap().handle, false));
    let over = back(&shop, &payments, &ada, &begun.number).await;
    assert_eq!((over.status, bank.charged()), (OrderStatus::Declined, 0));
    assert!(over.failure.unwrap().contains("not confirmed"));
    assert_eq!(cart::count(&shop.db, Some(&cart_of(&ada))).await.unwrap(), 1);
    let again = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!(again.status, OrderStatus::Fulfilled);
}

#[tokio::test]
async fn whoever_pays_otherwise_gives_up_the_second_step_that_waits() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let begun = pay(&shop, &payments, &ada, &card(CardNumber::SECOND_STEP)).await.unwrap();
    let handle = step(&shop, &ada, &begun).await.unwrap().handle;
    let paid = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!(paid.status, OrderStatus::Fulfilled);
    assert!(!bank.confirm(&handle, true), "what was given up is not paid any more");
    assert_eq!(order(&shop.db, ada.id, &begun.number).await.unwrap().status, OrderStatus::Cancelled);
    assert_eq!(bank.charged(), 1);
}

#[tokio::test]
async fn a_payment_whose_answer_is_lost_is_settled_a_little_later_and_charged_once() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let lost = pay(&shop, &payments, &ada, &card(CardNumber::TIMES_OUT)).await.unwrap();
    assert_eq!((lost.status, lost.goes_on, bank.charged()), (OrderStatus::Pending, false, 1));
    assert!(!owns(&shop.db, ada.id, bell.id).await.unwrap());
    shop.clock.advance(PAYMENT_GRACE_MS);
    assert_eq!(settle_due(&shop, &payments).await, 1);
    let paid = order(&shop.db, ada.id, &lost.number).await.unwrap();
    assert_eq!((paid.status, bank.charged()), (OrderStatus::Fulfilled, 1));
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap());
}

/// The provider that a shop has come to: it takes everything.
#[derive(Debug)]
struct Newcomer;

#[async_trait]
impl PaymentProvider for Newcomer {
    fn name(&self) -> &'static str {
        "newcomer"
    }

    async fn charge(&self, _: &Charge) -> Result<Outcome, Unreachable> {
        Ok(Outcome::Paid { card_last4: None, customer: Some("somebody".to_owned()) })
    }

    async fn outcome(&self, _: &Charge) -> Result<Option<Outcome>, Unreachable> {
        Ok(None)
    }

    async fn refund(&self, _: &Refund) -> Result<(), NotRefunded> {
        panic!("it is asked to pay back what another was paid");
    }
}

#[tokio::test]
async fn a_shop_that_changes_its_provider_pays_back_what_the_one_before_has_charged() {
    let shop = fresh().await;
    let ((bank, before), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let old = buy(&shop, &before, &ada, &[&bell]).await;
    let after = Payments::new(Arc::new(Newcomer), vec![bank.clone()]);
    let new = buy(&shop, &after, &ada, &[&owl]).await;
    assert_eq!((new.provider.as_deref(), old.provider.as_deref()), (Some("newcomer"), Some(SimulatedBank::NAME)));
    assert_eq!(refund(&shop, &after, &ada, &old).await.status, OrderStatus::Refunded);
    assert_eq!(bank.kept(), 0);
}
