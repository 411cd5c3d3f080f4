//! Bundles: several titles at one price.

use crate::coupons::unlimited;
use crate::database::{Shop, fresh};
use crate::fixtures::{
    AGREED, DAY, Title, ask_refund, bank, buy, cart_of, fill, for_sale, good_card, pay, refund, settle_due, shopper,
};
use crate::query_plans::{all_use_indexes, crowd};
use domain::account::email::mail::{Content, Purchase};
use domain::catalog::{AudiobookDetail, product_page, publish};
use domain::ordering::cart::{self, CartOwner, bundle, coupon};
use domain::ordering::checkout::checkout;
use domain::ordering::{Cart, orders};
use domain::promotions::{BundleForm, Chosen, CouponForm, Phase, SaleForm, bundles, coupons, sales};
use domain::{Currency, Db, Error, Money, PageRequest, secret};
use uuid::Uuid;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn form(name: &str, price: &str, titles: &[&Title]) -> BundleForm {
    let titles: Vec<&str> = titles.iter().map(|title| title.slug.as_str()).collect();
    BundleForm { name: name.into(), price: price.into(), titles: titles.join("\n"), ..BundleForm::default() }
}

async fn make(shop: &Shop, name: &str, price: &str, titles: &[&Title]) -> Uuid {
    bundles::save(&shop.db, None, &form(name, price, titles), Currency::USD).await.unwrap()
}

async fn coupon_of(shop: &Shop, code: &str, percent: &str, minimum: &str) {
    let chosen = Chosen { everything: true, ..Chosen::default() };
    let form = CouponForm {
        code: code.into(),
        percent: percent.into(),
        minimum: minimum.into(),
        chosen,
        ..CouponForm::default()
    };
    coupons::make(&shop.db, &form, Currency::USD).await.unwrap();
}

async fn cart_with(shop: &Shop, owner: &CartOwner, titles: &[&Title]) -> Cart {
    fill(shop, owner, titles).await;
    cart::get(&shop.db, Some(owner)).await.unwrap()
}

fn taken(cart: &Cart) -> Vec<(&str, i64)> {
    cart.bundles.iter().map(|bundle| (bundle.name.as_str(), bundle.off.minor)).collect()
}

async fn page(shop: &Shop, title: &Title) -> AudiobookDetail {
    product_page::page(&shop.db, &title.slug, None, 6).await.unwrap().0
}

/// What an admin does with bundles.
pub async fn make_and_end(shop: &Shop, db: &Db) {
    let (one, two) = (for_sale(shop, "The Mast", 800).await, for_sale(shop, "The Sail", 800).await);
    let form = form("Ships", "10.00", &[&one, &two]);
    let id = bundles::save(db, None, &form, Currency::USD).await.unwrap();
    bundles::save(db, Some(id), &form, Currency::USD).await.unwrap();
    bundles::end(db, id).await.unwrap();
}

#[tokio::test]
async fn a_bundle_counts_once_all_its_titles_are_in_the_cart() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl, fox) = (
        for_sale(&shop, "The Bell", 1000).await,
        for_sale(&shop, "The Owl", 500).await,
        for_sale(&shop, "The Fox", 333).await,
    );
    make(&shop, "By the sea", "12.00", &[&bell, &owl]).await;
    let cart = cart_with(&shop, &cart_of(&ada), &[&bell, &fox]).await;
    assert_eq!((taken(&cart), cart.total.minor), (vec![], 1333));
    let cart = cart_with(&shop, &cart_of(&ada), &[&owl]).await;
    assert_eq!(taken(&cart), [("By the sea", 300)]);
    assert_eq!((cart.subtotal.minor, cart.total.minor), (1833, 1533));
    let order = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    let lines: Vec<_> = order.lines.iter().map(|line| (line.title.as_str(), line.price.minor)).collect();
    assert_eq!(lines, [("The Bell", 800), ("The Fox", 333), ("The Owl", 400)], "by their prices, to the cent");
    assert_eq!((order.total.minor, order.subtotal().minor, bank.kept()), (1533, 1833, 1533));
    assert_eq!(order.bundles().iter().map(|bundle| bundle.off.minor).collect::<Vec<_>>(), [300]);
    assert_eq!(order.lines[0].sale_price().minor, 1000);
}

