//! What Stripe tells by itself.

use super::*;
use crate::stripe::fake::Mood;
use crate::stripe::sign;
use domain::account::email::mail::Purchase;
use domain::entities::payment_events;
use domain::ordering::provider_events;
use sea_orm::PaginatorTrait;

async fn noted(street: &Street) -> u64 {
    payment_events::Entity::find().count(street.shop.db.read()).await.unwrap()
}

fn is_receipt(mail: &MailJob) -> bool {
    matches!(mail, MailJob::Purchase { purchase: Purchase::Receipt { .. }, .. })
}

#[tokio::test]
async fn an_event_that_stripe_did_not_sign_changes_nothing() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, page) = street.begin(&ada, 1290).await;
    street.stripe.pay(&page);
    let (event, now) = (street.stripe.event("checkout.session.completed", &page), street.shop.db.now());
    let good = street.stripe.signature(&event, now);
    let old = street.stripe.signature(&event, now.plus_ms(-301_000));
    for signature in ["", "t=1,v1=00", &sign("whsec_of_somebody", &event, now), &old] {
        assert_eq!(street.tell_signed(&event, signature).await, 400, "{signature}");
    }
    // The body counts as it came: the same said with other spaces is not what was signed.
    let same: serde_json::Value = serde_json::from_slice(&event).unwrap();
    assert_eq!(street.tell_signed(same.to_string().as_bytes(), &good).await, 400);
    assert_eq!((noted(&street).await, street.work().await), (0, 0));
    assert_eq!(street.order(&ada, &order).await.status, OrderStatus::Pending);
    assert_eq!(street.tell_signed(&event, &good).await, 200);
}

#[tokio::test]
async fn an_event_that_comes_twice_is_heard_once() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, page) = street.begin(&ada, 1290).await;
    street.stripe.pay(&page);
    let event = street.stripe.event("checkout.session.completed", &page);
    let (one, other) = tokio::join!(street.tell(&event), street.tell(&event));
    assert_eq!((one, other, noted(&street).await), (200, 200, 1));
    street.work().await;
    // Another one that says the same, and the first again, a day later.
    street.tell(&street.stripe.event("checkout.session.async_payment_succeeded", &page)).await;
    street.shop.clock.advance(24 * 60 * MINUTE);
    assert_eq!(street.tell(&event).await, 200);
    street.work().await;
    assert_eq!((noted(&street).await, street.order(&ada, &order).await.status), (2, OrderStatus::Fulfilled));
    assert_eq!((street.mails(is_receipt).await, street.sold(&bell).await), (1, (1, 1)));
}

#[tokio::test]
async fn a_payment_that_takes_days_is_settled_whatever_comes_first() {
    let street = Street::open().await;
    let (bell, owl) = (street.title("The Bell", 1290).await, street.title("The Owl", 800).await);
    let (ada, ben) = (street.buyer("Ada", &[&bell]).await, street.buyer("Ben", &[&owl]).await);
    let (of_ada, adas) = street.begin(&ada, 1290).await;
    let (of_ben, bens) = street.begin(&ben, 800).await;
    for page in [&adas, &bens] {
        street.stripe.change(page, |page| (page.status, page.intent) = ("complete", Some("processing")));
    }
    let early = street.stripe.event("checkout.session.completed", &adas);
    street.tell(&street.stripe.event("checkout.session.completed", &bens)).await;
    street.work().await;
    assert_eq!(street.order(&ben, &of_ben).await.status, OrderStatus::Pending);
    street.stripe.pay(&adas);
    street.stripe.change(&bens, |page| page.intent = Some("requires_payment_method"));
    street.tell(&street.stripe.event("checkout.session.async_payment_succeeded", &adas)).await;
    street.tell(&street.stripe.event("checkout.session.async_payment_failed", &bens)).await;
    street.tell(&early).await;
    street.work().await;
    let declined = street.order(&ben, &of_ben).await;
    assert_eq!((declined.status, declined.failure.as_deref()), (OrderStatus::Declined, Some("Your bank said no.")));
    assert_eq!(street.order(&ada, &of_ada).await.status, OrderStatus::Fulfilled);
    let told = |mail: &MailJob| matches!(mail, MailJob::Purchase { purchase: Purchase::PaymentFailed { .. }, .. });
    assert_eq!((street.mails(told).await, street.sold(&bell).await, street.sold(&owl).await), (1, (1, 1), (0, 0)));
}

#[tokio::test]
async fn a_session_that_runs_out_gives_the_licence_back() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, page) = street.begin(&ada, 1290).await;
    assert_eq!(street.sold(&bell).await, (0, 1));
    street.shop.clock.advance(30 * MINUTE);
    street.work().await;
    assert_eq!(street.order(&ada, &order).await.status, OrderStatus::Pending, "its time is not over");
    street.stripe.change(&page, |page| page.status = "expired");
    street.tell(&street.stripe.event("checkout.session.expired", &page)).await;
    street.work().await;
    assert_eq!((street.order(&ada, &order).await.status, street.sold(&bell).await), (OrderStatus::Cancelled, (0, 0)));
}

