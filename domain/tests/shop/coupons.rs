//! Coupons: what they take off, and why they may not.

use crate::database::{Shop, fresh};
use crate::fixtures::{
    AGREED, DAY, ask_refund, bad_card, bank, buy, cart_of, fill, for_sale, good_card, pay, settle_due, shopper,
};
use async_trait::async_trait;
use domain::account::User;
use domain::jobs::{self, Queue};
use domain::limits::{Limits, Rule};
use domain::ordering::attempts::GIVEN_UP_MS;
use domain::ordering::cart::{self, CartOwner, coupon};
use domain::ordering::checkout::checkout;
use domain::ordering::payment::{Charge, NotRefunded, Outcome, PaymentProvider, Payments, Refund, Unreachable};
use domain::ordering::{Order, OrderStatus, coupons as used};
use domain::promotions::{Chosen, CouponForm, CouponRow, SaleForm, coupons, sales};
use domain::{Currency, Db, Error, Money, PageRequest, Result, job_kinds, secret};
use std::sync::Arc;

pub fn unlimited() -> Limits {
    Limits::in_memory(Default::default(), Arc::new(domain::SystemClock))
}

/// For all titles.
fn for_all() -> CouponForm {
    CouponForm { chosen: Chosen { everything: true, ..Chosen::default() }, ..CouponForm::default() }
}

async fn make(shop: &Shop, code: &str, form: CouponForm) -> String {
    coupons::make(&shop.db, &CouponForm { code: code.to_owned(), ..form }, Currency::USD).await.unwrap()
}

/// A coupon of so many percent.
pub async fn percent(shop: &Shop, code: &str, percent: i64) -> String {
    make(shop, code, CouponForm { percent: percent.to_string(), ..for_all() }).await
}

pub async fn apply(shop: &Shop, owner: &CartOwner, code: &str) -> Result<()> {
    coupon::apply(&shop.db, &unlimited(), owner, code).await
}

/// Why a code is refused.
async fn refused(shop: &Shop, user: &User, code: &str) -> &'static str {
    apply(shop, &cart_of(user), code).await.unwrap_err().code()
}

async fn row(shop: &Shop, code: &str) -> CouponRow {
    let all = used::list(&shop.db, PageRequest::new(1, 50)).await.unwrap().items;
    all.into_iter().find(|coupon| coupon.code == code).unwrap()
}

async fn uses(shop: &Shop, code: &str) -> i32 {
    row(shop, code).await.uses
}

/// What an admin does with sales and coupons.
pub async fn reduce_and_end(db: &Db) {
    let chosen = Chosen { everything: true, ..Chosen::default() };
    let form = SaleForm { name: "Winter".into(), percent: "5".into(), chosen, ..SaleForm::default() };
    let sale = sales::save(db, None, &form, Currency::USD).await.unwrap();
    sales::save(db, Some(sale), &form, Currency::USD).await.unwrap();
    sales::end(db, sale).await.unwrap();
    coupons::make(db, &CouponForm { percent: "5".into(), ..for_all() }, Currency::USD).await.unwrap();
    let made = used::list(db, PageRequest::new(1, 1)).await.unwrap().items.remove(0);
    coupons::switch_off(db, made.id).await.unwrap();
}

#[tokio::test]
async fn a_coupon_takes_its_part_off_the_cart_and_the_order() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 333).await);
    percent(&shop, "WINTER", 10).await;
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    apply(&shop, &cart_of(&ada), " winter ").await.unwrap();
    let cart = cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    let coupon = cart.coupon.unwrap();
    assert_eq!((coupon.code.as_str(), coupon.discount.minor, coupon.refused), ("WINTER", 133, None));
    assert_eq!((cart.subtotal.minor, cart.total.minor), (1333, 1200));
    let order = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!((order.coupon.as_deref(), order.subtotal().minor, order.total.minor), (Some("WINTER"), 1333, 1200));
    let lines: Vec<_> = order.lines.iter().map(|line| (line.sale_price().minor, line.discount.minor)).collect();
    assert_eq!(lines, [(1000, 100), (333, 33)]);
    assert_eq!((bank.kept(), uses(&shop, "WINTER").await), (1200, 1));
    assert_eq!(row(&shop, "WINTER").await.brought, [Money::new(1200, Currency::USD)]);
    let after = cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    assert_eq!((after.items.len(), after.coupon), (0, None));
}