#[tokio::test]
async fn what_is_paid_back_of_a_bundled_line_is_what_was_paid_for_it() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let titles = [
        for_sale(&shop, "The Bell", 100).await,
        for_sale(&shop, "The Owl", 100).await,
        for_sale(&shop, "The Fox", 100).await,
    ];
    let all: Vec<&Title> = titles.iter().collect();
    make(&shop, "Three", "1.00", &all).await;
    fill(&shop, &cart_of(&ada), &all).await;
    let order = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    let prices: Vec<i64> = order.lines.iter().map(|line| line.price.minor).collect();
    assert_eq!((prices, order.total.minor), (vec![34, 33, 33], 100));
    ask_refund(&shop, &order, &[&order.lines[0]]).await.unwrap();
    settle_due(&shop, &payments).await;
    assert_eq!(bank.kept(), 66);
    let after = orders::order(&shop.db, ada.id, &order.number).await.unwrap();
    assert_eq!((after.refunded.minor, after.bundles()[0].off.minor), (34, 200));
}

#[tokio::test]
async fn a_bundle_that_is_no_cheaper_than_the_sales_of_its_titles_does_not_count() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    make(&shop, "Both", "15.00", &[&bell, &owl]).await;
    let chosen = Chosen { titles: bell.slug.clone(), ..Chosen::default() };
    let sale = |percent: &str| SaleForm {
        name: "S".into(),
        percent: percent.into(),
        chosen: chosen.clone(),
        ..SaleForm::default()
    };
    let id = sales::save(&shop.db, None, &sale("30"), Currency::USD).await.unwrap();
    let cart = cart_with(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    assert_eq!((taken(&cart), cart.total.minor), (vec![("Both", 200)], 1500), "less than 700 and 1000");
    assert_eq!(page(&shop, &bell).await.bundles[0].saves, usd(200));
    sales::save(&shop.db, Some(id), &sale("50"), Currency::USD).await.unwrap();
    let cart = cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    assert_eq!((taken(&cart), cart.total.minor), (vec![], 1500), "500 and 1000 are no more");
    assert!(page(&shop, &bell).await.bundles.is_empty());
}

#[tokio::test]
async fn of_bundles_that_share_a_title_the_one_that_saves_more_counts() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let (a, b, c) =
        (for_sale(&shop, "A", 1000).await, for_sale(&shop, "B", 1000).await, for_sale(&shop, "C", 1000).await);
    make(&shop, "A and B", "18.00", &[&a, &b]).await;
    make(&shop, "B and C", "15.00", &[&b, &c]).await;
    let cart = cart_with(&shop, &cart_of(&ada), &[&a, &b, &c]).await;
    assert_eq!((taken(&cart), cart.total.minor), (vec![("B and C", 500)], 2500));
    let names: Vec<_> = page(&shop, &b).await.bundles.into_iter().map(|offer| offer.name).collect();
    assert_eq!(names, ["B and C", "A and B"], "the page begins with what saves most");
}

#[tokio::test]
async fn a_coupon_takes_its_part_off_what_the_bundle_leaves() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    make(&shop, "Both", "15.00", &[&bell, &owl]).await;
    coupon_of(&shop, "TENTH", "10", "").await;
    coupon_of(&shop, "LARGE", "10", "16.00").await;
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    let refused = coupon::apply(&shop.db, &unlimited(), &cart_of(&ada), "LARGE").await.unwrap_err();
    assert_eq!(refused.code(), "coupon.below-minimum", "the cart comes to 15.00");
    coupon::apply(&shop.db, &unlimited(), &cart_of(&ada), "TENTH").await.unwrap();
    let cart = cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    assert_eq!((cart.subtotal.minor, cart.coupon.unwrap().discount.minor, cart.total.minor), (2000, 150, 1350));
    let order = pay(&shop, &payments, &ada, &good_card()).await.unwrap();
    assert_eq!((order.subtotal().minor, order.discount.minor, order.total.minor), (2000, 150, 1350));
    for line in &order.lines {
        assert_eq!((line.price.minor, line.discount.minor, line.sale_price().minor), (675, 75, 1000));
    }
    assert_eq!(bank.kept(), 1350);
    refund(&shop, &payments, &ada, &order).await;
    assert_eq!(bank.kept(), 0);
}

