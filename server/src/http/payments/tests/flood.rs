//! Many events: doubled, shuffled, forged.

use super::ends::{Chance, End};
use super::*;
use crate::stripe::fake::SECRET;
use crate::stripe::signer::Signer;
use domain::Timestamp;
use domain::account::email::mail::Purchase;
use domain::entities::{disputes, entitlements, payment_events};
use domain::ordering::checkout::checkout;
use domain::ordering::{DisputeStatus, PaymentStatus, WithdrawalWording, refunds};
use sea_orm::PaginatorTrait;

/// In milliseconds.
const DAY_MS: i64 = 24 * 60 * MINUTE;

/// Events that are sent in all: `LECTERN_STRIPE_EVENTS`, or a thousand. `make events` sends ten thousand.
fn events() -> usize {
    std::env::var("LECTERN_STRIPE_EVENTS")
        .map_or(1000, |count| count.parse().expect("LECTERN_STRIPE_EVENTS is a number"))
}

/// Payments of which the shop does not know what became, and events that are not followed yet.
async fn unknown(street: &Street) -> u64 {
    let started = payments::Entity::find().filter(payments::Column::Status.eq(PaymentStatus::Started));
    let open = payment_events::Entity::find().filter(payment_events::Column::DoneAt.is_null());
    started.count(street.shop.db.read()).await.unwrap() + open.count(street.shop.db.read()).await.unwrap()
}

/// A session, how it ends, and whose it is.
type Session = (Buyer, Order, String, End);

/// So many sessions that they have `wanted` events, and those.
async fn sessions(street: &Street, bell: &Title, wanted: usize) -> (Vec<Session>, Vec<Vec<u8>>) {
    let (mut sessions, mut events) = (Vec::new(), Vec::new());
    while events.len() < wanted {
        let end = End::ALL[sessions.len() % End::ALL.len()];
        let user = shopper(&street.shop.db, &format!("Buyer{}", sessions.len())).await;
        let buyer = Buyer { user, cookie: String::new() };
        street.fill(&buyer, &[bell]).await;
        let (db, payments) = (&street.shop.db, &street.shop.state.payments);
        let order =
            checkout(db, payments, buyer.user.id, 1290, None, "key", Some(WithdrawalWording::CURRENT)).await.unwrap();
        let page = street.stripe.last().id;
        events.extend(end.kinds().iter().map(|kind| street.stripe.event(kind, &page)));
        events.extend(end.charge_kinds().iter().map(|kind| street.stripe.charge_event(kind, &page)));
        sessions.push((buyer, order, page, end));
    }
    (sessions, events)
}

#[tokio::test]
async fn a_flood_of_doubled_shuffled_and_forged_events_leaves_the_books_exact() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let (all, mut chance, begun) = (events(), Chance(0x5EED), street.shop.db.now());
    // Of a hundred events five are forged and thirty doubled.
    let (forged, doubled) = (all * 5 / 100, all * 30 / 100);
    let wanted = all - forged - doubled;
    let (sessions, mut bodies) = sessions(&street, &bell, wanted).await;
    let distinct = bodies.len();
    for _ in 0..doubled {
        bodies.push(bodies[chance.below(distinct)].clone());
    }
    for place in (1..bodies.len()).rev() {
        bodies.swap(place, chance.below(place + 1));
    }
    // Stripe's own library signs them, and whoever forges has it too, but not the secret.
    let mut stripe = Signer::open();
    let sent: Vec<(Vec<u8>, String)> = bodies
        .into_iter()
        .map(|body| {
            let header = stripe.sign(SECRET, &body, begun);
            (body, header)
        })
        .collect();
    // They come while things go on: some before what they tell of can be seen, none in order.
    let (mut refused, part) = (0, (sent.len() / 4).max(1));
    for (place, (event, header)) in sent.iter().enumerate() {
        if place % part == 0 {
            for (_, _, page, end) in sessions.chunks(sessions.len().div_ceil(4)).nth(place / part).unwrap_or_default() {
                end.happen(&street.stripe, page);
            }
            street.work().await;
        }
        assert_eq!(street.tell_signed(event, header).await, 200);
        if (place + 1) * forged / sent.len() > refused {
            // Somebody who knows all but the secret says that an order that is not paid is.
            let (_, _, page, _) = &sessions[chance.below(sessions.len())];
            let lie = street.stripe.event("checkout.session.completed", page);
            assert_eq!(street.tell_signed(&lie, &stripe.sign("whsec_guessed", &lie, begun)).await, 400);
            refused += 1;
        }
    }
    settled(&street, begun).await;
    let more = give_back_here(&street, &sessions, &mut stripe).await;
    settled(&street, begun).await;

    exact(&street, &sessions, &bell).await;
    let noted = payment_events::Entity::find().count(street.shop.db.read()).await.unwrap();
    assert_eq!(noted, (distinct + more) as u64);
    let paid = sessions.iter().filter(|(.., end)| end.is_paid()).count();
    println!(
        "  {} events, {doubled} doubled, {refused} forged; {} orders, {paid} paid",
        sent.len() + refused,
        sessions.len()
    );
}

