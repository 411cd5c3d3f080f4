//! Money that goes back at Stripe itself: given back on its pages, or taken by the buyer's bank.

use super::*;
use crate::invoice::reading::Document;
use domain::entitlements::owns;
use domain::ordering::{DisputeStatus, RefundStatus, office, refunds};

const PAGE: [(&str, &str); 1] = [("accept", "text/html")];

/// Somebody who bought a bell for $12.90 and an owl for $8.00, and the session at Stripe.
async fn bought(street: &Street) -> (Buyer, Order, String) {
    let (bell, owl) = (street.title("The Bell", 1290).await, street.title("The Owl", 800).await);
    let ada = street.buyer("Ada", &[&bell, &owl]).await;
    let (order, page) = street.begin(&ada, 2090).await;
    street.stripe.pay(&page);
    street.tell(&street.stripe.event("checkout.session.completed", &page)).await;
    street.work().await;
    (ada, order, page)
}

async fn owned(street: &Street, buyer: &Buyer, order: &Order) -> Vec<bool> {
    let mut owned = Vec::new();
    for line in &order.lines {
        owned.push(owns(&street.shop.db, buyer.user.id, line.audiobook_id).await.unwrap());
    }
    owned
}

/// Stripe tells all that it tells of a refund, in this order.
async fn tell_of_refund(street: &Street, page: &str, kinds: &[&str]) {
    for kind in kinds {
        let event = if kind.starts_with("charge.") {
            street.stripe.charge_event(kind, page)
        } else {
            street.stripe.refund_event(kind)
        };
        assert_eq!(street.tell(&event).await, 200, "{kind}");
        street.work().await;
    }
}

async fn page(street: &Street, cookie: &str, path: &str) -> String {
    let answer = street.shop.get(cookie, path, &PAGE).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text().to_owned()
}

#[tokio::test]
async fn a_refund_on_stripes_pages_is_in_the_books_once_and_shown_to_buyer_and_office() {
    let street = Street::open().await;
    let (ada, order, session) = bought(&street).await;
    street.stripe.give_back(&session, 800);
    tell_of_refund(&street, &session, &["refund.updated", "charge.refunded", "refund.created"]).await;
    let after = street.order(&ada, &order).await;
    assert_eq!((after.status, after.refunded.minor), (OrderStatus::PartlyRefunded, 800));
    assert_eq!((owned(&street, &ada, &order).await, street.stripe.kept()), (vec![true, false], 1290));
    let told = |mail: &MailJob| matches!(mail, MailJob::Purchase { purchase, .. } if format!("{purchase:?}").contains("Provider"));
    assert_eq!(street.mails(told).await, 1);

    let receipt = page(&street, &ada.cookie, &format!("/orders/{}", order.number)).await;
    assert!(receipt.contains("paid back on") && receipt.contains("Partly paid back"), "{receipt}");
    let purchases = page(&street, &ada.cookie, "/account/purchases").await;
    assert!(purchases.contains("paid back on") && purchases.contains("$12.90"), "{purchases}");
    let document = street.shop.get(&ada.cookie, &format!("/orders/{}/receipt.pdf", order.number), &[]).await;
    let (_, read) = Document::read(&document.body).text();
    assert!(read.contains("Paid back in all") && read.contains("-USD 8.00"), "{read}");
    let (_, admin) = street.shop.admin_and_cookie().await;
    let office = page(&street, &admin, &format!("/admin/orders/{}", order.number)).await;
    assert!(office.contains("paid back at the payment provider") && office.contains("At the provider"), "{office}");
    let trail = page(&street, &admin, "/admin/audit").await;
    assert!(trail.contains("Gave money back at the payment provider itself"), "{trail}");
}

#[tokio::test]
async fn a_part_given_back_on_stripes_pages_is_shown_of_each_title() {
    let street = Street::open().await;
    let (ada, order, session) = bought(&street).await;
    street.stripe.give_back(&session, 500);
    tell_of_refund(&street, &session, &["charge.refunded"]).await;
    assert_eq!(owned(&street, &ada, &order).await, [true, true]);
    for path in [format!("/orders/{}", order.number), "/account/purchases".to_owned()] {
        let shown = page(&street, &ada.cookie, &path).await;
        assert!(shown.contains("$3.09 of it paid back") && shown.contains("$1.91 of it paid back"), "{path}: {shown}");
    }
    // The shop then pays all back: only what is left.
    refunds::ask_for_all(&street.shop.db, &order.number, "She did not like them.").await.unwrap();
    street.work().await;
    tell_of_refund(&street, &session, &["charge.refunded", "refund.created"]).await;
    let after = street.order(&ada, &order).await;
    assert_eq!((after.status, after.refunded, street.stripe.kept()), (OrderStatus::Refunded, after.total, 0));
    let given: Vec<i64> = street.stripe.desk().refunds.iter().map(|given| given.amount).collect();
    assert_eq!(given, [500, 1590]);
}

