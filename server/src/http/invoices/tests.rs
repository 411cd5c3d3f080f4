//! Tax at the checkout and the invoice after it, as a browser without JavaScript goes through them.

use crate::http::testing::{Answer, Shop};
use crate::invoice::reading::Document;
use domain::account::{Permission, User, user_admin};
use domain::entities::orders;
use domain::limits::Rule;
use domain::ordering::cart::{self, CartOwner};
use domain::settings::legal::{Seller, keep};
use domain::testing;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

const PAGE: (&str, &str) = ("accept", "text/html");
const PAY: &str = "total_minor=1190&card=4242424242424242&withdrawal=1&key=one";
const MAKE: &str = "form%5Bname%5D=Zoe+Ltd&form%5Baddress%5D=Lane+2%0D%0ATown&form%5Btax_number%5D=ATU1";

/// A shop with a tax that is added, and somebody with a title in the cart.
async fn open() -> (Shop, (User, String), String) {
    let shop = Shop::open().await;
    let (chief, admin) = shop.admin_and_cookie().await;
    let saved = shop
        .post(&admin, "/api/admin/save-tax", "form%5Bcountry%5D=DE&form%5Bname%5D=VAT&form%5Brate%5D=19", &[])
        .await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    assert_eq!(shop.post(&admin, "/api/admin/save-tax-mode", "added=true", &[]).await.status, 200);
    let bell = testing::title(&shop.db, "The Bell").price(1000).published().await;
    let (buyer, cookie) = shop.shopper().await;
    cart::add(&shop.db, &CartOwner::User(buyer.id), &bell.slug).await.unwrap();
    (shop, (chief, admin), cookie)
}

async fn page(shop: &Shop, cookie: &str, path: &str) -> Answer {
    let answer = shop.get(cookie, path, &[PAGE]).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer
}

async fn say_who_sells(shop: &Shop) {
    let seller = Seller { name: "Moss".to_owned(), address: "Quay 1".to_owned(), ..Seller::default() };
    keep::save_seller(&shop.db, &seller).await.unwrap();
}

