//! Buying: what is charged, what is had, and what happens when things go wrong in between.

use crate::database::{Shop, fresh};
use crate::fixtures::{
    AGREED, DAY, Title, bad_card, bank, buy, cart_of, fill, for_sale, good_card, pay, row, set, settle_due, shopper,
};
use async_trait::async_trait;
use domain::account::User;
use domain::catalog::Status;
use domain::entities::{audiobooks::Column, payments as payment_rows};
use domain::entitlements::owns;
use domain::ordering::attempts::{GIVEN_UP_MS, PAYMENT_GRACE_MS};
use domain::ordering::checkout::checkout;
use domain::ordering::orders::orders;
use domain::ordering::payment::{
    Charge, NotRefunded, Outcome, PaymentProvider, Payments, Refund, SimulatedBank, Unreachable,
};
use domain::ordering::{Order, OrderStatus, cart};
use domain::{Error, PageRequest, Result};
use sea_orm::{EntityTrait, PaginatorTrait};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

async fn in_cart(shop: &Shop, user: &User) -> u64 {
    cart::count(&shop.db, Some(&cart_of(user))).await.unwrap()
}

async fn orders_of(shop: &Shop, user: &User) -> Vec<Order> {
    orders(&shop.db, user.id, PageRequest::new(1, 100)).await.unwrap().items
}

#[tokio::test]
async fn what_is_paid_for_is_in_the_library_and_no_longer_in_the_cart() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    fill(&shop, &cart_of(&ada), &[&owl, &bell]).await;
    let order = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!(
        (order.status, order.total.minor, order.card_last4.as_deref()),
        (OrderStatus::Fulfilled, 2090, Some("4242"))
    );
    assert_eq!(order.paid_at, Some(shop.db.now()));
    let lines: Vec<_> = order.lines.iter().map(|line| (line.title.as_str(), line.price.minor)).collect();
    assert_eq!(lines, [("The Owl", 800), ("The Bell", 1290)]);
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap() && owns(&shop.db, ada.id, owl.id).await.unwrap());
    assert_eq!((in_cart(&shop, &ada).await, bank.charged()), (0, 1));
    assert_eq!(row(&shop, bell.id).await.sold_count, 1);
}

#[tokio::test]
async fn a_declined_card_charges_nothing_and_keeps_the_cart() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = shop.title("The Bell").licences(1).published().await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let order = pay(&shop, &payments, &ada, &bad_card()).await.unwrap();
    assert_eq!((order.status, order.card_last4), (OrderStatus::Declined, None));
    assert!(order.failure.is_some());
    assert_eq!((in_cart(&shop, &ada).await, bank.charged()), (1, 0));
    assert!(!owns(&shop.db, ada.id, bell.id).await.unwrap());
    let after = row(&shop, bell.id).await;
    assert_eq!((after.licences_sold, after.sold_count), (0, 0));
    let second = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!((second.status, bank.charged()), (OrderStatus::Fulfilled, 1));
}

#[tokio::test]
async fn after_declined_cards_the_next_try_waits_longer_and_longer() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = shop.title("The Bell").published().await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let mut waits = Vec::new();
    for _ in 0..6 {
        while let Err(Error::TooMany { wait_ms }) = pay(&shop, &payments, &ada, &bad_card()).await {
            waits.push(wait_ms / 60_000);
            shop.clock.advance(wait_ms);
        }
        assert_eq!(orders_of(&shop, &ada).await[0].status, OrderStatus::Declined);
    }
    assert_eq!(waits, [1, 2], "the first three and one more cost nobody any time");
    assert!(matches!(pay(&shop, &payments, &ada, &good_card()).await, Err(Error::TooMany { .. })));
    assert_eq!(bank.charged(), 0);
    shop.clock.advance(DAY);
    let paid = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!((paid.status, bank.charged()), (OrderStatus::Fulfilled, 1));
}

/// A bank that takes its time, so that others can come in between.
#[derive(Debug)]
struct SlowBank(Arc<SimulatedBank>);

#[async_trait]
impl PaymentProvider for SlowBank {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable> {
        tokio::time::sleep(Duration::from_millis(150)).await;
        self.0.charge(charge).await
    }

    async fn outcome(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        self.0.outcome(charge).await
    }

