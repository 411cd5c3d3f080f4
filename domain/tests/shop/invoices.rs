//! Invoices: numbered without a gap, made once, for those whom they concern.

use crate::database::{Shop, fresh};
use crate::fixtures::{ask_refund, bad_card, bank, buy, cart_of, fill, for_sale, pay, settle_due, shopper};
use crate::legal::say_who_sells;
use crate::tax::{pay_in, set};
use domain::account::User;
use domain::invoices::issue::issue;
use domain::invoices::read::{Asker, of_order, page};
use domain::invoices::{Billing, Invoice};
use domain::ordering::Order;
use domain::pricing::tax::keep;
use domain::privacy::{deletion, export::export};
use domain::settings::legal::{Seller, keep as legal};
use domain::{Db, Error};
use futures::TryStreamExt;

fn to(name: &str) -> Billing {
    Billing {
        name: name.to_owned(),
        address: " Lane 2 \r\n\r\nTown".to_owned(),
        tax_number: " ATU 12345678 ".to_owned(),
    }
}

/// An admin makes out an invoice.
pub async fn make_out(shop: &Shop, db: &Db) {
    let ((_, payments), emil) = (bank(), shopper(shop, "Emil").await);
    let lark = for_sale(shop, "The Lark", 500).await;
    let order = buy(shop, &payments, &emil, &[&lark]).await;
    issue(db, Asker::Office, &order.number, &to("Emil")).await.unwrap();
}

/// An order of somebody's, in a shop that says who sells.
async fn bought(shop: &Shop, name: &str) -> (User, Order) {
    let ((_, payments), buyer) = (bank(), shopper(shop, name).await);
    let bell = for_sale(shop, &format!("The Bell of {name}"), 1290).await;
    let order = buy(shop, &payments, &buyer, &[&bell]).await;
    (buyer, order)
}

#[tokio::test]
async fn an_invoice_holds_who_sold_who_bought_and_the_order_with_its_taxes() {
    let shop = fresh().await;
    say_who_sells(&shop.db).await;
    set(&shop.db, "DE", "VAT", "19").await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let bell = for_sale(&shop, "The Bell", 1290).await;
    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let order = pay_in(&shop, &payments, &ada, "DE").await.unwrap();
    let proposed = page(&shop.db, Asker::Buyer(ada.id), &order.number).await.unwrap();
    assert_eq!((proposed.invoice, proposed.can_be_made, proposed.name.as_str()), (None, true, "Ada"));
    let made = issue(&shop.db, Asker::Buyer(ada.id), &order.number, &to(" Moss  Ltd ")).await.unwrap();
    assert_eq!((made.number.as_str(), made.issued_at), ("INV-000001", shop.db.now()));
    assert_eq!((made.billing.name.as_str(), made.billing.address.as_str()), ("Moss Ltd", "Lane 2\nTown"));
    assert_eq!(made.billing.lines(), ["Moss Ltd", "Lane 2", "Town", "Tax number: ATU 12345678"]);
    assert_eq!((made.seller.vat.as_str(), made.order.taxes()[0].amount.minor), ("DE123456789", 206));
    assert_eq!(of_order(&shop.db, Asker::Office, &order.number).await.unwrap(), Some(made));
}

#[tokio::test]
async fn it_never_changes_whatever_becomes_of_the_seller_and_the_rates() {
    let shop = fresh().await;
    say_who_sells(&shop.db).await;
    let (ada, order) = bought(&shop, "Ada").await;
    let asker = Asker::Buyer(ada.id);
    let made = issue(&shop.db, asker, &order.number, &to("Ada")).await.unwrap();
    let other = Seller { name: "Others".to_owned(), address: "Elsewhere 1".to_owned(), ..Seller::default() };
    legal::save_seller(&shop.db, &other).await.unwrap();
    keep::set_added(&shop.db, true).await.unwrap();
    set(&shop.db, "DE", "VAT", "19").await;
    assert_eq!(of_order(&shop.db, asker, &order.number).await.unwrap().as_ref(), Some(&made));
    let again = issue(&shop.db, asker, &order.number, &to("Ada")).await.unwrap();
    assert_eq!(again, made, "asked for twice, it is made once");
    let refused = issue(&shop.db, asker, &order.number, &to("Bob")).await.unwrap_err();
    assert_eq!(refused.code(), "invoice.made");
}

#[tokio::test]
async fn numbers_have_no_gap_even_when_many_ask_at_one_moment_and_some_are_refused() {
    let shop = fresh().await;
    say_who_sells(&shop.db).await;
    let mut orders = Vec::new();
    for name in ["Ada", "Bob", "Cleo", "Dora", "Emil", "Finn"] {
        orders.push(bought(&shop, name).await);
    }
    let mut asking = Vec::new();
    for (buyer, order) in &orders {
        for name in ["", "A", "A"] {
            let (db, asker, number) = (shop.db.clone(), Asker::Buyer(buyer.id), order.number.clone());
            asking.push(tokio::spawn(async move { issue(&db, asker, &number, &to(name)).await }));
        }
    }
    let mut numbers = Vec::new();
    for asked in asking {
        match asked.await.unwrap() {
            Ok(invoice) => numbers.push(invoice.number),
            Err(error) => assert_eq!(error.code(), "invoice.no-name", "{error:?}"),
        }
    }
    numbers.sort();
    numbers.dedup();
    let wanted: Vec<_> = (1..=6).map(|serial| format!("INV-{serial:06}")).collect();
    assert_eq!(numbers, wanted);
}