#[tokio::test]
async fn an_amount_never_takes_off_more_than_there_is() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 300).await;
    make(&shop, "FIVER", CouponForm { amount: "5.00".into(), ..for_all() }).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    apply(&shop, &cart_of(&ada), "FIVER").await.unwrap();
    let order = checkout(&shop.db, &payments, ada.id, 0, None, &secret::token(), AGREED).await.unwrap();
    assert_eq!((order.status, order.total.minor, order.discount.minor), (OrderStatus::Fulfilled, 0, 300));
}

#[tokio::test]
async fn a_coupon_takes_off_only_what_it_is_for() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let sea = shop.title("Sea").price(1000).category("sea").published().await;
    let land = shop.title("Land").price(1000).category("land").published().await;
    let chosen = Chosen { categories: vec!["sea".into()], ..Chosen::default() };
    make(&shop, "SAILS", CouponForm { percent: "50".into(), chosen, ..CouponForm::default() }).await;
    fill(&shop, &cart_of(&ada), &[&land]).await;
    assert_eq!(refused(&shop, &ada, "SAILS").await, "coupon.for-nothing");
    fill(&shop, &cart_of(&ada), &[&sea]).await;
    apply(&shop, &cart_of(&ada), "SAILS").await.unwrap();
    assert_eq!(cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap().total.minor, 1500);
}

#[tokio::test]
async fn each_reason_why_a_coupon_is_refused_is_said() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    let off = |form: CouponForm| CouponForm { percent: "10".into(), ..form };
    make(&shop, "LATER", off(CouponForm { starts: "2026-11-21T09:00".into(), ..for_all() })).await;
    make(&shop, "TODAY", off(CouponForm { ends: "2026-11-20T10:00".into(), ..for_all() })).await;
    make(&shop, "LARGE", off(CouponForm { minimum: "10.01".into(), ..for_all() })).await;
    make(&shop, "ONCE", off(CouponForm { once_each: true, ..for_all() })).await;
    make(&shop, "SINGLE", off(CouponForm { max_uses: "1".into(), ..for_all() })).await;
    percent(&shop, "GONE", 10).await;
    coupons::switch_off(&shop.db, row(&shop, "GONE").await.id).await.unwrap();
    assert_eq!(refused(&shop, &ada, "").await, "coupon.empty");
    assert_eq!(refused(&shop, &ada, "TODAY").await, "cart.empty");
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    for (code, why) in [
        ("NOWHERE", "coupon.unknown"),
        ("GONE", "coupon.unknown"),
        ("LATER", "coupon.not-yet"),
        ("LARGE", "coupon.below-minimum"),
    ] {
        assert_eq!(refused(&shop, &ada, code).await, why, "{code}");
    }
    apply(&shop, &cart_of(&ada), "ONCE").await.unwrap();
    pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    fill(&shop, &cart_of(&ada), &[&owl]).await;
    assert_eq!(refused(&shop, &ada, "ONCE").await, "coupon.used-by-you");
    let bob = shopper(&shop, "Bob").await;
    fill(&shop, &cart_of(&bob), &[&bell]).await;
    apply(&shop, &cart_of(&bob), "SINGLE").await.unwrap();
    pay(&shop, &payments, &bob, &good_card()).await.unwrap();
    assert_eq!(refused(&shop, &ada, "SINGLE").await, "coupon.used-up");
    // Each title that was put into a cart took a millisecond.
    shop.clock.advance(60 * 60_000 - 4);
    apply(&shop, &cart_of(&ada), "TODAY").await.unwrap();
    shop.clock.advance(1);
    assert_eq!(refused(&shop, &ada, "TODAY").await, "coupon.over");
    shop.clock.advance(DAY - 60 * 60_000);
    apply(&shop, &cart_of(&ada), "LATER").await.unwrap();
}