#[tokio::test]
async fn a_bundle_that_ends_between_cart_and_checkout_charges_nothing_and_says_so() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    let id = make(&shop, "Both", "15.00", &[&bell, &owl]).await;
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    bundles::end(&shop.db, id).await.unwrap();
    let card = good_card();
    let refused = checkout(&shop.db, &payments, ada.id, 1500, Some(&card), &secret::token(), AGREED).await.unwrap_err();
    assert_eq!((refused.code(), bank.charged()), ("checkout.price-changed", 0));
    pay(&shop, &payments, &ada, &card).await.unwrap();
    assert_eq!(bank.kept(), 2000);
}

#[tokio::test]
async fn the_receipt_by_mail_says_what_the_bundle_took_off() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    make(&shop, "Both", "15.00", &[&bell, &owl]).await;
    buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    let letters = crate::mailbox::deliver(&shop).await;
    let Content::Purchase(Purchase::Receipt { lines, bundles, total, .. }) = &letters[0].content else {
        panic!("{letters:?}")
    };
    assert_eq!((lines[0].price, lines[1].price, *total), (usd(1000), usd(1000), usd(1500)));
    assert_eq!(bundles, &[("Both".to_owned(), usd(500))]);
}

#[tokio::test]
async fn the_page_of_each_title_offers_the_others_with_it() {
    let shop = fresh().await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 600).await);
    let lamp = for_sale(&shop, "The Lamp", 600).await;
    let id = make(&shop, "Both", "12.00", &[&bell, &owl]).await;
    for (title, other) in [(&bell, &owl), (&owl, &bell)] {
        let offers = page(&shop, title).await.bundles;
        assert_eq!(offers.len(), 1);
        assert_eq!((offers[0].id, offers[0].price, offers[0].saves), (id, usd(1200), usd(400)));
        assert_eq!(offers[0].others.iter().map(|one| one.id).collect::<Vec<_>>(), [other.id]);
    }
    let (detail, more) = product_page::page(&shop.db, &bell.slug, None, 6).await.unwrap();
    assert!(!more.iter().any(|one| one.id == owl.id), "what is offered together is not said twice");
    assert!(more.iter().any(|one| one.id == lamp.id), "and what is only like it stays");
    assert_eq!(detail.summary.id, bell.id);
    assert!(page(&shop, &lamp).await.bundles.is_empty());
    bundles::end(&shop.db, id).await.unwrap();
    assert!(page(&shop, &bell).await.bundles.is_empty(), "at once");
}

#[tokio::test]
async fn a_bundle_with_a_title_that_nobody_can_buy_is_not_offered() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1000).await;
    let rare = shop.title("The Rare").price(1000).licences(1).published().await;
    let owl = for_sale(&shop, "The Owl", 1000).await;
    let id = make(&shop, "Rare", "15.00", &[&bell, &rare]).await;
    make(&shop, "Owls", "15.00", &[&bell, &owl]).await;
    assert_eq!(page(&shop, &bell).await.bundles.len(), 2);
    buy(&shop, &payments, &ada, &[&rare]).await;
    publish::archive(&shop.db, owl.id).await.unwrap();
    assert!(page(&shop, &bell).await.bundles.is_empty());
    let guest = CartOwner::Guest("a guest".into());
    assert_eq!(bundle::add(&shop.db, &guest, id).await.unwrap_err().code(), "cart.sold-out");
}

