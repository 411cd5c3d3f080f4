//! What the shop makes of Stripe's answers.

mod published;

use super::fake::{Fake, Mood};
use super::{NAME, Stripe};
use crate::Config;
use crate::config::PaymentKind;
use domain::ordering::payment::{Bill, Charge, NotRefunded, Outcome, PaymentProvider, Refund};
use domain::{Currency, Money, Timestamp};
use std::time::Duration;

const REFERENCE: &str = "0190b6f0-0000-7000-8000-000000000001";

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn charge() -> Charge {
    let lines = vec![("The Bell".to_owned(), usd(1290)), ("Ünter & Über".to_owned(), usd(800))];
    Charge {
        reference: REFERENCE.to_owned(),
        handle: None,
        amount: usd(2090),
        card: None,
        bill: Bill {
            number: "L-2345-6789".to_owned(),
            lines,
            email: Some("ada@example.com".to_owned()),
            customer: None,
        },
        begun_at: Timestamp(1_700_000_000_000),
    }
}

fn config(fake: &Fake) -> Config {
    let mut config = Config::load(None).unwrap();
    fake.configure(&mut config);
    config
}

async fn open() -> (Fake, Stripe) {
    let fake = Fake::open().await;
    let stripe = Stripe::patient(&config(&fake), Duration::from_millis(500)).unwrap().unwrap();
    (fake, stripe)
}

/// The charge, under the name that Stripe gave it.
async fn begun(stripe: &Stripe) -> (Charge, String) {
    let Ok(Outcome::Waits { handle, address: Some(address) }) = stripe.charge(&charge()).await else {
        panic!("no page")
    };
    (Charge { handle: Some(handle), ..charge() }, address)
}

fn back(charge: &Charge, id: &str, minor: i64) -> Refund {
    let (reference, handle) = (charge.reference.clone(), charge.handle.clone());
    Refund { id: id.to_owned(), reference, handle, amount: usd(minor) }
}