#[tokio::test]
async fn nobody_reads_or_makes_the_invoice_of_somebody_else() {
    let shop = fresh().await;
    say_who_sells(&shop.db).await;
    let (ada, order) = bought(&shop, "Ada").await;
    let stranger = Asker::Buyer(shopper(&shop, "Bob").await.id);
    let not_found = |error: Error| assert!(matches!(error, Error::NotFound(_)), "{error:?}");
    not_found(issue(&shop.db, stranger, &order.number, &to("Bob")).await.unwrap_err());
    issue(&shop.db, Asker::Buyer(ada.id), &order.number, &to("Ada")).await.unwrap();
    not_found(of_order(&shop.db, stranger, &order.number).await.unwrap_err());
    not_found(page(&shop.db, stranger, &order.number).await.unwrap_err());
}

#[tokio::test]
async fn what_was_not_paid_and_a_shop_without_a_seller_have_no_invoice() {
    let shop = fresh().await;
    let (ada, order) = bought(&shop, "Ada").await;
    let asker = Asker::Buyer(ada.id);
    let refused = issue(&shop.db, asker, &order.number, &to("Ada")).await.unwrap_err();
    assert_eq!(refused.code(), "invoice.no-seller");
    assert!(!page(&shop.db, asker, &order.number).await.unwrap().can_be_made);
    say_who_sells(&shop.db).await;
    let ((_, payments), owl) = (bank(), for_sale(&shop, "The Owl", 800).await);
    fill(&shop, &cart_of(&ada), &[&owl]).await;
    let declined = pay(&shop, &payments, &ada, &bad_card()).await.unwrap();
    let refused = issue(&shop.db, asker, &declined.number, &to("Ada")).await.unwrap_err();
    assert_eq!(refused.code(), "invoice.not-paid");
    for (typed, code) in [
        (Billing { name: " ".to_owned(), ..to("") }, "invoice.no-name"),
        (Billing { address: "x".repeat(501), ..to("Ada") }, "form.too-long"),
        (Billing { tax_number: "x".repeat(41), ..to("Ada") }, "form.too-long"),
    ] {
        assert_eq!(issue(&shop.db, asker, &order.number, &typed).await.unwrap_err().code(), code);
    }
    let made = issue(&shop.db, asker, &order.number, &to("Ada")).await.unwrap();
    assert_eq!(made.number, "INV-000001", "a refusal takes no number");
}

#[tokio::test]
async fn what_is_paid_back_afterwards_is_noted_on_it() {
    let shop = fresh().await;
    say_who_sells(&shop.db).await;
    let ((_, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1000).await, for_sale(&shop, "The Owl", 500).await);
    let order = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    let asker = Asker::Buyer(ada.id);
    issue(&shop.db, asker, &order.number, &to("Ada")).await.unwrap();
    shop.clock.advance(60_000);
    ask_refund(&shop, &order, &[&order.lines[1]]).await.unwrap();
    settle_due(&shop, &payments).await;
    let noted: Invoice = of_order(&shop.db, asker, &order.number).await.unwrap().unwrap();
    let back: Vec<_> =
        noted.order.paid_back().into_iter().map(|line| (line.title, line.price.minor, line.refunded_at)).collect();
    assert_eq!(back, [("The Owl".to_owned(), 500, Some(shop.db.now()))]);
    assert_eq!((noted.order.total.minor, noted.order.refunded.minor), (1500, 500));
}

#[tokio::test]
async fn people_take_their_invoices_along_and_the_shop_keeps_them() {
    let shop = fresh().await;
    say_who_sells(&shop.db).await;
    let (ada, order) = bought(&shop, "Ada").await;
    let (_, others) = bought(&shop, "Bob").await;
    issue(&shop.db, Asker::Buyer(ada.id), &order.number, &to("Ada")).await.unwrap();
    issue(&shop.db, Asker::Office, &others.number, &to("Bob")).await.unwrap();
    let pieces: Vec<String> = export(&shop.db, ada.id, None).await.unwrap().try_collect().await.unwrap();
    let data: serde_json::Value = serde_json::from_str(&pieces.concat()).unwrap();
    assert_eq!(data["invoices"].as_array().unwrap().len(), 1);
    assert_eq!(data["invoices"][0]["number"], "INV-000001");
    assert_eq!(data["invoices"][0]["made_out_to"], "Ada");
    deletion::delete(&shop.db, ada.id, ada.email.as_str()).await.unwrap();
    assert!(of_order(&shop.db, Asker::Office, &order.number).await.unwrap().is_some(), "the law wants it kept");
}