#[tokio::test]
async fn a_bundle_counts_from_its_beginning_to_its_end() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    let times = BundleForm {
        starts: "2026-11-21T09:00".into(),
        ends: "2026-11-22T09:00".into(),
        ..form("Day", "15.00", &[&bell, &owl])
    };
    bundles::save(&shop.db, None, &times, Currency::USD).await.unwrap();
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    let total = async || cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap().total.minor;
    let offered = async || page(&shop, &bell).await.bundles.len();
    assert_eq!((total().await, offered().await), (2000, 0));
    shop.clock.advance(DAY);
    assert_eq!((total().await, offered().await), (1500, 1));
    shop.clock.advance(DAY);
    assert_eq!((total().await, offered().await), (2000, 0));
    let rows = bundles::list(&shop.db, PageRequest::new(1, 10)).await.unwrap().items;
    assert_eq!((rows[0].phase, rows[0].titles.len()), (Phase::Over, 2));
}

#[tokio::test]
async fn all_titles_of_a_bundle_are_put_into_the_cart_at_once() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    let id = make(&shop, "Both", "15.00", &[&bell, &owl]).await;
    let guest = CartOwner::Guest("a guest".into());
    fill(&shop, &guest, &[&owl]).await;
    for new in [vec![bell.slug.clone()], Vec::new()] {
        assert_eq!(bundle::add(&shop.db, &guest, id).await.unwrap(), new);
        let cart = cart::get(&shop.db, Some(&guest)).await.unwrap();
        assert_eq!((cart.items.len(), cart.total.minor), (2, 1500));
    }
    buy(&shop, &payments, &ada, &[&bell]).await;
    let refused = bundle::add(&shop.db, &cart_of(&ada), id).await.unwrap_err();
    assert!(refused.code() == "bundle.owned" && refused.to_string().contains("The Bell"), "{refused}");
    bundles::end(&shop.db, id).await.unwrap();
    assert_eq!(bundle::add(&shop.db, &guest, id).await.unwrap_err().code(), "bundle.gone");
    assert_eq!(bundle::add(&shop.db, &guest, Uuid::nil()).await.unwrap_err().code(), "bundle.gone");
}

#[tokio::test]
async fn a_bundle_is_of_two_titles_at_least_and_cheaper_than_they_are() {
    let shop = fresh().await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    let euro = shop.title("Euro").price(1000).currency("EUR".parse().unwrap()).published().await;
    let refused = async |form: BundleForm| match bundles::save(&shop.db, None, &form, Currency::USD).await {
        Err(Error::Invalid { field, refusal }) => (field, refusal.code()),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(form("One", "5.00", &[&bell])).await, ("titles", "bundle.titles"));
    assert_eq!(refused(form("", "5.00", &[&bell, &owl])).await, ("name", "promotion.no-name"));
    assert_eq!(refused(form("Dear", "20.00", &[&bell, &owl])).await, ("price", "bundle.not-cheaper"));
    assert_eq!(refused(form("Mixed", "5.00", &[&bell, &euro])).await, ("titles", "bundle.other-currency"));
    let unknown = BundleForm { titles: "nothing\nthe-bell".into(), ..form("Lost", "5.00", &[]) };
    assert_eq!(refused(unknown).await, ("titles", "promotion.title-unknown"));
    let id = make(&shop, "Both", "15.00", &[&bell, &owl]).await;
    let kept = bundles::form(&shop.db, id).await.unwrap();
    assert_eq!((kept.price.as_str(), kept.titles.as_str()), ("15.00", "the-bell\nthe-owl"));
    bundles::save(&shop.db, Some(id), &BundleForm { price: "14.00".into(), ..kept.clone() }, Currency::USD)
        .await
        .unwrap();
    bundles::end(&shop.db, id).await.unwrap();
    let over = bundles::save(&shop.db, Some(id), &kept, Currency::USD).await;
    assert!(over.is_err(), "what is over stays over");
}

#[tokio::test]
async fn bundles_look_up_their_own_rows() {
    let shop = fresh().await;
    crowd(&shop).await;
    let ada = shopper(&shop, "Ada").await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 1000).await);
    let id = make(&shop, "Both", "15.00", &[&bell, &owl]).await;
    shop.statements.take();
    bundle::add(&shop.db, &cart_of(&ada), id).await.unwrap();
    cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    product_page::page(&shop.db, &bell.slug, None, 6).await.unwrap();
    bundles::form(&shop.db, id).await.unwrap();
    all_use_indexes(&shop).await;
}
