//! Tax: what is paid, what is kept of it, and that both always come to the same.

use crate::coupons::{apply, percent};
use crate::database::{Shop, fresh};
use crate::fixtures::{AGREED, ask_refund, bank, cart_of, fill, for_sale, good_card, settle_due, shopper};
use domain::account::User;
use domain::account::email::mail::{Content, Purchase as Mail};
use domain::ordering::checkout::{Purchase, buy};
use domain::ordering::payment::Payments;
use domain::ordering::{Order, OrderStatus, cart, orders};
use domain::pricing::tax::{TaxForm, keep};
use domain::{Country, Currency, Db, Result, secret};

pub fn country(code: &str) -> Country {
    code.parse().unwrap()
}

/// Sets the tax of a country.
pub async fn set(db: &Db, code: &str, name: &str, rate: &str) {
    let form = TaxForm { country: code.to_owned(), name: name.to_owned(), rate: rate.to_owned() };
    keep::save(db, &form).await.unwrap();
}

/// Sets a tax, takes it away, and says that tax is in the prices: each leaves a line in the trail.
pub async fn keep_taxes(db: &Db) {
    set(db, "DE", "VAT", "19").await;
    keep::remove(db, country("DE")).await.unwrap();
    keep::set_added(db, false).await.unwrap();
}

/// Pays for what is in the cart as somebody who lives there, at the total that the checkout shows.
pub async fn pay_in(shop: &Shop, payments: &Payments, user: &User, code: &str) -> Result<Order> {
    let shown = cart::get_in(&shop.db, Some(&cart_of(user)), Some(country(code))).await?.total.minor;
    pay_at(shop, payments, user, Some(country(code)), shown).await
}

async fn pay_at(shop: &Shop, payments: &Payments, user: &User, country: Option<Country>, minor: i64) -> Result<Order> {
    let (card, key) = (good_card(), secret::token());
    let purchase =
        Purchase { expected_total_minor: minor, card: Some(&card), key: &key, agreed: AGREED, country, currency: None };
    buy(&shop.db, payments, user.id, purchase).await
}

/// That an order adds up, to the last minor unit.
fn adds_up(order: &Order) {
    let paid: i64 = order.lines.iter().map(|line| line.price.minor).sum();
    let tax: i64 = order.lines.iter().filter_map(|line| line.tax.as_ref()).map(|tax| tax.amount.minor).sum();
    let net: i64 = order.lines.iter().map(|line| line.net().minor).sum();
    assert_eq!((paid, tax, net + tax), (order.total.minor, order.tax.minor, order.total.minor));
    let on_top: i64 = order.taxes().iter().filter(|tax| tax.added).map(|tax| tax.amount.minor).sum();
    assert_eq!(order.subtotal().minor - order.discount.minor + on_top, order.total.minor);
    assert!(order.taxes().iter().all(|tax| tax.gross().minor == tax.net.minor + tax.amount.minor));
}

#[tokio::test]
async fn tax_that_is_in_the_prices_changes_nothing_of_what_is_paid() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    set(&shop.db, "DE", "VAT", "19").await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 333).await);
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    let order = pay_in(&shop, &payments, &ada, "DE").await.unwrap();
    assert_eq!((order.total.minor, bank.kept(), order.country), (1623, 1623, Some(country("DE"))));
    let tax: Vec<_> = order.lines.iter().map(|line| line.tax.as_ref().unwrap().amount.minor).collect();
    // 1290 − 1290 / 1.19 = 205.97, 333 − 333 / 1.19 = 53.17.
    assert_eq!(tax, [206, 53]);
    assert_eq!(order.taxes()[0].words(), "VAT 19%");
    adds_up(&order);
}

#[tokio::test]
async fn tax_that_is_added_raises_each_line_and_the_total_before_anything_is_paid() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    set(&shop.db, "CA", "QST", "9.975").await;
    keep::set_added(&shop.db, true).await.unwrap();
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 1290).await);
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    let before = cart::get(&shop.db, Some(&cart_of(&ada))).await.unwrap();
    assert_eq!((before.total.minor, before.tax.asked, before.tax.added), (2580, true, true));
    let shown = cart::get_in(&shop.db, Some(&cart_of(&ada)), Some(country("CA"))).await.unwrap();
    // 1290 × 9.975 % = 128.68 a line; of the sum it would be 257.36.
    assert_eq!((shown.subtotal.minor, shown.total.minor, shown.tax.sums[0].amount.minor), (2580, 2838, 258));
    let order = pay_in(&shop, &payments, &ada, "CA").await.unwrap();
    assert_eq!((order.total.minor, order.tax.minor, bank.kept()), (2838, 258, 2838));
    assert_eq!((order.lines[0].sale_price().minor, order.lines[0].price.minor), (1290, 1419));
    adds_up(&order);
}

