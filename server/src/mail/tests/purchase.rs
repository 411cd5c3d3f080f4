//! The mails about orders.

use super::{BASE, address, renderer};
use domain::account::Language;
use domain::account::email::mail::{Content, Letter, Purchase, PurchaseLine};
use domain::settings::ShopSettings;
use domain::{Currency, Money, Timestamp};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn written(purchase: Purchase) -> crate::mail::Mail {
    let letter = Letter {
        to: address("ada"),
        name: Some("Ada".to_owned()),
        language: Language::default(),
        content: Content::Purchase(purchase),
    };
    renderer().write(&letter, &ShopSettings::default(), Timestamp(0))
}

fn lines() -> Vec<PurchaseLine> {
    vec![PurchaseLine { title: "The <Bell>".to_owned(), price: usd(1290), list: None }]
}

#[test]
fn a_receipt_names_the_order_its_titles_and_what_was_paid() {
    let number = "L-7K3Q-92MX".to_owned();
    let mail = written(Purchase::Receipt { number, lines: lines(), coupon: None, total: usd(1290), at: Timestamp(0) });
    assert_eq!(mail.subject, "Your receipt");
    for words in ["L-7K3Q-92MX", "The <Bell>: $12.90", "Total: $12.90", &format!("{BASE}/orders/L-7K3Q-92MX")] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    assert!(mail.html.contains("The &lt;Bell&gt;"), "{}", mail.html);
}

#[test]
fn a_mail_of_a_refund_says_how_much_comes_back_and_what_is_gone() {
    let number = "L-7K3Q-92MX".to_owned();
    let mail = written(Purchase::Refund { number: number.clone(), lines: lines(), amount: usd(1290) });
    assert!(mail.text.contains("paid back $12.90") && mail.text.contains("no longer in your library"), "{}", mail.text);
    let late = written(Purchase::Refund { number, lines: Vec::new(), amount: usd(1290) });
    assert!(late.text.contains("nothing was bought") && !late.text.contains("library"), "{}", late.text);
}

#[test]
fn a_mail_of_a_failed_payment_says_why_and_leads_back_to_the_cart() {
    let why = "The payment was interrupted.".to_owned();
    let mail = written(Purchase::PaymentFailed { number: "L-7K3Q-92MX".to_owned(), total: usd(1290), why });
    assert!(mail.text.contains("The payment was interrupted.") && mail.text.contains(&format!("{BASE}/cart")));
}

#[test]
fn a_receipt_says_what_the_sale_and_the_coupon_took_off() {
    let lines = vec![PurchaseLine { title: "The Owl".to_owned(), price: usd(800), list: Some(usd(1000)) }];
    let coupon = Some(("WINTER".to_owned(), usd(80)));
    let number = "L-7K3Q-92MX".to_owned();
    let mail = written(Purchase::Receipt { number, lines, coupon, total: usd(720), at: Timestamp(0) });
    for words in ["The Owl: $8.00 instead of $10.00", "Coupon WINTER: −$0.80", "Total: $7.20"] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
}