#[tokio::test]
async fn what_the_shop_wants_to_pay_back_and_stripe_has_given_back_already_is_not_given_twice() {
    let street = Street::open().await;
    let (ada, order, session) = bought(&street).await;
    street.stripe.give_back(&session, 2090);
    // No event has come yet.
    refunds::ask_for_all(&street.shop.db, &order.number, "Bought twice.").await.unwrap();
    street.shop.clock.advance(1);
    street.work().await;
    tell_of_refund(&street, &session, &["charge.refunded", "refund.created", "refund.updated"]).await;
    let after = street.order(&ada, &order).await;
    assert_eq!((after.status, after.refunded, street.stripe.kept()), (OrderStatus::Refunded, after.total, 0));
    let office = office::get(&street.shop.db, &order.number).await.unwrap();
    let statuses: Vec<RefundStatus> = office.refunds.iter().map(|refund| refund.status).collect();
    assert_eq!(statuses, [RefundStatus::Elsewhere, RefundStatus::Done]);
    assert_eq!(street.stripe.desk().refunds.len(), 1);
}

#[tokio::test]
async fn a_dispute_is_shown_while_it_is_open_and_takes_the_titles_when_it_is_lost() {
    let street = Street::open().await;
    let (ada, order, session) = bought(&street).await;
    let (_, admin) = street.shop.admin_and_cookie().await;
    let told = |mail: &MailJob| matches!(mail, MailJob::Disputed { .. });
    street.stripe.dispute(&session, 2090);
    street.tell(&street.stripe.dispute_event("charge.dispute.created", &session)).await;
    street.work().await;
    let at = format!("/admin/orders/{}", order.number);
    let shown = page(&street, &admin, &at).await;
    assert!(shown.contains("answer it at the payment provider") && shown.contains("fraudulent"), "{shown}");
    assert_eq!((owned(&street, &ada, &order).await, street.mails(told).await), (vec![true, true], 1));
    // While it is open Stripe gives nothing back.
    refunds::ask_for_all(&street.shop.db, &order.number, "She asked.").await.unwrap();
    street.work().await;
    assert_eq!(street.order(&ada, &order).await.refunded.minor, 0);
    street.stripe.decide(&session, "lost");
    for _ in 0..2 {
        street.tell(&street.stripe.dispute_event("charge.dispute.closed", &session)).await;
        street.work().await;
    }
    let after = street.order(&ada, &order).await;
    assert_eq!((after.status, after.refunded, street.stripe.kept()), (OrderStatus::Refunded, after.total, 0));
    assert_eq!((owned(&street, &ada, &order).await, street.mails(told).await), (vec![false, false], 2));
    assert!(page(&street, &admin, &at).await.contains("taken back by the bank"));
    let dispute = office::get(&street.shop.db, &order.number).await.unwrap().disputes.remove(0);
    assert_eq!((dispute.status, dispute.amount), (DisputeStatus::Lost, after.total));
}

#[tokio::test]
async fn an_inquiry_that_came_to_nothing_takes_the_titles_when_it_is_lost_as_a_dispute_later() {
    let street = Street::open().await;
    let (ada, order, session) = bought(&street).await;
    street.stripe.dispute(&session, 2090);
    for status in ["warning_needs_response", "warning_closed", "needs_response", "lost"] {
        street.stripe.decide(&session, status);
        street.tell(&street.stripe.dispute_event("charge.dispute.updated", &session)).await;
        street.work().await;
        let stays = status != "lost";
        assert_eq!(owned(&street, &ada, &order).await, [stays, stays], "{status}");
    }
    let after = street.order(&ada, &order).await;
    assert_eq!((after.status, after.refunded, street.stripe.kept()), (OrderStatus::Refunded, after.total, 0));
    let dispute = office::get(&street.shop.db, &order.number).await.unwrap().disputes.remove(0);
    assert_eq!((dispute.status, dispute.amount), (DisputeStatus::Lost, after.total));
}

#[tokio::test]
async fn what_goes_back_before_the_shop_heard_of_the_payment_is_written_after_it() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, session) = street.begin(&ada, 1290).await;
    // Stripe cannot say anything of it yet.
    let early = street.stripe.charge_event("charge.refunded", &session);
    street.tell(&early).await;
    assert_eq!(street.work().await, 0);
    street.stripe.pay(&session);
    street.stripe.give_back(&session, 1290);
    street.shop.clock.advance(30 * MINUTE);
    street.work().await;
    let after = street.order(&ada, &order).await;
    assert_eq!((after.status, after.refunded.minor, street.sold(&bell).await), (OrderStatus::Refunded, 1290, (0, 0)));
    let receipts = |mail: &MailJob| matches!(mail, MailJob::Purchase { .. });
    assert_eq!(street.mails(receipts).await, 2, "the receipt, and that it was paid back");
}