#[tokio::test]
async fn a_coupon_that_no_longer_fits_stays_in_the_cart_and_says_why() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 500).await);
    make(&shop, "LARGE", CouponForm { percent: "10".into(), minimum: "12.00".into(), ..for_all() }).await;
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    apply(&shop, &cart_of(&ada), "LARGE").await.unwrap();
    cart::remove(&shop.db, &cart_of(&ada), &owl.slug).await.unwrap();
    let shown = cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    assert_eq!(shown.total.minor, 1000);
    assert!(shown.coupon.unwrap().refused.unwrap().contains("$12.00"));
    // What is shown is what is paid, and the coupon is not used for it.
    let order = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!((order.coupon, bank.kept(), uses(&shop, "LARGE").await), (None, 1000, 0));
}

#[tokio::test]
async fn a_coupon_that_ends_between_cart_and_checkout_charges_nothing_and_says_why() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    make(&shop, "TODAY", CouponForm { percent: "10".into(), ends: "2026-11-20T10:00".into(), ..for_all() }).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    apply(&shop, &cart_of(&ada), "TODAY").await.unwrap();
    shop.clock.advance(DAY);
    let refused =
        checkout(&shop.db, &payments, ada.id, 900, Some(&good_card()), &secret::token(), AGREED).await.unwrap_err();
    let Error::Conflict(why) = &refused else { panic!("{refused}") };
    assert_eq!(why.code(), "checkout.coupon-refused");
    assert!(why.sentence().contains("no longer valid") && why.sentence().contains("$10.00"), "{}", why.sentence());
    assert_eq!(bank.charged(), 0);
}

#[tokio::test]
async fn of_two_buyers_with_the_last_use_one_gets_it_and_the_other_is_told() {
    let shop = fresh().await;
    let (bank, payments) = bank();
    let bell = for_sale(&shop, "The Bell", 1000).await;
    make(&shop, "LAST", CouponForm { percent: "10".into(), max_uses: "1".into(), ..for_all() }).await;
    let mut buyers = Vec::new();
    for name in ["Ada", "Bob", "Cleo", "Dan"] {
        let buyer = shopper(&shop, name).await;
        fill(&shop, &cart_of(&buyer), &[&bell]).await;
        apply(&shop, &cart_of(&buyer), "LAST").await.unwrap();
        buyers.push(buyer);
    }
    let buying = buyers.iter().map(|buyer| {
        let (payments, id) = (payments.clone(), buyer.id);
        let db = shop.db.clone();
        tokio::spawn(
            async move { checkout(&db, &payments, id, 900, Some(&good_card()), &secret::token(), AGREED).await },
        )
    });
    let mut outcomes = Vec::new();
    for buying in buying.collect::<Vec<_>>() {
        outcomes.push(buying.await.unwrap());
    }
    let got = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let told = |outcome: &&Result<Order>| matches!(outcome, Err(Error::Conflict(why)) if why.code() == "checkout.coupon-refused" && why.sentence().contains("used up"));
    assert_eq!((got, outcomes.iter().filter(told).count()), (1, 3), "{outcomes:?}");
    assert_eq!((bank.kept(), uses(&shop, "LAST").await), (900, 1));
}

#[tokio::test]
async fn a_use_is_given_back_when_the_card_is_declined() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    make(&shop, "MINE", CouponForm { percent: "10".into(), once_each: true, max_uses: "1".into(), ..for_all() }).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    apply(&shop, &cart_of(&ada), "MINE").await.unwrap();
    let declined = pay(&shop, &payments, &ada, &bad_card()).await.unwrap();
    assert_eq!((declined.status, uses(&shop, "MINE").await), (OrderStatus::Declined, 0));
    let paid = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!((paid.status, paid.total.minor, uses(&shop, "MINE").await), (OrderStatus::Fulfilled, 900, 1));
}

/// A bank that is never reached.
#[derive(Debug)]
struct Silence;

#[async_trait]
impl PaymentProvider for Silence {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn charge(&self, _: &Charge) -> Result<Outcome, Unreachable> {
        Err(Unreachable("nobody answers".into()))
    }

    async fn outcome(&self, _: &Charge) -> Result<Option<Outcome>, Unreachable> {
        Ok(None)
    }

    async fn refund(&self, _: &Refund) -> Result<(), NotRefunded> {
        Ok(())
    }
}