#[tokio::test]
async fn a_country_without_a_rate_pays_no_tax_and_has_no_line_of_it() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    set(&shop.db, "DE", "VAT", "19").await;
    keep::set_added(&shop.db, true).await.unwrap();
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let order = pay_in(&shop, &payments, &ada, "TH").await.unwrap();
    assert_eq!((order.total.minor, order.tax.minor, order.taxes()), (1290, 0, Vec::new()));
    assert_eq!(order.country, Some(country("TH")), "it is known why");
    adds_up(&order);
    assert_eq!(orders::last_country(&shop.db, ada.id).await.unwrap(), Some(country("TH")), "and proposed next time");
}

#[tokio::test]
async fn nobody_buys_without_saying_where_they_live_once_there_is_a_tax() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    set(&shop.db, "DE", "VAT", "19").await;
    let refused = pay_at(&shop, &payments, &ada, None, 1290).await.unwrap_err();
    assert_eq!((refused.code(), bank.charged()), ("checkout.no-country", 0));
    keep::remove(&shop.db, country("DE")).await.unwrap();
    let order = pay_at(&shop, &payments, &ada, None, 1290).await.unwrap();
    assert_eq!((order.status, order.country), (OrderStatus::Fulfilled, None), "without any tax nobody is asked");
}

#[tokio::test]
async fn a_total_for_another_country_or_an_older_rate_is_refused_with_the_new_one() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    set(&shop.db, "DE", "VAT", "19").await;
    set(&shop.db, "FR", "TVA", "20").await;
    keep::set_added(&shop.db, true).await.unwrap();
    let bell = for_sale(&shop, "The Bell", 1000).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let refused = pay_at(&shop, &payments, &ada, Some(country("FR")), 1190).await.unwrap_err();
    assert_eq!((refused.code(), bank.charged()), ("checkout.price-changed", 0));
    assert!(refused.to_string().contains("$12.00"), "{refused}");
    set(&shop.db, "DE", "VAT", "21").await;
    let refused = pay_at(&shop, &payments, &ada, Some(country("DE")), 1190).await.unwrap_err();
    assert!(refused.to_string().contains("$12.10"), "{refused}");
    assert_eq!(pay_in(&shop, &payments, &ada, "DE").await.unwrap().total.minor, 1210);
}

#[tokio::test]
async fn what_an_order_was_taxed_with_stays_whatever_becomes_of_the_rates() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    set(&shop.db, "DE", "VAT", "19").await;
    keep::set_added(&shop.db, true).await.unwrap();
    let bell = for_sale(&shop, "The Bell", 1000).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let order = pay_in(&shop, &payments, &ada, "DE").await.unwrap();
    set(&shop.db, "DE", "GST", "7").await;
    keep::set_added(&shop.db, false).await.unwrap();
    assert_eq!(orders::order(&shop.db, ada.id, &order.number).await.unwrap(), order);
    keep::remove(&shop.db, country("DE")).await.unwrap();
    assert_eq!(orders::order(&shop.db, ada.id, &order.number).await.unwrap(), order);
}

#[tokio::test]
async fn tax_is_on_what_is_left_after_the_coupon() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    set(&shop.db, "DE", "VAT", "19").await;
    keep::set_added(&shop.db, true).await.unwrap();
    percent(&shop, "WINTER", 10).await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 333).await);
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    apply(&shop, &cart_of(&ada), "WINTER").await.unwrap();
    let order = pay_in(&shop, &payments, &ada, "DE").await.unwrap();
    assert_eq!(
        (order.subtotal().minor, order.discount.minor, order.tax.minor, order.total.minor),
        (1333, 133, 228, 1428)
    );
    adds_up(&order);
}