#[tokio::test]
async fn stripe_is_asked_for_a_page_that_shows_the_order() {
    let (fake, stripe) = open().await;
    let (named, address) = begun(&stripe).await;
    let page = fake.last();
    assert!(address.contains(&page.id) && named.handle == Some(page.id));
    for (name, value) in [
        ("mode", "payment"),
        ("client_reference_id", REFERENCE),
        ("metadata[order]", "L-2345-6789"),
        ("metadata[attempt]", REFERENCE),
        ("payment_intent_data[metadata][attempt]", REFERENCE),
        ("customer_email", "ada@example.com"),
        ("success_url", "http://shop.example/orders/L-2345-6789?paid=1"),
        ("cancel_url", "http://shop.example/orders/L-2345-6789"),
        ("expires_at", "1700003600"),
        ("line_items[0][price_data][unit_amount]", "1290"),
        ("line_items[1][price_data][product_data][name]", "Ünter & Über"),
        ("line_items[1][price_data][currency]", "usd"),
    ] {
        assert_eq!(page.form.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert_eq!(page.amount, 2090);
}

#[tokio::test]
async fn titles_that_stripe_could_not_show_are_one_line() {
    let (fake, stripe) = open().await;
    let many: Vec<_> = (0..101).map(|n| (format!("Title {n}"), usd(10))).collect();
    let long = vec![("x".repeat(300), usd(2090))];
    for (n, lines, amount) in
        [(0, many, usd(1010)), (1, vec![("Odd".to_owned(), usd(1))], usd(700)), (2, long, usd(2090))]
    {
        let bill = Bill { lines, ..charge().bill };
        stripe.charge(&Charge { reference: format!("{n}"), amount, bill, ..charge() }).await.unwrap();
        let page = fake.last();
        assert_eq!(page.amount, amount.minor);
        let name = &page.form["line_items[0][price_data][product_data][name]"];
        assert!(if n == 2 { name.chars().count() == 250 } else { name == "Order L-2345-6789" }, "{name}");
    }
}

#[tokio::test]
async fn what_became_of_a_payment_is_what_its_page_says() {
    let (fake, stripe) = open().await;
    let (named, address) = begun(&stripe).await;
    let id = named.handle.clone().unwrap();
    let outcome = async || stripe.outcome(&named).await.unwrap().unwrap();
    assert_eq!(outcome().await, Outcome::Waits { handle: id.clone(), address: Some(address) });
    fake.change(&id, |page| (page.status, page.intent) = ("complete", Some("processing")));
    assert_eq!(outcome().await, Outcome::Waits { handle: id.clone(), address: None }, "a bank that takes days");
    fake.change(&id, |page| page.intent = Some("requires_payment_method"));
    let reason = "Your bank said no.".to_owned();
    assert_eq!(outcome().await, Outcome::Declined { card_last4: Some("4242".to_owned()), reason });
    fake.pay(&id);
    assert_eq!(
        outcome().await,
        Outcome::Paid { card_last4: Some("4242".to_owned()), customer: Some("cus_1".to_owned()) }
    );
    fake.change(&id, |page| (page.status, page.paid, page.intent) = ("expired", false, None));
    assert!(matches!(outcome().await, Outcome::Abandoned { .. }));
}

#[tokio::test]
async fn what_does_not_fit_the_books_is_not_believed() {
    let (fake, stripe) = open().await;
    let (named, _) = begun(&stripe).await;
    let id = named.handle.clone().unwrap();
    let other = Charge { reference: "another attempt".to_owned(), ..named.clone() };
    assert!(stripe.outcome(&other).await.is_err(), "the page of another attempt");
    fake.pay(&id);
    assert!(stripe.outcome(&Charge { amount: usd(1), ..named.clone() }).await.is_err(), "another amount");
    let euro = Money::new(2090, "EUR".parse().unwrap());
    assert!(stripe.outcome(&Charge { amount: euro, ..named.clone() }).await.is_err(), "another currency");
    for name in ["cs_test_99", "../refunds", "cs_test_1?x", ""] {
        assert!(stripe.outcome(&Charge { handle: Some(name.to_owned()), ..named.clone() }).await.is_err(), "{name}");
    }
    let mut elsewhere = config(&fake);
    elsewhere.stripe.pages = "https://checkout.stripe.com".to_owned();
    let elsewhere = Stripe::new(&elsewhere).unwrap().unwrap();
    assert!(elsewhere.charge(&charge()).await.is_err(), "buyers are sent to Stripe's pages and nowhere else");
}

#[tokio::test]
async fn a_page_whose_answer_was_lost_is_found_again() {
    let (fake, stripe) = open().await;
    for mood in [Mood::Lost, Mood::Slow(2_000)] {
        fake.desk().mood = mood;
        assert!(stripe.charge(&charge()).await.is_err(), "{mood:?}");
    }
    fake.desk().mood = Mood::Away;
    assert!(stripe.outcome(&charge()).await.is_err());
    fake.desk().mood = Mood::Well;
    let found = stripe.outcome(&charge()).await.unwrap();
    let id = fake.last().id;
    assert!(matches!(&found, Some(Outcome::Waits { handle, address: Some(_) }) if *handle == id), "{found:?}");
    assert_eq!(fake.desk().pages.len(), 1);
    // Asked for otherwise under the same key, as after the buyer's address changed: not known, not another page.
    let bill = Bill { email: None, ..charge().bill };
    assert!(stripe.outcome(&Charge { bill, ..charge() }).await.is_err());
    assert_eq!(fake.desk().pages.len(), 1);
}

#[tokio::test]
async fn what_stripe_does_not_take_is_declined_and_what_it_never_saw_is_unseen() {
    let (fake, stripe) = open().await;
    let free = Charge { amount: usd(0), bill: Bill::default(), ..charge() };
    assert!(matches!(stripe.charge(&free).await.unwrap(), Outcome::Declined { .. }));
    assert_eq!(stripe.outcome(&free).await.unwrap(), None);
    let odd = Charge { amount: Money::new(5_124, "KWD".parse().unwrap()), bill: Bill::default(), ..charge() };
    assert!(matches!(stripe.charge(&odd).await.unwrap(), Outcome::Declined { .. }), "not exactly payable");
    assert_eq!(fake.desk().pages.len(), 0);
    let mut config = config(&fake);
    config.stripe.secret_key = "sk_test_of_somebody_else".to_owned();
    let stranger = Stripe::new(&config).unwrap().unwrap();
    assert!(stranger.charge(&charge()).await.is_err(), "a wrong key says nothing of the payment");
}

#[tokio::test]
async fn a_buyer_who_comes_again_is_the_same_customer_unless_stripe_has_forgotten_them() {
    let (fake, stripe) = open().await;
    let (first, _) = begun(&stripe).await;
    fake.pay(first.handle.as_deref().unwrap());
    let Some(Outcome::Paid { customer: Some(customer), .. }) = stripe.outcome(&first).await.unwrap() else {
        panic!("Stripe names who paid");
    };
    let again = |reference: &str| {
        let bill = Bill { customer: Some(customer.clone()), ..charge().bill };
        Charge { reference: reference.to_owned(), bill, ..charge() }
    };
    stripe.charge(&again("second")).await.unwrap();
    assert_eq!(fake.last().customer.as_ref(), Some(&customer));
    fake.desk().customers.clear();
    for _ in 0..2 {
        stripe.charge(&again("third")).await.unwrap();
        assert_eq!((fake.last().customer, fake.desk().pages.len()), (None, 3));
    }
}

#[tokio::test]
async fn a_payment_is_given_up_unless_it_was_made() {
    let (fake, stripe) = open().await;
    let (named, _) = begun(&stripe).await;
    fake.desk().mood = Mood::Away;
    assert!(stripe.abandon(&named).await.is_err());
    fake.desk().mood = Mood::Well;
    for _ in 0..2 {
        assert!(matches!(stripe.abandon(&named).await.unwrap(), Some(Outcome::Abandoned { .. })));
    }
    assert_eq!(fake.last().status, "expired");
    // One whose answer was lost, and one that was paid a moment before.
    let lost = Charge { reference: "lost".to_owned(), ..charge() };
    assert!(matches!(stripe.abandon(&lost).await.unwrap(), Some(Outcome::Abandoned { .. })));
    let paid = Charge { reference: "paid".to_owned(), ..charge() };
    stripe.charge(&paid).await.unwrap();
    fake.pay(&fake.last().id);
    assert!(matches!(stripe.abandon(&paid).await.unwrap(), Some(Outcome::Paid { .. })));
}

#[tokio::test]
async fn money_is_given_back_once_whatever_is_lost_on_the_way() {
    let (fake, stripe) = open().await;
    let (named, _) = begun(&stripe).await;
    assert!(stripe.refund(&back(&named, "r0", 100)).await.is_ok(), "of nothing there is nothing to give back");
    fake.pay(named.handle.as_deref().unwrap());
    fake.desk().mood = Mood::Away;
    assert!(matches!(stripe.refund(&back(&named, "r1", 800)).await, Err(NotRefunded::Unreachable(_))));
    fake.desk().mood = Mood::Well;
    for _ in 0..3 {
        stripe.refund(&back(&named, "r1", 800)).await.unwrap();
        assert_eq!(fake.kept(), 1290);
    }
    stripe.refund(&back(&named, "r2", 1290)).await.unwrap();
    assert_eq!((fake.kept(), fake.desk().refunds.len()), (0, 2));
    let again = stripe.refund(&back(&named, "r3", 1)).await;
    assert!(matches!(&again, Err(NotRefunded::Elsewhere(intent)) if intent.starts_with("pi_")), "{again:?}");
}

#[tokio::test]
async fn of_a_charge_with_hundreds_of_refunds_each_is_read_and_the_oldest_is_not_made_again() {
    let (fake, stripe) = open().await;
    let (named, _) = begun(&stripe).await;
    let page = named.handle.as_deref().unwrap();
    fake.pay(page);
    stripe.refund(&back(&named, "r1", 800)).await.unwrap();
    for _ in 0..240 {
        fake.give_back(page, 1);
    }
    let charge = stripe.charge_of(&back(&named, "r1", 800)).await.unwrap().unwrap();
    let found = stripe.taken_back(&charge).await.unwrap().unwrap();
    let names: Vec<_> = found.refunds.iter().map(|given| given.name.clone()).collect();
    assert_eq!(names, (1..=241).map(|number| format!("re_{number}")).collect::<Vec<_>>(), "the oldest first");
    fake.desk().refunds[0].status = "failed";
    assert!(stripe.refund_failure(&back(&named, "r1", 800)).await.unwrap().is_some(), "the oldest is found");
}

#[tokio::test]
async fn a_refund_that_can_never_be_made_is_told_apart_from_one_that_waits() {
    let (fake, stripe) = open().await;
    let (named, _) = begun(&stripe).await;
    fake.pay(named.handle.as_deref().unwrap());
    fake.desk().refuses = Some(("charge_disputed", "It is disputed."));
    let refused = stripe.refund(&back(&named, "r1", 800)).await;
    assert!(matches!(&refused, Err(NotRefunded::Refused(why)) if why.contains("disputed")), "{refused:?}");
    fake.desk().refuses = Some(("balance_insufficient", "Fill your account."));
    assert!(matches!(stripe.refund(&back(&named, "r1", 800)).await, Err(NotRefunded::Unreachable(_))));
    fake.desk().refuses = None;
    fake.desk().refund_status = "pending";
    stripe.refund(&back(&named, "r1", 800)).await.unwrap();
    assert_eq!(stripe.refund_failure(&back(&named, "r1", 800)).await.unwrap(), None);
    // Days later the buyer's bank sends it back; it is given anew, once.
    fake.desk().refunds[0].status = "failed";
    let why = stripe.refund_failure(&back(&named, "r1", 800)).await.unwrap().unwrap();
    assert!(why.contains("expired_or_canceled_card"), "{why}");
    for _ in 0..2 {
        stripe.refund(&back(&named, "r1", 800)).await.unwrap();
        assert_eq!((fake.kept(), fake.desk().refunds.len()), (1290, 2));
    }
    assert_eq!(stripe.refund_failure(&back(&named, "r1", 800)).await.unwrap(), None);
}

#[tokio::test]
async fn a_shop_does_not_open_with_half_of_what_stripe_needs() {
    let fake = Fake::open().await;
    let error = |change: &dyn Fn(&mut Config)| {
        let mut config = config(&fake);
        change(&mut config);
        format!("{:#}", Stripe::new(&config).unwrap_err())
    };
    assert!(error(&|config| config.public_url.clear()).contains("public_url"));
    assert!(error(&|config| config.stripe.secret_key.clear()).contains("stripe.secret_key"));
    assert!(error(&|config| config.stripe.secret_key = "pk_test_x".to_owned()).contains("stripe.secret_key"));
    assert!(error(&|config| config.stripe.webhook_secrets = " , ".to_owned()).contains("stripe.webhook_secrets"));
    assert!(error(&|config| config.stripe.api = "http://stripe.example".to_owned()).contains("stripe.api"));
    assert!(error(&|config| config.stripe.pages = "https://x.example/y".to_owned()).contains("stripe.pages"));
    let mut simulated = config(&fake);
    simulated.payments.provider = PaymentKind::Simulated;
    assert!(Stripe::new(&simulated).unwrap().is_some(), "what was paid there is still paid back there");
    simulated.stripe.secret_key.clear();
    assert!(Stripe::new(&simulated).unwrap().is_none());
    let stripe = Stripe::new(&config(&fake)).unwrap().unwrap();
    assert_eq!((stripe.name(), stripe.page().unwrap().name), (NAME, "Stripe"));
    let shown = format!("{stripe:?} {:?}", config(&fake));
    assert!(!shown.contains("sk_test") && !shown.contains("whsec"), "no key is ever printed: {shown}");
}