#[tokio::test]
async fn a_use_is_given_back_when_the_order_is_cancelled() {
    let shop = fresh().await;
    let (payments, ada) = (Payments::from(Arc::new(Silence)), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    percent(&shop, "WINTER", 10).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    apply(&shop, &cart_of(&ada), "WINTER").await.unwrap();
    let waits = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!((waits.status, uses(&shop, "WINTER").await), (OrderStatus::Pending, 1));
    shop.clock.advance(GIVEN_UP_MS);
    settle_due(&shop, &payments).await;
    assert_eq!(uses(&shop, "WINTER").await, 0);
}

#[tokio::test]
async fn what_is_paid_back_of_a_line_is_what_was_paid_for_it() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 333).await);
    percent(&shop, "WINTER", 10).await;
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    apply(&shop, &cart_of(&ada), "WINTER").await.unwrap();
    let order = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    ask_refund(&shop, &order, &[&order.lines[1]]).await.unwrap();
    settle_due(&shop, &payments).await;
    assert_eq!(bank.kept(), 900, "300 of 333 came back");
    assert_eq!(
        (row(&shop, "WINTER").await.brought, uses(&shop, "WINTER").await),
        (vec![Money::new(900, Currency::USD)], 1)
    );
}

#[tokio::test]
async fn a_guests_coupon_goes_along_into_the_cart_of_who_logs_in() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let bell = for_sale(&shop, "The Bell", 1000).await;
    percent(&shop, "WINTER", 10).await;
    let guest = CartOwner::Guest("a guest".into());
    fill(&shop, &guest, &[&bell]).await;
    apply(&shop, &guest, "WINTER").await.unwrap();
    cart::merge_guest_cart(&shop.db, "a guest", ada.id).await.unwrap();
    assert_eq!(cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap().total.minor, 900);
    coupon::remove(&shop.db, &cart_of(&ada)).await.unwrap();
    assert_eq!(cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap().total.minor, 1000);
}

#[tokio::test]
async fn codes_are_guessed_only_so_often() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let bell = for_sale(&shop, "The Bell", 1000).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let few = [(Rule::Coupon, "3/1h".parse().unwrap())].into();
    let limits = Limits::in_memory(few, shop.clock.clone());
    let db = shop.db.acting(domain::Actor::visitor("192.0.2.7".parse().ok(), None));
    for n in 0..3 {
        let refused = coupon::apply(&db, &limits, &cart_of(&ada), &format!("GUESS{n}")).await.unwrap_err();
        assert_eq!(refused.code(), "coupon.unknown");
    }
    let refused = coupon::apply(&db, &limits, &cart_of(&ada), "GUESS").await.unwrap_err();
    assert!(matches!(refused, Error::TooMany { .. }), "{refused}");
}

#[tokio::test]
async fn a_code_is_made_once() {
    let shop = fresh().await;
    percent(&shop, "WINTER", 10).await;
    let again = CouponForm { code: "winter".into(), percent: "5".into(), ..for_all() };
    let refused = coupons::make(&shop.db, &again, Currency::USD).await.unwrap_err();
    assert_eq!(refused.code(), "promotion.code-taken");
}

#[tokio::test]
async fn the_receipt_by_mail_says_what_the_coupon_took_off() {
    use domain::account::email::mail::{Content, Purchase};
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = shop.title("The Bell").price(1000).sale(800, None, None).published().await;
    percent(&shop, "WINTER", 10).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    apply(&shop, &cart_of(&ada), "WINTER").await.unwrap();
    pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    let letters = crate::mailbox::deliver(&shop).await;
    let Content::Purchase(Purchase::Receipt { lines, coupon, total, .. }) = &letters[0].content else {
        panic!("{letters:?}")
    };
    let usd = |minor| Money::new(minor, Currency::USD);
    assert_eq!((lines[0].price, lines[0].list), (usd(800), Some(usd(1000))));
    assert_eq!((coupon.clone(), *total), (Some(("WINTER".to_owned(), usd(80))), usd(720)));
    assert!(jobs::claim(&shop.db, job_kinds::all(), Queue::Mail, "post", 1000, 1).await.unwrap().is_empty());
    buy(&shop, &payments, &shopper(&shop, "Bob").await, &[&bell]).await;
}
