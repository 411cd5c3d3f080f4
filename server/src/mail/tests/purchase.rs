//! The mails about orders.

use super::{BASE, address, renderer};
use domain::account::Language;
use domain::account::email::mail::{Content, DisputeNews, GivenBackBy, Letter, Purchase, PurchaseLine};
use domain::ordering::WithdrawalWording;
use domain::settings::ShopSettings;
use domain::settings::legal::Seller;
use domain::{Currency, Money, Timestamp};

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn written(purchase: Purchase) -> crate::mail::Mail {
    of(Content::Purchase(purchase))
}

fn of(content: Content) -> crate::mail::Mail {
    let letter = Letter { to: address("ada"), name: Some("Ada".to_owned()), language: Language::default(), content };
    let contact = Some("desk@shop.example".parse().unwrap());
    let shop = ShopSettings { contact, ..ShopSettings::default() };
    renderer().write(&letter, &shop, &seller(), Timestamp(0))
}

fn seller() -> Seller {
    Seller { name: "Moss & Daughters".into(), address: "Quay 1\n20457 Harbour".into(), ..Seller::default() }
}

fn lines() -> Vec<PurchaseLine> {
    vec![PurchaseLine { title: "The <Bell>".to_owned(), price: usd(1290), list: None }]
}

#[test]
fn a_receipt_names_the_order_its_titles_and_what_was_paid() {
    let number = "L-7K3Q-92MX".to_owned();
    let (at, coupon, agreed) = (Timestamp(0), None, None);
    let mail = written(Purchase::Receipt {
        number,
        lines: lines(),
        coupon,
        taxes: Vec::new(),
        total: usd(1290),
        at,
        bundles: Vec::new(),
        gift: None,
        agreed,
    });
    assert_eq!(mail.subject, "Your receipt");
    for words in ["L-7K3Q-92MX", "The <Bell>: $12.90", "Total: $12.90", &format!("{BASE}/orders/L-7K3Q-92MX")] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    assert!(mail.html.contains("The &lt;Bell&gt;"), "{}", mail.html);
}

#[test]
fn a_mail_of_a_refund_says_how_much_comes_back_and_what_is_gone() {
    let number = "L-7K3Q-92MX".to_owned();
    let refund = |lines, by, kept| {
        written(Purchase::Refund { number: number.clone(), lines, amount: usd(1290), by, kept, gift: false })
    };
    let mail = refund(lines(), GivenBackBy::Shop, Vec::new());
    assert!(mail.text.contains("paid back $12.90") && mail.text.contains("no longer in your library"), "{}", mail.text);
    assert!(mail.text.contains(&format!("{BASE}/orders/L-7K3Q-92MX/receipt.pdf")), "{}", mail.text);
    let late = refund(Vec::new(), GivenBackBy::Shop, Vec::new());
    assert!(late.text.contains("nothing was bought") && !late.text.contains("library"), "{}", late.text);
    let part = refund(lines(), GivenBackBy::Provider, vec!["The <Bell>".to_owned()]);
    assert!(part.text.contains("still yours: The <Bell>.") && !part.text.contains("no longer"), "{}", part.text);
    let bank = refund(lines(), GivenBackBy::Bank, Vec::new());
    assert_eq!(bank.subject, "Your bank took money back");
    assert!(bank.text.contains("has taken $12.90 back") && bank.text.contains("no longer in your library"));
}

#[test]
fn those_who_look_after_orders_are_told_what_a_bank_wants_and_what_it_decided() {
    for (news, subject) in [
        (DisputeNews::Opened, "A buyer’s bank wants money back"),
        (DisputeNews::Won, "The bank has decided for the shop"),
        (DisputeNews::Lost, "The bank has decided for the buyer"),
    ] {
        let mail = of(Content::Disputed { number: "L-7K3Q-92MX".to_owned(), amount: usd(1290), news });
        assert_eq!(mail.subject, subject);
        let link = format!("{BASE}/admin/orders/L-7K3Q-92MX");
        assert!(mail.text.contains("$12.90") && mail.text.contains(&link), "{}", mail.text);
    }
}