#[tokio::test]
async fn an_event_waits_until_stripe_can_be_asked() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, page) = street.begin(&ada, 1290).await;
    street.stripe.pay(&page);
    street.stripe.desk().mood = Mood::Away;
    street.tell(&street.stripe.event("checkout.session.completed", &page)).await;
    assert_eq!((street.work().await, street.order(&ada, &order).await.status), (0, OrderStatus::Pending));
    street.stripe.desk().mood = Mood::Well;
    street.shop.clock.advance(5 * MINUTE);
    street.work().await;
    assert_eq!(street.order(&ada, &order).await.status, OrderStatus::Fulfilled);
}

#[tokio::test]
async fn what_the_shop_does_not_listen_for_is_taken_and_forgotten() {
    let street = Street::open().await;
    let unknown = br#"{"id":"evt_9","type":"customer.created","data":{"object":{"id":"cus_1"}}}"#;
    let of_others =
        br#"{"id":"evt_8","type":"checkout.session.completed","data":{"object":{"client_reference_id":"42"}}}"#;
    for event in [unknown.as_slice(), of_others.as_slice()] {
        assert_eq!(street.tell(event).await, 200);
    }
    assert_eq!((noted(&street).await, street.work().await), (0, 0));
    // Signed, and of another shop with the same account that names things alike.
    let id = uuid::Uuid::now_v7();
    let stranger = format!(
        r#"{{"id":"evt_7","type":"checkout.session.completed","data":{{"object":{{"client_reference_id":"{id}"}}}}}}"#
    );
    assert_eq!(street.tell(stranger.as_bytes()).await, 200);
    assert_eq!((noted(&street).await, street.work().await), (1, 1));
    assert_eq!(street.tell(b"{\"type\":7}").await, 400);
    assert_eq!(street.tell(&vec![b' '; 600 * 1024]).await, 413);
    street.shop.clock.advance(31 * 24 * 60 * MINUTE);
    assert_eq!((provider_events::forget_old(&street.shop.db).await.unwrap(), noted(&street).await), (1, 0));
}

#[tokio::test]
async fn an_event_is_heard_among_the_addresses_for_programs_as_well() {
    let street = Street::open().await;
    let bell = street.title("The Bell", 1290).await;
    let ada = street.buyer("Ada", &[&bell]).await;
    let (order, page) = street.begin(&ada, 1290).await;
    street.stripe.pay(&page);
    let event = street.stripe.event("checkout.session.completed", &page);
    let good = street.stripe.signature(&event, street.shop.db.now());
    let tell = async |path: &str, signature: &str, body: Vec<u8>| {
        let request = Request::post(path).header(SIGNATURE, signature).header("content-type", "application/json");
        street.shop.send(request.body(Body::from(body)).unwrap()).await
    };
    let unsigned = tell(EVENTS_FOR_PROGRAMS, "t=1,v1=00", event.clone()).await;
    assert_eq!((unsigned.status.as_u16(), unsigned.problem().as_str()), (400, "malformed"), "{}", unsigned.text());
    let elsewhere = tell("/api/v1/webhooks/nobody", &good, event.clone()).await;
    assert_eq!((elsewhere.status.as_u16(), elsewhere.problem().as_str()), (404, "not-found"));
    let large = tell(EVENTS_FOR_PROGRAMS, &good, vec![b' '; 600 * 1024]).await;
    assert_eq!((large.status.as_u16(), large.problem().as_str()), (413, "too-large"));
    assert_eq!((noted(&street).await, street.work().await), (0, 0));
    let heard = tell(EVENTS_FOR_PROGRAMS, &good, event.clone()).await;
    assert_eq!((heard.status.as_u16(), heard.header("ratelimit")), (204, ""), "{}", heard.text());
    assert_eq!(street.tell(&event).await, 200, "the same again, where it went before");
    street.work().await;
    assert_eq!((noted(&street).await, street.order(&ada, &order).await.status), (1, OrderStatus::Fulfilled));
    let without = Shop::open_whole(|_| {}).await;
    let request = Request::post(EVENTS_FOR_PROGRAMS).header(SIGNATURE, &good).body(Body::from(event)).unwrap();
    assert_eq!(without.send(request).await.problem(), "not-found", "a shop without Stripe does not listen");
}

#[tokio::test]
async fn events_may_come_from_another_site_and_nothing_else_may() {
    let street = Street::open().await;
    let event = br#"{"id":"evt_9","type":"customer.created","data":{"object":{}}}"#;
    let signature = street.stripe.signature(event, street.shop.db.now());
    let send = async |path: &str| {
        let request = Request::post(path).header(SIGNATURE, &signature).header("origin", "https://elsewhere.example");
        street.shop.send(request.body(Body::from(event.to_vec())).unwrap()).await.status.as_u16()
    };
    assert_eq!((send(EVENTS).await, send(EVENTS_FOR_PROGRAMS).await), (200, 204));
    for path in ["/api/orders/checkout", "/webhooks/stripe/", "/webhooks", "/webhooks/stripe/x", "//webhooks/stripe"] {
        assert_eq!(send(path).await, 403, "{path}");
    }
    let asked = street.shop.get("", EVENTS, &[]).await;
    assert_eq!(asked.status, 405);
    let without = Shop::open_whole(|_| {}).await;
    let request = Request::post(EVENTS).header(SIGNATURE, &signature).body(Body::from(event.to_vec())).unwrap();
    assert_eq!(without.send(request).await.status, 404, "a shop without Stripe does not listen");
}
