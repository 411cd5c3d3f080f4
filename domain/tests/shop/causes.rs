//! Why an order went the way it went, and through whom.

use crate::coupons::unlimited;
use crate::database::{Shop, fresh};
use crate::fixtures::{ask_refund, bad_card, bank, buy, cart_of, fill, for_sale, pay, settle_due, shopper};
use crate::gift::{form, give_title};
use crate::two_factor::OpenVault;
use domain::account::User;
use domain::entities::{order_events, orders, payment_events, payments};
use domain::ordering::attempts::PAYMENT_GRACE_MS;
use domain::ordering::gifts::redeem::accept;
use domain::ordering::gifts::resend::shown;
use domain::ordering::payment::SimulatedBank;
use domain::ordering::provider_events::{About, HearProvider, ProviderEvent, hear, note};
use domain::ordering::{CardNumber, EventActor, Order, OrderEventKind, OrderStatus, going_on, office};
use domain::{Actor, Db};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashSet;
use uuid::Uuid;

type Told = (OrderEventKind, String, EventActor);

fn card(number: &str) -> CardNumber {
    number.parse().unwrap()
}

/// The database in the hands of somebody.
fn hands_of(db: &Db, user: &User) -> Db {
    db.acting(Actor::visitor(None, None).known_as(user.id, &user.email))
}

/// What happened to an order, the oldest first. Each thing has a cause.
async fn told(shop: &Shop, number: &str) -> Vec<Told> {
    let events = office::get(&shop.db, number).await.unwrap().events.into_iter();
    let with_cause = events.map(|event| {
        let cause = event.cause.filter(|cause| !cause.is_empty());
        (event.kind, cause.unwrap_or_else(|| panic!("{:?} has no cause", event.kind)), event.by)
    });
    with_cause.collect()
}

/// The cause of the first thing of a kind.
async fn cause(shop: &Shop, number: &str, kind: OrderEventKind) -> (String, EventActor) {
    let (_, cause, by) = told(shop, number).await.into_iter().find(|(known, ..)| *known == kind).unwrap();
    (cause, by)
}

/// The ways that an order went, by what is told of it.
async fn ways(shop: &Shop, number: &str) -> Vec<(OrderStatus, OrderStatus)> {
    let end = office::get(&shop.db, number).await.unwrap().order.status;
    let told = told(shop, number).await;
    let last = told.iter().rposition(|(kind, ..)| *kind == OrderEventKind::Refunded);
    let mut ways = Vec::new();
    let mut stands = OrderStatus::Pending;
    for (place, (kind, ..)) in told.iter().enumerate() {
        let next = match kind {
            OrderEventKind::Paid => OrderStatus::Paid,
            OrderEventKind::Fulfilled => OrderStatus::Fulfilled,
            OrderEventKind::Declined => OrderStatus::Declined,
            OrderEventKind::Cancelled => OrderStatus::Cancelled,
            OrderEventKind::Refunded if last == Some(place) => end,
            OrderEventKind::Refunded => OrderStatus::PartlyRefunded,
            _ => continue,
        };
        ways.push((stands, next));
        stands = next;
    }
    ways
}

async fn attempt(shop: &Shop, order: &Order) -> Uuid {
    let of_order = payments::Entity::find().filter(payments::Column::OrderId.eq(order.id));
    of_order.one(shop.db.read()).await.unwrap().unwrap().id
}