#[tokio::test]
async fn paying_a_line_back_pays_its_tax_back() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    set(&shop.db, "DE", "VAT", "19").await;
    keep::set_added(&shop.db, true).await.unwrap();
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 500).await);
    fill(&shop, &cart_of(&ada), &[&bell, &owl]).await;
    let order = pay_in(&shop, &payments, &ada, "DE").await.unwrap();
    ask_refund(&shop, &order, &[&order.lines[0]]).await.unwrap();
    settle_due(&shop, &payments).await;
    let after = orders::order(&shop.db, ada.id, &order.number).await.unwrap();
    assert_eq!((after.refunded.minor, bank.kept()), (1190, 595));
    ask_refund(&shop, &order, &[&order.lines[1]]).await.unwrap();
    settle_due(&shop, &payments).await;
    assert_eq!(bank.kept(), 0, "all of it came back, to the last cent");
}

#[tokio::test]
async fn currencies_without_decimals_and_with_three_are_taxed_in_their_own_minor_unit() {
    for (code, price, on_top, total) in
        [("JPY", 1291, 129, 1420), ("XPF", 505, 51, 556), ("KWD", 12_905, 1291, 14_196), ("LYD", 1004, 100, 1104)]
    {
        let shop = fresh().await;
        let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
        set(&shop.db, "JP", "Tax", "10").await;
        keep::set_added(&shop.db, true).await.unwrap();
        let currency: Currency = code.parse().unwrap();
        let bell = shop.title("The Bell").currency(currency).price(price).published().await;
        fill(&shop, &cart_of(&ada), &[&bell]).await;
        let order = pay_in(&shop, &payments, &ada, "JP").await.unwrap();
        assert_eq!((order.tax.minor, order.total.minor, order.total.currency), (on_top, total, currency), "{code}");
        adds_up(&order);
    }
}

#[tokio::test]
async fn what_is_free_is_free_with_tax_as_well() {
    let shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    set(&shop.db, "DE", "VAT", "19").await;
    keep::set_added(&shop.db, true).await.unwrap();
    let gift = for_sale(&shop, "The Gift", 0).await;
    fill(&shop, &cart_of(&ada), &[&gift]).await;
    let order = pay_in(&shop, &payments, &ada, "DE").await.unwrap();
    assert_eq!((order.status, order.total.minor, bank.charged()), (OrderStatus::Fulfilled, 0, 0));
}

#[tokio::test]
async fn the_receipt_by_mail_names_the_tax() {
    let shop = fresh().await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    set(&shop.db, "DE", "VAT", "19").await;
    keep::set_added(&shop.db, true).await.unwrap();
    let bell = for_sale(&shop, "The Bell", 1000).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    pay_in(&shop, &payments, &ada, "DE").await.unwrap();
    let letters = crate::mailbox::deliver(&shop).await;
    let Content::Purchase(Mail::Receipt { lines, taxes, total, .. }) = &letters[0].content else {
        panic!("{letters:?}")
    };
    assert_eq!((lines[0].price.minor, taxes[0].amount.minor, total.minor), (1000, 190, 1190));
}

#[tokio::test]
async fn a_tax_needs_a_country_a_name_and_a_rate() {
    let shop = fresh().await;
    let form = |country: &str, name: &str, rate: &str| TaxForm {
        country: country.to_owned(),
        name: name.to_owned(),
        rate: rate.to_owned(),
    };
    let long = "x".repeat(41);
    for (typed, code) in [
        (form("XX", "VAT", "19"), "tax.no-country"),
        (form("DE", " ", "19"), "tax.no-name"),
        (form("DE", &long, "19"), "tax.no-name"),
        (form("DE", "VAT", "100.5"), "tax.no-rate"),
        (form("DE", "VAT", "-1"), "tax.no-rate"),
    ] {
        assert_eq!(keep::save(&shop.db, &typed).await.unwrap_err().code(), code);
    }
    assert!(keep::remove(&shop.db, country("DE")).await.is_err(), "there is none");
    set(&shop.db, "de", " Value  added tax ", "19").await;
    set(&shop.db, "DE", "VAT", "7,5").await;
    set(&shop.db, "AT", "USt", "20").await;
    let taxes = keep::read(shop.db.read()).await.unwrap();
    let rows: Vec<_> = taxes.of.iter().map(|tax| format!("{} {} {}", tax.country, tax.name, tax.rate)).collect();
    assert_eq!(rows, ["Austria USt 20%", "Germany VAT 7.5%"]);
}