    async fn refund(&self, refund: &Refund) -> Result<(), NotRefunded> {
        self.0.refund(refund).await
    }
}

/// A bank that says when it was asked, and charges once it is let.
#[derive(Debug)]
struct GatedBank {
    bank: Arc<SimulatedBank>,
    asked: Notify,
    gate: Notify,
}

#[async_trait]
impl PaymentProvider for GatedBank {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable> {
        self.asked.notify_one();
        self.gate.notified().await;
        self.bank.charge(charge).await
    }

    async fn outcome(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        self.bank.outcome(charge).await
    }

    async fn refund(&self, refund: &Refund) -> Result<(), NotRefunded> {
        self.bank.refund(refund).await
    }
}

#[tokio::test]
async fn a_double_click_buys_once() {
    let shop = fresh().await;
    let ((bank, _), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let clicks: Vec<_> = (0..5)
        .map(|_| {
            let (db, payments, user_id) = (shop.db.clone(), Payments::from(Arc::new(SlowBank(bank.clone()))), ada.id);
            tokio::spawn(
                async move { checkout(&db, &payments, user_id, 1290, Some(&good_card()), "one key", AGREED).await },
            )
        })
        .collect();
    let mut numbers = Vec::new();
    for click in clicks {
        let order = click.await.unwrap().unwrap();
        assert_eq!(order.status, OrderStatus::Fulfilled);
        numbers.push(order.number);
    }
    numbers.dedup();
    assert_eq!((numbers.len(), bank.charged()), (1, 1));
    assert_eq!(orders_of(&shop, &ada).await.len(), 1);
    assert_eq!(payment_rows::Entity::find().count(shop.db.read()).await.unwrap(), 1);
    assert_eq!(row(&shop, bell.id).await.sold_count, 1);
}

#[tokio::test]
async fn two_windows_do_not_pay_for_the_same_title_twice() {
    let shop = fresh().await;
    let ((bank, _), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let payments = Payments::from(Arc::new(SlowBank(bank.clone())));
    let card = good_card();
    let (one, other) = tokio::join!(
        checkout(&shop.db, &payments, ada.id, 1290, Some(&card), "one window", AGREED),
        checkout(&shop.db, &payments, ada.id, 1290, Some(&card), "another window", AGREED)
    );
    assert_eq!(u8::from(one.is_ok()) + u8::from(other.is_ok()), 1);
    assert!(matches!(one.and(other), Err(Error::Conflict(_))));
    assert_eq!(bank.charged(), 1);
}

#[tokio::test]
async fn two_shoppers_race_for_the_last_licence_and_one_gets_it() {
    let shop = fresh().await;
    let (bank, _) = bank();
    let (bell, owl) = (shop.title("The Bell").licences(1).published().await, for_sale(&shop, "The Owl", 800).await);
    let mut shoppers = Vec::new();
    for (place, name) in ["Ada", "Bob", "Cleo", "Dan"].into_iter().enumerate() {
        let user = shopper(&shop, name).await;
        // In either order, as people do.
        let titles = if place % 2 == 0 { [&bell, &owl] } else { [&owl, &bell] };
        fill(&shop, &cart_of(&user), &titles).await;
        shoppers.push(user);
    }
    let races: Vec<_> = shoppers
        .iter()
        .map(|user| {
            let (db, payments, user_id) = (shop.db.clone(), Payments::from(Arc::new(SlowBank(bank.clone()))), user.id);
            tokio::spawn(
                async move { checkout(&db, &payments, user_id, 2090, Some(&good_card()), "key", AGREED).await },
            )
        })
        .collect();
    let mut won = 0;
    for race in races {
        match race.await.unwrap() {
            Ok(order) => won += u32::from(order.status == OrderStatus::Fulfilled),
            Err(error) => {
                assert!(matches!(&error, Error::Conflict(why) if why.to_string().contains("The Bell")), "{error:?}")
            }
        }
    }
    assert_eq!((won, bank.charged()), (1, 1));
    let after = row(&shop, bell.id).await;
    assert_eq!((after.licences_sold, after.sold_count), (1, 1));
    assert_eq!(row(&shop, owl.id).await.licences_sold, 1);
}

#[tokio::test]
async fn two_hundred_who_buy_the_last_licence_at_once_make_one_sale_and_each_is_told() {
    let shop = fresh().await;
    let (bank, payments) = bank();
    let bell = shop.title("The Bell").price(1290).licences(1).published().await;
    let mut buyers = Vec::new();
    for place in 0..200 {
        let user = shopper(&shop, &format!("Buyer{place}")).await;
        fill(&shop, &cart_of(&user), &[&bell]).await;
        buyers.push(user.id);
    }
    let race = buyers.into_iter().map(|user_id| {
        let (db, payments) = (shop.db.clone(), payments.clone());
        tokio::spawn(async move { checkout(&db, &payments, user_id, 1290, Some(&good_card()), "key", AGREED).await })
    });
    let mut sold = 0;
    for end in race.collect::<Vec<_>>() {
        match end.await.unwrap() {
            Ok(order) => sold += u32::from(order.status == OrderStatus::Fulfilled),
            Err(error) => {
                assert!(matches!(&error, Error::Conflict(why) if why.to_string().contains("The Bell")), "{error:?}")
            }
        }
    }
    assert_eq!((sold, bank.charged()), (1, 1));
    let after = row(&shop, bell.id).await;
    assert_eq!((after.licences_sold, after.sold_count), (1, 1));
}

#[tokio::test]
async fn the_price_charged_is_the_price_of_the_moment_and_not_the_pages() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    set(&shop, bell.id, Column::PriceMinor, 1500_i64).await;
    for shown in [1290, 0, -1, 1] {
        let refused = checkout(&shop.db, &payments, ada.id, shown, Some(&good_card()), "key", AGREED).await;
        assert!(matches!(&refused, Err(Error::Conflict(why)) if why.to_string().contains("$15.00")), "{refused:?}");
    }
    assert_eq!((bank.charged(), orders_of(&shop, &ada).await.len()), (0, 0));
    let order = checkout(&shop.db, &payments, ada.id, 1500, Some(&good_card()), "key", AGREED).await.unwrap();
    set(&shop, bell.id, Column::PriceMinor, 9900_i64).await;
    assert_eq!(orders_of(&shop, &ada).await, [order]);
}

#[tokio::test]
async fn what_can_no_longer_be_bought_is_not_sold() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let try_it = async |key: &str| checkout(&shop.db, &payments, ada.id, 1290, Some(&good_card()), key, AGREED).await;
    assert!(matches!(try_it("empty").await, Err(Error::Conflict(_))));
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    set(&shop, bell.id, Column::Status, Status::Archived).await;
    assert!(matches!(try_it("archived").await, Err(Error::Conflict(_))));
    set(&shop, bell.id, Column::Status, Status::Published).await;
    let keyless = [String::new(), "k".repeat(81)];
    for key in keyless {
        assert!(matches!(try_it(&key).await, Err(Error::Invalid { field: "key", .. })));
    }
    let cardless = checkout(&shop.db, &payments, ada.id, 1290, None, "cardless", AGREED).await;
    assert!(matches!(cardless, Err(Error::Invalid { field: "card", .. })));
    assert_eq!((bank.charged(), row(&shop, bell.id).await.licences_sold), (0, 0));
}