#[tokio::test]
async fn an_order_says_why_and_through_whom_it_went_each_way_of_the_table() {
    let mut shop = fresh().await;
    let ((_, payments), ada, bea) = (bank(), shopper(&shop, "Ada").await, shopper(&shop, "Bea").await);
    let (bell, owl) = (for_sale(&shop, "The Bell", 1290).await, for_sale(&shop, "The Owl", 800).await);
    let itself = shop.db.clone();
    shop.db = hands_of(&itself, &ada);
    let mut walked = HashSet::new();

    fill(&shop, &cart_of(&ada), &[&bell]).await;
    let declined = pay(&shop, &payments, &ada, &bad_card()).await.unwrap();
    walked.extend(ways(&shop, &declined.number).await);
    let waits = pay(&shop, &payments, &ada, &card(CardNumber::SECOND_STEP)).await.unwrap();
    going_on::give_up(&shop.db, &payments, ada.id, &waits.number).await.unwrap();
    walked.extend(ways(&shop, &waits.number).await);

    let both = buy(&shop, &payments, &ada, &[&owl]).await;
    use OrderEventKind::{Fulfilled, GiftRedeemed, Paid, Placed};
    let at_checkout = [(Placed, "Checkout"), (Paid, "Checkout: the answer of simulated"), (Fulfilled, "Payment")];
    let at_checkout = at_checkout.map(|(kind, cause)| (kind, cause.to_owned(), EventActor::Buyer));
    assert_eq!(told(&shop, &both.number).await[..3], at_checkout);
    shop.db = itself.clone();
    for line in &both.lines {
        ask_refund(&shop, &both, &[line]).await.unwrap();
        settle_due(&shop, &payments).await;
    }
    walked.extend(ways(&shop, &both.number).await);
    let whole = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    ask_refund(&shop, &whole, &[]).await.unwrap();
    settle_due(&shop, &payments).await;
    walked.extend(ways(&shop, &whole.number).await);

    let given = give_title(&shop, &payments, &ada, &bell, &form()).await;
    assert_eq!(cause(&shop, &given.number, Placed).await.0, "Checkout of a gift");
    let code = shown(&shop.db, &OpenVault, ada.id, &given.number).await.unwrap().unwrap();
    accept(&hands_of(&itself, &bea), &unlimited(), bea.id, &code).await.unwrap();
    let by_bea = |cause: &str| (cause.to_owned(), EventActor::Recipient);
    assert_eq!(cause(&shop, &given.number, Fulfilled).await, by_bea("Gift accepted"));
    assert_eq!(cause(&shop, &given.number, GiftRedeemed).await, by_bea("Its code"));
    walked.extend(ways(&shop, &given.number).await);
    let back = give_title(&shop, &payments, &ada, &bell, &form()).await;
    ask_refund(&shop, &back, &[]).await.unwrap();
    settle_due(&shop, &payments).await;
    walked.extend(ways(&shop, &back.number).await);

    // Paid with two titles, and not yet where they belong.
    let two = buy(&shop, &payments, &ada, &[&bell, &owl]).await;
    let paid = orders::Entity::update_many().col_expr(orders::Column::Status, Expr::value(OrderStatus::Paid));
    paid.filter(orders::Column::Id.eq(two.id)).exec(shop.db.read()).await.unwrap();
    let fulfilled = order_events::Entity::delete_many().filter(order_events::Column::OrderId.eq(two.id));
    fulfilled.filter(order_events::Column::Kind.eq(Fulfilled)).exec(shop.db.read()).await.unwrap();
    ask_refund(&shop, &two, &[&two.lines[0]]).await.unwrap();
    settle_due(&shop, &payments).await;
    walked.extend(ways(&shop, &two.number).await);
    assert_eq!(walked, HashSet::from(OrderStatus::TRANSITIONS));
}

#[tokio::test]
async fn a_payment_that_becomes_known_later_says_how() {
    let mut shop = fresh().await;
    let ((bank, payments), ada) = (bank(), shopper(&shop, "Ada").await);
    let itself = shop.db.clone();
    let mut begun = Vec::new();
    for (number, with) in [CardNumber::TIMES_OUT, CardNumber::SECOND_STEP, CardNumber::SECOND_STEP].iter().enumerate() {
        let buyer = shopper(&shop, &format!("Buyer {number}").replace(' ', "")).await;
        let title = for_sale(&shop, &format!("Book {number}"), 500).await;
        fill(&shop, &cart_of(&buyer), &[&title]).await;
        let order = pay(&shop, &payments, &buyer, &card(with)).await.unwrap();
        bank.confirm(&attempt(&shop, &order).await.to_string(), true);
        begun.push((buyer, order));
    }
    let [(_, lost), (home, back), (_, heard)] = &begun[..] else { panic!("{begun:?}") };

    shop.db = hands_of(&itself, home);
    going_on::look_again(&shop.db, &payments, home.id, &back.number).await.unwrap();
    shop.db = itself;
    let event = ProviderEvent {
        provider: SimulatedBank::NAME,
        id: "evt_1".to_owned(),
        kind: "paid".to_owned(),
        about: About::Payment(attempt(&shop, heard).await),
    };
    assert!(note(&shop.db, &event).await.unwrap());
    let noted = payment_events::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    hear(&shop.db, &payments, &HearProvider { event: noted.id }).await.unwrap();
    shop.clock.advance(PAYMENT_GRACE_MS);
    settle_due(&shop, &payments).await;
    use OrderEventKind::{LateCharge, Paid};
    let asked = ("The buyer came back: simulated was asked".to_owned(), EventActor::Buyer);
    assert_eq!(cause(&shop, &back.number, Paid).await, asked);
    assert_eq!(cause(&shop, &heard.number, Paid).await, ("Webhook of simulated".to_owned(), EventActor::Shop));
    assert_eq!(cause(&shop, &lost.number, Paid).await, ("Job: simulated was asked".to_owned(), EventActor::Shop));

    let free = for_sale(&shop, "Free", 0).await;
    let nothing = buy(&shop, &payments, &ada, &[&free]).await;
    assert_eq!(cause(&shop, &nothing.number, Paid).await.0, "Nothing was to be paid");

    let owl = for_sale(&shop, "The Owl", 800).await;
    fill(&shop, &cart_of(&ada), &[&owl]).await;
    let late = pay(&shop, &payments, &ada, &card(CardNumber::TIMES_OUT)).await.unwrap();
    let over = orders::Entity::update_many().col_expr(orders::Column::Status, Expr::value(OrderStatus::Cancelled));
    over.filter(orders::Column::Id.eq(late.id)).exec(shop.db.read()).await.unwrap();
    shop.clock.advance(PAYMENT_GRACE_MS);
    settle_due(&shop, &payments).await;
    assert_eq!(cause(&shop, &late.number, LateCharge).await.0, "Job: simulated was asked");
}
