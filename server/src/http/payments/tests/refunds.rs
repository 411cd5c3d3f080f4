//! Money back through Stripe.

use super::*;
use crate::stripe::fake::Mood;
use domain::account::Role;
use domain::entitlements::owns;
use domain::jobs::manage;
use domain::ordering::{RefundStatus, office, refunds};
use domain::testing::user;

/// A title that somebody bought.
async fn bought(street: &Street) -> (Title, Buyer, Order) {
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, page) = street.begin(&ada, 1290).await;
    street.stripe.pay(&page);
    street.tell(&street.stripe.event("checkout.session.completed", &page)).await;
    street.work().await;
    let order = street.order(&ada, &order).await;
    assert_eq!(order.status, OrderStatus::Fulfilled);
    (bell, ada, order)
}

async fn ask(street: &Street, order: &Order) {
    refunds::ask(&street.shop.db, &order.number, &[order.lines[0].id], "It was the wrong book.").await.unwrap();
}

async fn refund_status(street: &Street, order: &Order) -> (RefundStatus, Option<String>) {
    let refund = office::get(&street.shop.db, &order.number).await.unwrap().refunds.remove(0);
    (refund.status, refund.last_error)
}

/// Puts what was given up back into the queue, as an admin does who has looked at it.
async fn requeue(street: &Street, kind: &str) {
    let dead = job_rows::Entity::find().filter(job_rows::Column::Kind.eq(kind));
    for job in dead.all(street.shop.db.read()).await.unwrap() {
        manage::requeue(&street.shop.db, job_kinds::all(), job.id).await.ok();
    }
}

#[tokio::test]
async fn a_refund_is_asked_for_until_stripe_says_yes() {
    let street = Street::open().await;
    let (bell, ada, order) = bought(&street).await;
    ask(&street, &order).await;
    for mood in [Mood::Away, Mood::Lost] {
        street.stripe.desk().mood = mood;
        street.work().await;
        assert!(owns(&street.shop.db, ada.user.id, bell.id).await.unwrap(), "not before Stripe has said yes");
        street.shop.clock.advance(30 * MINUTE);
    }
    street.stripe.desk().mood = Mood::Well;
    street.work().await;
    assert_eq!(street.order(&ada, &order).await.status, OrderStatus::Refunded);
    assert!(!owns(&street.shop.db, ada.user.id, bell.id).await.unwrap());
    assert_eq!(street.stripe.kept(), 0);
    assert_eq!(street.stripe.desk().refunds.len(), 1);
    assert_eq!(street.sold(&bell).await, (0, 0));
}

#[tokio::test]
async fn a_refund_that_stripe_will_never_make_is_told_to_the_admins() {
    let street = Street::open().await;
    let (bell, ada, order) = bought(&street).await;
    user(&street.shop.db, "Root", Role::Admin).await;
    ask(&street, &order).await;
    street.stripe.desk().refuses = Some(("charge_disputed", "This charge is disputed."));
    street.work().await;
    let (status, why) = refund_status(&street, &order).await;
    assert!(status == RefundStatus::Refused && why.as_deref().is_some_and(|why| why.contains("disputed")), "{why:?}");
    let alarm = |mail: &MailJob| matches!(mail, MailJob::JobDied { reason, .. } if reason.contains("disputed"));
    assert_eq!(street.mails(alarm).await, 1);
    assert!(owns(&street.shop.db, ada.user.id, bell.id).await.unwrap());
    street.shop.clock.advance(24 * 60 * MINUTE);
    assert_eq!(street.work().await, 0, "nobody asks again by himself");
    street.stripe.desk().refuses = None;
    requeue(&street, RefundPayment::KIND).await;
    street.work().await;
    assert_eq!((street.order(&ada, &order).await.status, street.stripe.kept()), (OrderStatus::Refunded, 0));
}

#[tokio::test]
async fn a_refund_that_comes_back_from_the_bank_is_told_and_can_be_made_anew_without_counting_twice() {
    let street = Street::open().await;
    let (bell, ada, order) = bought(&street).await;
    user(&street.shop.db, "Root", Role::Admin).await;
    ask(&street, &order).await;
    street.stripe.desk().refund_status = "pending";
    street.work().await;
    assert_eq!(street.order(&ada, &order).await.status, OrderStatus::Refunded);
    street.stripe.desk().refunds[0].status = "failed";
    let events = [street.stripe.refund_event("refund.updated"), street.stripe.refund_event("refund.failed")];
    street.tell(&events[0]).await;
    street.work().await;
    assert_eq!(refund_status(&street, &order).await.0, RefundStatus::Refused);
    let alarm = |mail: &MailJob| matches!(mail, MailJob::JobDied { .. });
    assert_eq!(street.mails(alarm).await, 1);
    street.shop.clock.advance(60 * MINUTE);
    street.work().await;
    assert_eq!(street.stripe.desk().refunds.len(), 1, "not by itself");
    street.stripe.desk().refund_status = "succeeded";
    requeue(&street, HearProvider::KIND).await;
    street.work().await;
    // What was told of the first try comes late.
    street.tell(&events[1]).await;
    street.work().await;
    assert_eq!((refund_status(&street, &order).await.0, street.stripe.kept()), (RefundStatus::Done, 0));
    let after = street.order(&ada, &order).await;
    assert_eq!((after.refunded.minor, street.sold(&bell).await), (1290, (0, 0)), "counted once");
}