#[tokio::test]
async fn a_free_title_needs_no_card() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 0).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let order = checkout(&shop.db, &payments, ada.id, 0, None, "key", AGREED).await.unwrap();
    assert_eq!((order.status, order.card_last4, bank.charged()), (OrderStatus::Fulfilled, None, 0));
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap());
}

#[tokio::test]
async fn what_was_bought_stays_bought_when_the_title_is_archived() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = buy(&shop, &payments, &ada, &[&bell]).await;
    set(&shop, bell.id, Column::Status, Status::Archived).await;
    set(&shop, bell.id, Column::Title, "Another Name").await;
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap());
    assert_eq!(orders_of(&shop, &ada).await, [order]);
}

/// A bank whose answer does not come back: it may have charged, the shop cannot know.
#[derive(Debug)]
struct LostLine {
    bank: Arc<SimulatedBank>,
    charges: bool,
}

#[async_trait]
impl PaymentProvider for LostLine {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable> {
        if self.charges {
            self.bank.charge(charge).await?;
        }
        Err(Unreachable("the line went dead".into()))
    }

    async fn outcome(&self, _: &Charge) -> Result<Option<Outcome>, Unreachable> {
        Err(Unreachable("the line went dead".into()))
    }

    async fn refund(&self, _: &Refund) -> Result<(), NotRefunded> {
        Err(Unreachable("the line went dead".into()).into())
    }
}

