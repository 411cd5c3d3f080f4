//! Many events: doubled, shuffled, forged.

use super::*;
use crate::stripe::sign;
use domain::account::email::mail::Purchase;
use domain::entities::{entitlements, payment_events};
use domain::ordering::checkout::checkout;
use domain::ordering::{PaymentStatus, WithdrawalWording};
use sea_orm::PaginatorTrait;

/// In milliseconds.
const DAY_MS: i64 = 24 * 60 * MINUTE;

/// Events that are sent in all: `LECTERN_STRIPE_EVENTS`, or a thousand. `make events` sends ten thousand.
fn events() -> usize {
    std::env::var("LECTERN_STRIPE_EVENTS")
        .map_or(1000, |count| count.parse().expect("LECTERN_STRIPE_EVENTS is a number"))
}

/// What buyers and banks do: the sessions end in turn in each of these ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Paid,
    PaidLate,
    Failed,
    Expired,
}

impl End {
    const ALL: [Self; 4] = [Self::Paid, Self::PaidLate, Self::Failed, Self::Expired];

    /// The events that Stripe sends.
    fn kinds(self) -> &'static [&'static str] {
        match self {
            Self::Paid => &["checkout.session.completed"],
            Self::PaidLate => &["checkout.session.completed", "checkout.session.async_payment_succeeded"],
            Self::Failed => &["checkout.session.completed", "checkout.session.async_payment_failed"],
            Self::Expired => &["checkout.session.expired"],
        }
    }

    fn is_paid(self) -> bool {
        matches!(self, Self::Paid | Self::PaidLate)
    }
}

/// Numbers that look like chance and are the same each time (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }
}

/// Payments of which the shop does not know what became.
async fn unknown(street: &Street) -> u64 {
    let started = payments::Entity::find().filter(payments::Column::Status.eq(PaymentStatus::Started));
    started.count(street.shop.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_flood_of_doubled_shuffled_and_forged_events_leaves_the_books_exact() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let (all, mut chance, begun) = (events(), Chance(0x5EED), street.shop.db.now());
    // Of a hundred events five are forged and thirty doubled; a session has one and a half events of its own.
    let (forged, doubled) = (all * 5 / 100, all * 30 / 100);
    let wanted = all - forged - doubled;
    let (mut sessions, mut sent) = (Vec::new(), Vec::new());
    while sent.len() < wanted {
        let end = End::ALL[sessions.len() % End::ALL.len()];
        let user = shopper(&street.shop.db, &format!("Buyer{}", sessions.len())).await;
        let buyer = Buyer { user, cookie: String::new() };
        street.fill(&buyer, &[&bell]).await;
        let (db, payments) = (&street.shop.db, &street.shop.state.payments);
        let order =
            checkout(db, payments, buyer.user.id, 1290, None, "key", Some(WithdrawalWording::CURRENT)).await.unwrap();
        let page = street.stripe.last().id;
        for kind in end.kinds() {
            sent.push(street.stripe.event(kind, &page));
        }
        sessions.push((buyer, order, page, end));
    }
    for _ in 0..doubled {
        sent.push(sent[chance.below(wanted)].clone());
    }
    for place in (1..sent.len()).rev() {
        sent.swap(place, chance.below(place + 1));
    }
    // They come while things go on: some before what they tell of can be seen, none in order.
    let mut refused = 0;
    for (place, event) in sent.iter().enumerate() {
        if place % (sent.len() / 4).max(1) == 0 {
            let quarter = sessions.len().div_ceil(4);
            let some = sessions.chunks(quarter).nth(place / (sent.len() / 4).max(1));
            for (_, _, page, end) in some.unwrap_or_default() {
                match end {
                    End::Paid | End::PaidLate => street.stripe.pay(page),
                    End::Failed => street.stripe.change(page, |page| {
                        (page.status, page.intent) = ("complete", Some("requires_payment_method"));
                    }),
                    End::Expired => street.stripe.change(page, |page| page.status = "expired"),
                }
            }
            street.work().await;
        }
        assert_eq!(street.tell(event).await, 200);
        if (place + 1) * forged / sent.len() > refused {
            // Somebody who knows all but the secret says that an order that is not paid is.
            let (_, _, page, _) = &sessions[chance.below(sessions.len())];
            let lie = street.stripe.event("checkout.session.completed", page);
            assert_eq!(street.tell_signed(&lie, &sign("whsec_guessed", &lie, street.shop.db.now())).await, 400);
            refused += 1;
        }
    }
    street.work().await;
    // What was told too early for Stripe to say anything is asked for again.
    while unknown(&street).await > 0 {
        assert!(street.shop.db.now().since_ms(begun) < 7 * DAY_MS, "some payments are never settled");
        street.shop.clock.advance(30 * MINUTE);
        street.work().await;
    }

    let paid = sessions.iter().filter(|(.., end)| end.is_paid()).count();
    for (buyer, order, _, end) in &sessions {
        let expected = match end {
            End::Paid | End::PaidLate => OrderStatus::Fulfilled,
            End::Failed => OrderStatus::Declined,
            End::Expired => OrderStatus::Cancelled,
        };
        assert_eq!(street.order(buyer, order).await.status, expected, "{end:?}");
    }
    let (db, copies) = (street.shop.db.read(), i64::try_from(paid).unwrap());
    assert_eq!(street.sold(&bell).await, (copies, i32::try_from(paid).unwrap()));
    assert_eq!(street.stripe.kept(), 1290 * copies);
    assert_eq!(entitlements::Entity::find().count(db).await.unwrap(), paid as u64);
    let receipt = |mail: &MailJob| matches!(mail, MailJob::Purchase { purchase: Purchase::Receipt { .. }, .. });
    assert_eq!(street.mails(receipt).await, paid);
    assert_eq!(payment_events::Entity::find().count(db).await.unwrap(), (sent.len() - doubled) as u64);
    println!(
        "  {} events, {doubled} doubled, {refused} forged; {} orders, {paid} paid",
        sent.len() + refused,
        sessions.len()
    );
}