#[test]
fn a_mail_of_a_refund_that_waited_from_before_there_were_others_is_still_read() {
    let old = r#"{"refund":{"number":"L-7K3Q-92MX","lines":[],"amount":{"minor":1290,"currency":"USD"}}}"#;
    let Ok(Purchase::Refund { by, kept, .. }) = serde_json::from_str(old) else { panic!("{old}") };
    assert_eq!((by, kept.len()), (GivenBackBy::Shop, 0));
}

#[test]
fn a_mail_of_a_failed_payment_says_why_and_leads_back_to_the_cart() {
    let why = "The payment was interrupted.".to_owned();
    let mail =
        written(Purchase::PaymentFailed { number: "L-7K3Q-92MX".to_owned(), total: usd(1290), why, gift: false });
    assert!(mail.text.contains("The payment was interrupted.") && mail.text.contains(&format!("{BASE}/cart")));
}

#[test]
fn mails_about_a_gift_speak_of_no_cart_and_of_nobodys_library() {
    let (number, why) = ("L-7K3Q-92MX".to_owned(), "The payment was interrupted.".to_owned());
    let order = format!("{BASE}/orders/{number}");
    let failed = written(Purchase::PaymentFailed { number: number.clone(), total: usd(1290), why, gift: true });
    assert!(failed.text.contains(&order) && !failed.text.contains("cart"), "{}", failed.text);
    let (by, kept) = (GivenBackBy::Shop, Vec::new());
    let back = written(Purchase::Refund { number, lines: lines(), amount: usd(1290), by, kept, gift: true });
    assert!(back.text.contains("taken back") && !back.text.contains("your library"), "{}", back.text);
}

#[test]
fn a_receipt_says_what_the_sale_and_the_coupon_took_off() {
    let lines = vec![PurchaseLine { title: "The Owl".to_owned(), price: usd(800), list: Some(usd(1000)) }];
    let coupon = Some(("WINTER".to_owned(), usd(80)));
    let number = "L-7K3Q-92MX".to_owned();
    let mail = written(Purchase::Receipt {
        number,
        lines,
        coupon,
        taxes: Vec::new(),
        total: usd(720),
        at: Timestamp(0),
        bundles: Vec::new(),
        gift: None,
        agreed: None,
    });
    for words in ["The Owl: $8.00 instead of $10.00", "Coupon WINTER: −$0.80", "Total: $7.20"] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
}

#[test]
fn a_receipt_keeps_the_whole_sentence_that_was_agreed_to_and_says_how_to_withdraw_and_who_sold() {
    let sentence = WithdrawalWording::CURRENT.sentence();
    let number = "L-7K3Q-92MX".to_owned();
    let agreed = Some((Timestamp(0), sentence.to_owned()));
    let (at, coupon) = (Timestamp(0), None);
    let mail = written(Purchase::Receipt {
        number,
        lines: lines(),
        coupon,
        taxes: Vec::new(),
        total: usd(1290),
        at,
        bundles: Vec::new(),
        gift: None,
        agreed,
    });
    for words in [
        &format!("On 1 January 1970 you agreed: “{sentence}”"),
        "Write to desk@shop.example within 14 days",
        &format!("{BASE}/withdrawal"),
        &format!("{BASE}/terms"),
        "Sold by:\nMoss & Daughters\nQuay 1\n20457 Harbour",
    ] {
        assert!(mail.text.contains(words), "{words}: {}", mail.text);
    }
    assert!(mail.html.contains(sentence) && mail.html.contains("Moss &amp; Daughters<br>"), "{}", mail.html);
    assert!(mail.html.contains(&format!("href=\"{BASE}/withdrawal\"")), "{}", mail.html);
}

#[test]
fn a_receipt_that_waited_from_before_this_was_asked_is_still_read() {
    let old = r#"{"receipt":{"number":"L-7K3Q-92MX","lines":[],"total":{"minor":1290,"currency":"USD"},"at":0}}"#;
    let Ok(Purchase::Receipt { agreed, .. }) = serde_json::from_str(old) else { panic!("{old}") };
    assert_eq!(agreed, None);
}