/// Does what is to be done. What was told too early for Stripe to say anything is asked for again.
async fn settled(street: &Street, begun: Timestamp) {
    street.work().await;
    while unknown(street).await > 0 {
        assert!(street.shop.db.now().since_ms(begun) < 7 * DAY_MS, "some payments are never settled");
        street.shop.clock.advance(30 * MINUTE);
        street.work().await;
    }
}

/// The shop gives money back, and Stripe tells of that too, twice and in whatever order. Says how many of its events are
/// new to the shop.
async fn give_back_here(street: &Street, sessions: &[Session], stripe: &mut Signer) -> usize {
    let here: Vec<&Session> = sessions.iter().filter(|(.., end)| *end == End::GivenBackHere).collect();
    for (_, order, ..) in &here {
        refunds::ask(&street.shop.db, &order.number, &[order.lines[0].id], "It was the wrong book.").await.unwrap();
    }
    // Of the first half Stripe's word is there before the shop's own job has run.
    let (before, after) = here.split_at(here.len() / 2);
    for (place, some) in [before, after].into_iter().enumerate() {
        if place == 1 {
            street.work().await;
        }
        for (_, _, page, _) in some {
            let event = street.stripe.charge_event("charge.refunded", page);
            for _ in 0..2 {
                let header = stripe.sign(SECRET, &event, street.shop.db.now());
                assert_eq!(street.tell_signed(&event, &header).await, 200);
            }
        }
    }
    here.len()
}

/// That orders, libraries, licences, sales, mails and the money agree with what happened.
async fn exact(street: &Street, sessions: &[Session], bell: &Title) {
    let count = |of: &dyn Fn(End) -> bool| sessions.iter().filter(|(.., end)| of(*end)).count();
    let (paid, given_up) = (count(&|end| end.is_paid()), count(&|end| end.status() == OrderStatus::Refunded));
    let mut kept = 0;
    for (buyer, order, _, end) in sessions {
        let order = street.order(buyer, order).await;
        assert_eq!((order.status, order.refunded.minor), (end.status(), end.back()), "{end:?}");
        assert_eq!(order.lines[0].refunded, order.refunded, "{end:?}");
        kept += if end.is_paid() { 1290 - end.back() } else { 0 };
    }
    assert_eq!(street.stripe.kept(), kept);
    let (db, copies) = (street.shop.db.read(), i32::try_from(paid - given_up).unwrap());
    assert_eq!(street.sold(bell).await, (i64::from(copies), copies));
    let held = entitlements::Entity::find().filter(entitlements::Column::RevokedAt.is_null());
    assert_eq!(held.count(db).await.unwrap(), (paid - given_up) as u64);
    let receipt = |mail: &MailJob| matches!(mail, MailJob::Purchase { purchase: Purchase::Receipt { .. }, .. });
    let refund = |mail: &MailJob| matches!(mail, MailJob::Purchase { purchase: Purchase::Refund { .. }, .. });
    assert_eq!((street.mails(receipt).await, street.mails(refund).await), (paid, count(&|end| end.back() > 0)));
    let lost = disputes::Entity::find().filter(disputes::Column::Status.eq(DisputeStatus::Lost));
    let all = disputes::Entity::find().count(db).await.unwrap();
    let disputed = (count(&|end| end == End::Lost) as u64, count(&|end| matches!(end, End::Lost | End::Won)) as u64);
    assert_eq!((lost.count(db).await.unwrap(), all), disputed);
}
