//! Receipts and invoices as documents, for the programs of buyers and of the desk.

use super::strangers::{buy, buy_bell};
use super::*;
use crate::invoice::reading::Document;
use domain::limits::Rule;
use domain::ordering::CardNumber;
use domain::testing;

/// The words of a document.
fn words(answer: &Answer) -> String {
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/pdf"), "{answer:?}");
    assert_eq!(answer.header("cache-control"), "private, no-store");
    Document::read(&answer.body).text().1
}

async fn say_who_sells(shop: &Shop, token: &str) {
    let seller = json!({ "name": "Moss", "address": "Quay 1" });
    assert_eq!(send(shop, token, "PUT", "admin/seller", &seller).await.status, 200);
}

#[tokio::test]
async fn a_buyer_has_the_receipt_and_the_invoice_of_an_order() {
    let shop = Shop::open().await;
    testing::for_sale(&shop.db, "The Bell", 500).await;
    testing::for_sale(&shop.db, "The Owl", 500).await;
    let buyer = shopper(&shop).await;
    let number = buy_bell(&shop, &buyer).await;
    say_who_sells(&shop, &admin(&shop).await).await;
    let ask = async |what: &str| send(&shop, &buyer, "GET", &format!("orders/{number}/{what}"), &Value::Null).await;
    let receipt = words(&ask("receipt.pdf").await);
    assert!(receipt.contains(&format!("Receipt {number}")) && receipt.contains("Moss"), "{receipt}");

    assert_eq!(ask("invoice.pdf").await.problem(), "not-found", "it is not made out yet");
    let to = json!({ "name": "Zoe Ltd" });
    let made = send(&shop, &buyer, "POST", &format!("orders/{number}/invoice"), &to).await;
    assert_eq!(made.status, 200, "{}", made.text());
    let document = ask("invoice.pdf").await;
    let named = format!("{}.pdf", made.json()["number"].as_str().unwrap());
    assert!(document.header("content-disposition").contains(&named), "{document:?}");
    assert!(words(&document).contains("Zoe Ltd"));

    // What waits for a bank is not paid.
    let added = send(&shop, &buyer, "POST", "cart/add", &json!({ "audiobook": "the-owl" })).await;
    assert_eq!(added.status, 200, "{}", added.text());
    let total = json!({ "minor": 500, "currency": "USD" });
    let wish = json!({ "total": total, "withdrawal": 1, "card": CardNumber::SECOND_STEP });
    let waits = buy(&shop, &buyer, ("checkout", "another"), &wish).await;
    let none = send(&shop, &buyer, "GET", &format!("orders/{waits}/receipt.pdf"), &Value::Null).await;
    assert_eq!((none.status.as_u16(), &none.json()["code"]), (409, &json!("orders.no-receipt")));
}

#[tokio::test]
async fn the_desk_has_the_receipt_of_any_order_and_makes_out_its_invoice() {
    let shop = Shop::open().await;
    testing::for_sale(&shop.db, "The Bell", 500).await;
    let (buyer, desk) = (shopper(&shop).await, admin(&shop).await);
    let number = buy_bell(&shop, &buyer).await;
    let ask = async |token: &str, method: &str, what: &str, body: Value| {
        send(&shop, token, method, &format!("admin/orders/{number}/{what}"), &body).await
    };
    let read = async |what: &str| ask(&desk, "GET", what, Value::Null).await;
    assert_eq!(read("invoice").await.json(), json!({ "invoice": null, "can_be_made": false }), "nobody sells");
    say_who_sells(&shop, &desk).await;
    assert_eq!(read("invoice").await.json()["can_be_made"], true);
    assert!(words(&read("receipt.pdf").await).contains(&format!("Receipt {number}")));
    assert_eq!(read("invoice.pdf").await.problem(), "not-found");
    for (name, status) in [("", 422), ("Zoe Ltd", 200), ("Zoe Ltd", 200), ("Somebody else", 409)] {
        let made = ask(&desk, "POST", "invoice", json!({ "name": name })).await;
        assert_eq!(made.status, status, "{name}: {}", made.text());
    }
    assert_eq!(read("invoice").await.json()["invoice"]["to"]["name"], "Zoe Ltd");
    assert!(words(&read("invoice.pdf").await).contains("Zoe Ltd"));
    // Its buyer has the same one.
    let theirs = send(&shop, &buyer, "GET", &format!("orders/{number}/invoice"), &Value::Null).await.json();
    assert_eq!(theirs["invoice"], read("invoice").await.json()["invoice"]);

    for what in ["receipt.pdf", "invoice.pdf", "invoice"] {
        assert_eq!(ask(&buyer, "GET", what, Value::Null).await.problem(), "forbidden", "{what}");
        let nothing = send(&shop, &desk, "GET", &format!("admin/orders/L-2222-2222/{what}"), &Value::Null).await;
        assert_eq!(nothing.problem(), "not-found", "{what}");
    }
}

#[tokio::test]
async fn programs_have_documents_set_only_so_often_for_one_account() {
    let mut shop = Shop::open().await;
    testing::for_sale(&shop.db, "The Bell", 500).await;
    let buyer = shopper(&shop).await;
    let number = buy_bell(&shop, &buyer).await;
    shop.restart_with(|config| config.limits.set(Rule::Document, "1/1h")).await;
    let ask = async || send(&shop, &buyer, "GET", &format!("orders/{number}/receipt.pdf"), &Value::Null).await;
    assert_eq!(ask().await.status, 200);
    let refused = ask().await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (429, "too-many"));
    assert!(!refused.header("retry-after").is_empty());
}