/// Buys as somebody who lives in Germany, and gives the number of the order.
async fn buy(shop: &Shop, cookie: &str) -> String {
    let paid = shop.post(cookie, "/api/orders/checkout", &format!("{PAY}&country=DE"), &[]).await;
    assert_eq!(paid.status, 200, "{}", paid.text());
    let order: serde_json::Value = serde_json::from_slice(&paid.body).unwrap();
    order["number"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_total_is_shown_with_its_tax_before_the_card_is_asked_for() {
    let (shop, (_, admin), cookie) = open().await;
    let asked = page(&shop, &cookie, "/checkout").await;
    assert!(asked.text().contains("name=\"country\"") && asked.text().contains("Say where you live first"));
    assert!(!asked.text().contains("name=\"card\""), "nobody pays before the total is known");
    assert!(page(&shop, &cookie, "/cart").await.text().contains("Before tax"));

    let shown = page(&shop, &cookie, "/checkout?country=DE").await;
    for words in ["VAT 19%", "$1.90", "Pay $11.90", "name=\"card\"", "value=\"1190\""] {
        assert!(shown.text().contains(words), "{words}: {}", shown.text());
    }
    let elsewhere = page(&shop, &cookie, "/checkout?country=TH").await;
    assert!(elsewhere.text().contains("Pay $10.00") && !elsewhere.text().contains("VAT"));

    let refused = shop.post(&cookie, "/api/orders/checkout", PAY, &[]).await;
    assert_eq!(refused.status, 422, "without a country: {}", refused.text());
    let refused = shop.post(&cookie, "/api/orders/checkout", &format!("{PAY}&country=TH"), &[]).await;
    assert_eq!(refused.status, 409, "at the total of another country: {}", refused.text());
    let number = buy(&shop, &cookie).await;
    let receipt = page(&shop, &cookie, &format!("/orders/{number}")).await;
    assert!(receipt.text().contains("VAT 19%") && receipt.text().contains("$11.90"), "{}", receipt.text());
    let office = page(&shop, &admin, &format!("/admin/orders/{number}")).await;
    assert!(office.text().contains("Lives in Germany") && office.text().contains("VAT 19%"));
}

#[tokio::test]
async fn a_shop_without_taxes_asks_nobody_where_they_live() {
    let (shop, (_, admin), cookie) = open().await;
    assert_eq!(shop.post(&admin, "/api/admin/remove-tax", "country=DE", &[]).await.status, 200);
    let shown = page(&shop, &cookie, "/checkout").await;
    assert!(!shown.text().contains("Where you live") && shown.text().contains("Pay $10.00"));
    assert!(!page(&shop, &cookie, "/cart").await.text().contains("Before tax"));
}

#[tokio::test]
async fn the_receipt_of_a_paid_order_is_a_document_for_its_buyer_and_the_office_alone() {
    let (shop, (_, admin), cookie) = open().await;
    let number = buy(&shop, &cookie).await;
    let at = format!("/orders/{number}/receipt.pdf");
    for path in [format!("/orders/{number}"), "/account/purchases".to_owned()] {
        assert!(page(&shop, &cookie, &path).await.text().contains(&at), "{path} leads to it");
    }
    say_who_sells(&shop).await;
    for who in [&cookie, &admin] {
        let answer = shop.get(who, &at, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/pdf"));
        assert_eq!(answer.header("cache-control"), "private, no-store");
        assert!(answer.header("content-disposition").contains(&format!("receipt-{number}.pdf")));
        let (_, read) = Document::read(&answer.body).text();
        for words in [&format!("Receipt {number}"), "Moss", "VAT 19%", "USD 1.90", "USD 11.90", "Germany"] {
            assert!(read.contains(words), "{words}: {read}");
        }
    }
    let (_, stranger) = shop.shopper().await;
    assert_eq!(shop.get(&stranger, &at, &[PAGE]).await.status, 404);
    assert_ne!(shop.get("", &at, &[PAGE]).await.status, 200);

    // What was not paid has none: the page of the order says how it stands.
    let owl = testing::title(&shop.db, "The Owl").price(500).published().await;
    shop.post(&cookie, "/api/cart/add", &format!("slug={}", owl.slug), &[]).await;
    let declined = "total_minor=595&card=4000000000000002&withdrawal=1&key=two&country=DE";
    shop.post(&cookie, "/api/orders/checkout", declined, &[]).await;
    let unpaid = orders::Entity::find().filter(orders::Column::PaidAt.is_null());
    let number = unpaid.one(shop.db.read()).await.unwrap().unwrap().number;
    let none = shop.get(&cookie, &format!("/orders/{number}/receipt.pdf"), &[PAGE]).await;
    assert_eq!((none.status.as_u16(), none.header("location")), (303, format!("/orders/{number}").as_str()));
}

#[tokio::test]
async fn receipts_are_set_only_so_often_for_one_account() {
    let (mut shop, (_, admin), cookie) = open().await;
    let number = buy(&shop, &cookie).await;
    shop.restart_with(|config| config.limits.set(Rule::Document, "2/1h")).await;
    let at = format!("/orders/{number}/receipt.pdf");
    assert_eq!(shop.get(&cookie, "/orders/L-none/receipt.pdf", &[]).await.status, 404, "nothing is set for it");
    for _ in 0..2 {
        assert_eq!(shop.get(&cookie, &at, &[]).await.status, 200);
    }
    let refused = shop.get(&cookie, &at, &[]).await;
    assert_eq!(refused.status, 429);
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(shop.get(&admin, &at, &[]).await.status, 200, "others are not kept waiting");
}

#[tokio::test]
async fn an_invoice_is_made_once_and_read_by_its_buyer_and_the_office_alone() {
    let (shop, (chief, admin), cookie) = open().await;
    let number = buy(&shop, &cookie).await;
    let (at, document) = (format!("/orders/{number}/invoice"), format!("/orders/{number}/invoice.pdf"));
    assert!(page(&shop, &cookie, &at).await.text().contains("has to say who sells"));
    say_who_sells(&shop).await;
    assert!(page(&shop, &cookie, &at).await.text().contains("name=\"form[tax_number]\""));
    let none = shop.get(&cookie, &document, &[PAGE]).await;
    assert_eq!((none.status.as_u16(), none.header("location")), (303, at.as_str()), "the form comes first");

    let form = format!("number={number}&{MAKE}");
    let (stranger, strange_cookie) = shop.shopper().await;
    assert_eq!(shop.post(&strange_cookie, "/api/orders/make-invoice", &form, &[]).await.status, 404);
    let made = shop.post(&cookie, "/api/orders/make-invoice", &form, &[]).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let shown = page(&shop, &cookie, &at).await;
    for words in ["Invoice INV-000001", "Moss\nQuay 1", "Zoe Ltd\nLane 2\nTown", "ATU1", "VAT 19%", "$11.90", "Germany"]
    {
        assert!(shown.text().contains(words), "{words}: {}", shown.text());
    }
    assert_eq!(shown.header("cache-control"), "private, no-store");

    let answer = shop.get(&cookie, &document, &[]).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/pdf"));
    assert_eq!(answer.header("cache-control"), "private, no-store");
    let (_, read) = Document::read(&answer.body).text();
    for words in ["INV-000001", "Zoe Ltd", "USD 1.90", "USD 11.90"] {
        assert!(read.contains(words), "{words}: {read}");
    }

    for path in [&at, &document] {
        assert_eq!(shop.get(&strange_cookie, path, &[PAGE]).await.status, 404, "{path} for a stranger");
        assert_eq!(shop.get(&admin, path, &[PAGE]).await.status, 200, "{path} for the office");
    }
    let some = [Permission::Catalogue].into_iter().collect();
    user_admin::set_permissions(&shop.db, chief.id, stranger.id, some).await.unwrap();
    let writer = shop.log_in(&stranger).await;
    assert_eq!(shop.get(&writer, &document, &[PAGE]).await.status, 404, "an admin without orders is a stranger");
    let again = shop.post(&cookie, "/api/orders/make-invoice", &form.replace("Zoe", "Ann"), &[]).await;
    assert_eq!(again.status, 409, "it does not change: {}", again.text());
}