async fn cut_off(shop: &Shop, charges: bool) -> (User, Title, Payments) {
    let ((bank, payments), ada) = (bank(), shopper(shop, "Ada").await);
    let bell = shop.title("The Bell").licences(1).published().await;
    fill(shop, &cart_of(&ada), &[&bell]).await;
    let lost = Payments::from(Arc::new(LostLine { bank, charges }));
    let order = pay(shop, &lost, &ada, &good_card()).await.unwrap();
    assert_eq!(order.status, OrderStatus::Pending);
    assert!(!owns(&shop.db, ada.id, bell.id).await.unwrap());
    assert_eq!(row(shop, bell.id).await.licences_sold, 1);
    shop.clock.advance(PAYMENT_GRACE_MS);
    settle_due(shop, &lost).await;
    assert_eq!(orders_of(shop, &ada).await[0].status, OrderStatus::Pending, "an order was settled without an answer");
    (ada, bell, payments)
}

#[tokio::test]
async fn a_purchase_cut_off_after_the_charge_is_settled_at_the_next_start() {
    let shop = fresh().await;
    let (ada, bell, payments) = cut_off(&shop, true).await;
    assert_eq!(settle_due(&shop, &payments).await, 0, "it was not given its time");
    shop.clock.advance(PAYMENT_GRACE_MS);
    assert_eq!(settle_due(&shop, &payments).await, 1);
    let orders = orders_of(&shop, &ada).await;
    assert_eq!((orders.len(), orders[0].status), (1, OrderStatus::Fulfilled));
    assert!(owns(&shop.db, ada.id, bell.id).await.unwrap());
    assert_eq!(in_cart(&shop, &ada).await, 0);
    shop.clock.advance(DAY);
    assert_eq!(settle_due(&shop, &payments).await, 0);
}

#[tokio::test]
async fn a_purchase_cut_off_before_the_charge_is_undone_at_the_next_start() {
    let shop = fresh().await;
    let (ada, bell, payments) = cut_off(&shop, false).await;
    let refused = pay(&shop, &payments, &ada, &good_card()).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "a second payment began while the first was under way");
    shop.clock.advance(PAYMENT_GRACE_MS);
    settle_due(&shop, &payments).await;
    assert_eq!(orders_of(&shop, &ada).await[0].status, OrderStatus::Pending, "it may still come");
    shop.clock.advance(GIVEN_UP_MS);
    settle_due(&shop, &payments).await;
    let orders = orders_of(&shop, &ada).await;
    assert_eq!((orders.len(), orders[0].status), (1, OrderStatus::Cancelled));
    assert!(!owns(&shop.db, ada.id, bell.id).await.unwrap());
    assert_eq!(row(&shop, bell.id).await.licences_sold, 0);
    let total = 1290;
    cart::add(&shop.db, &cart_of(&ada), &bell.slug).await.unwrap();
    let order = checkout(&shop.db, &payments, ada.id, total, Some(&good_card()), "once more", AGREED).await.unwrap();
    assert_eq!(order.status, OrderStatus::Fulfilled);
}

#[tokio::test]
async fn a_charge_that_comes_after_its_order_was_given_up_is_paid_back() {
    let shop = fresh().await;
    let ((bank, _), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let gated = Arc::new(GatedBank { bank: bank.clone(), asked: Notify::new(), gate: Notify::new() });
    let payments = Payments::from(gated.clone());
    let card = good_card();
    let giving_up = async {
        gated.asked.notified().await;
        shop.clock.advance(GIVEN_UP_MS);
        let given_up = settle_due(&shop, &payments).await;
        gated.gate.notify_one();
        given_up
    };
    let (order, given_up) =
        tokio::join!(checkout(&shop.db, &payments, ada.id, 1290, Some(&card), "key", AGREED), giving_up);
    assert_eq!((order.unwrap().status, given_up), (OrderStatus::Cancelled, 1));
    assert_eq!(bank.charged(), 1, "the late charge is given back by a job, not on the way");
    settle_due(&shop, &payments).await;
    assert_eq!(bank.charged(), 0);
    assert!(!owns(&shop.db, ada.id, bell.id).await.unwrap());
}
