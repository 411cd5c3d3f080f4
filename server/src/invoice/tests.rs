//! What is read in the document of an invoice, by whoever opens it.

use super::reading::Document;
use super::{document, receipt};
use domain::invoices::{Billing, Invoice, Receipt};
use domain::ordering::{Order, OrderLine, OrderStatus};
use domain::pricing::tax::LineTax;
use domain::settings::legal::Seller;
use domain::{Currency, Money, Timestamp};
use uuid::Uuid;

fn euro(minor: i64) -> Money {
    Money::new(minor, "EUR".parse::<Currency>().unwrap())
}

fn line(title: &str, gross: i64, tax: Option<i64>) -> OrderLine {
    let tax = tax.map(|minor| LineTax {
        name: "VAT".to_owned(),
        rate: "19".parse().unwrap(),
        amount: euro(minor),
        added: false,
    });
    OrderLine {
        id: Uuid::now_v7(),
        audiobook_id: Uuid::now_v7(),
        slug: "bell".to_owned(),
        title: title.to_owned(),
        list_price: euro(gross),
        price: euro(gross),
        tax,
        bundle: None,
        discount: euro(0),
        refunded: euro(0),
        refunded_at: None,
    }
}

fn invoice(lines: Vec<OrderLine>) -> Invoice {
    let tax = lines.iter().filter_map(|line| line.tax.as_ref()).map(|tax| tax.amount.minor).sum();
    let total = lines.iter().map(|line| line.price.minor).sum();
    let order = Order {
        id: Uuid::now_v7(),
        number: "L-7K3Q-92MX".to_owned(),
        status: OrderStatus::Fulfilled,
        coupon: None,
        discount: euro(0),
        total: euro(total),
        tax: euro(tax),
        country: "DE".parse().ok(),
        refunded: euro(0),
        created_at: Timestamp(1_795_165_200_000),
        paid_at: Some(Timestamp(1_795_165_200_000)),
        withdrawal: None,
        lines,
        card_last4: None,
        failure: None,
        provider: None,
        goes_on: false,
        gift: None,
    };
    Invoice {
        number: "INV-000042".to_owned(),
        issued_at: Timestamp(1_795_165_200_000),
        seller: Seller {
            name: "Moss & Daughters".to_owned(),
            address: "Quay 1\n20457 Harbour".to_owned(),
            vat: "DE123456789".to_owned(),
            ..Seller::default()
        },
        billing: Billing {
            name: "Zoë Żółty GmbH".to_owned(),
            address: "Lane 2".to_owned(),
            tax_number: "ATU12345678".to_owned(),
        },
        order,
    }
}

/// The pages of a document, and the text of them all.
fn read(bytes: &[u8]) -> (usize, String) {
    Document::read(bytes).text()
}

#[test]
fn its_text_has_the_number_both_addresses_each_tax_and_the_totals() {
    let made = document(&invoice(vec![line("The Bell", 1290, Some(206)), line("The Owl", 333, Some(53))])).unwrap();
    let (pages, text) = read(&made);
    assert_eq!(pages, 1);
    for words in [
        "Invoice INV-000042",
        "Moss & Daughters",
        "20457 Harbour",
        "DE123456789",
        "Zoë Żółty GmbH",
        "ATU12345678",
        "L-7K3Q-92MX",
        "20 November 2026",
        "Germany",
        "The Bell",
        "EUR 10.84",
        "VAT 19%: EUR 2.06",
        "EUR 12.90",
        "EUR 2.59",
        "EUR 13.64",
        "EUR 16.23",
    ] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}

#[test]
fn an_order_without_tax_has_no_column_of_it() {
    let (_, text) = read(&document(&invoice(vec![line("The Bell", 1290, None)])).unwrap());
    assert!(text.contains("EUR 12.90") && !text.contains("Net") && !text.contains("Tax:"), "{text}");
}

#[test]
fn what_was_paid_back_is_noted_with_its_tax() {
    let at = Some(Timestamp(1_795_251_600_000));
    let back = OrderLine { refunded: euro(333), refunded_at: at, ..line("The Owl", 333, Some(53)) };
    let mut made = invoice(vec![line("The Bell", 1290, Some(206)), back]);
    made.order.refunded = euro(333);
    let (_, text) = read(&document(&made).unwrap());
    for words in ["Paid back", "The Owl, on 21 November 2026", "-EUR 3.33", "-EUR 0.53"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}

#[test]
fn what_was_paid_back_in_part_is_noted_with_its_part_of_the_tax() {
    let part = OrderLine { refunded: euro(645), ..line("The Bell", 1290, Some(206)) };
    let mut made = invoice(vec![part]);
    made.order.refunded = euro(645);
    let (_, text) = read(&document(&made).unwrap());
    for words in ["The Bell, in part", "-EUR 6.45", "-EUR 1.03", "-EUR 5.42"] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
}

#[test]
fn a_receipt_says_who_sold_what_it_came_to_and_what_came_back_and_is_tagged() {
    let Invoice { seller, mut order, .. } =
        invoice(vec![line("The Bell", 1290, Some(206)), line("The Owl", 333, None)]);
    order.card_last4 = Some("4242".to_owned());
    order.lines[1].refunded = euro(333);
    order.lines[1].refunded_at = Some(Timestamp(1_795_251_600_000));
    order.refunded = euro(333);
    let made = receipt(&Receipt { order: order.clone(), seller }, "The shop").unwrap();
    let (_, text) = read(&made);
    for words in [
        "Receipt L-7K3Q-92MX",
        "Moss & Daughters",
        "DE123456789",
        "Paid on: 20 November 2026",
        "Card ending in 4242",
        "VAT 19%: EUR 2.06",
        "EUR 16.23",
        "The Owl, on 21 November 2026",
        "-EUR 3.33",
    ] {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    let tags = Document::read(&made);
    assert!(tags.says("/StructTreeRoot") && tags.roles().iter().any(|role| role == "H1"));
    let (_, text) = read(&receipt(&Receipt { order, seller: Seller::default() }, "The shop").unwrap());
    assert!(text.contains("From The shop"), "{text}");
}

#[test]
fn a_hundred_long_titles_go_over_several_pages_and_none_is_lost() {
    let title = |n: i32| format!("Volume {n} of the chronicle of all bells that ever rang over the harbour in winter");
    let lines = (1..=100).map(|n| line(&title(n), 1290, Some(206))).collect();
    let (pages, text) = read(&document(&invoice(lines)).unwrap());
    assert!(pages > 2, "{pages}");
    for n in 1..=100 {
        assert!(text.contains(&format!("Volume {n} of")), "volume {n}");
    }
    assert!(text.contains("page 1 of") && text.contains(&format!("page {pages} of {pages}")));
    assert!(text.contains("EUR 1290.00"), "the total stands at the end");
}

#[test]
fn a_title_without_spaces_or_in_another_script_is_no_reason_to_fail() {
    let lines = vec![line(&"x".repeat(400), 1, None), line("Война и мир – 四分 – สวัสดี\u{7}", 1, None)];
    assert_eq!(read(&document(&invoice(lines)).unwrap()).0, 1);
}

#[test]
fn a_reader_that_speaks_is_told_of_headings_tables_and_the_language() {
    let made = document(&invoice(vec![line("The Bell", 1290, Some(206))])).unwrap();
    let read = Document::read(&made);
    assert!(read.says("/StructTreeRoot") && read.says("/Lang"));
    let roles = read.roles();
    for role in ["H1", "P", "Table", "TR", "TH", "TD"] {
        assert!(roles.iter().any(|known| known == role), "{role} is not in {roles:?}");
    }
}
