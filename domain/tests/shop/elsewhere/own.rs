//! Refunds of the shop's own whose money came back.

use super::bounced::{bounce, heard, told};
use super::{Street, give_up, noted, usd};
use crate::fixtures::{ask_refund, settle_due};
use domain::entities::payment_events;
use domain::ordering::provider_events::{About, HearProvider, Heard};
use domain::ordering::{Order, RefundStatus};
use sea_orm::EntityTrait;
use sea_orm::sea_query::Expr;

/// A refund of the shop's own that was confirmed, and whose money then came back; with the events that tell of it.
async fn own_came_back(street: &Street) -> (Order, [HearProvider; 2]) {
    let order = street.bought().await;
    ask_refund(&street.shop, &order, &[&order.lines[1]]).await.unwrap();
    settle_due(&street.shop, &street.payments).await;
    let id = street.office(&order).await.refunds[0].id;
    bounce(street, &format!("re_{id}"));
    let first = noted(&street.shop.db, About::Refund(id)).await;
    street.shop.clock.advance(1);
    (order, [first, noted(&street.shop.db, About::Refund(id)).await])
}

#[tokio::test]
async fn a_refund_of_the_shop_that_came_back_is_told_once_even_when_the_job_is_killed_after_writing_it() {
    let street = Street::open().await;
    let (order, [first, second]) = own_came_back(&street).await;
    for _ in 0..2 {
        assert!(matches!(heard(&street, &first).await, Heard::NeedsPerson(_)));
    }
    assert!(matches!(heard(&street, &second).await, Heard::Done), "the first tells it");
    let office = street.office(&order).await;
    assert_eq!((office.refunds[0].status, office.order.refunded), (RefundStatus::Refused, usd(800)));
    assert_eq!(street.desk.back.lock().unwrap().refunds.len(), 1, "nothing is given anew by itself");
    give_up(&street.shop.db, first, "A refund did not reach the buyer: The card is gone.").await;
    for _ in 0..2 {
        assert!(matches!(heard(&street, &first).await, Heard::Done));
    }
    let office = street.office(&order).await;
    assert_eq!((office.refunds[0].status, office.order.refunded), (RefundStatus::Done, usd(800)));
    assert_eq!(street.desk.back.lock().unwrap().refunds.len(), 2);
}

#[tokio::test]
async fn a_refund_of_the_shop_that_came_back_and_was_made_anew_at_the_provider_is_not_made_by_the_shop_as_well() {
    let street = Street::open().await;
    let (order, [first, _]) = own_came_back(&street).await;
    assert!(matches!(heard(&street, &first).await, Heard::NeedsPerson(_)));
    give_up(&street.shop.db, first, "A refund did not reach the buyer: The card is gone.").await;
    street.give("re_at_the_desk", 800);
    assert!(matches!(heard(&street, &first).await, Heard::Done));
    let office = street.office(&order).await;
    assert_eq!((office.refunds.len(), office.refunds[0].status), (1, RefundStatus::Done));
    assert_eq!(street.desk.back.lock().unwrap().refunds.len(), 2, "none by the shop");
}

#[tokio::test]
async fn which_event_told_of_a_refund_is_known_after_an_update_and_from_servers_of_before_it() {
    let street = Street::open().await;
    let (_, [first, second]) = own_came_back(&street).await;
    assert!(matches!(heard(&street, &first).await, Heard::NeedsPerson(_)));
    migrations::down_before(street.shop.db.read(), "m0058_first_to_tell").await.unwrap();
    migrations::up(street.shop.db.read()).await.unwrap();
    let events = told(&street).await;
    assert_eq!(events.iter().map(|event| event.first_to_tell).collect::<Vec<_>>(), [true, false]);
    // As a server of before it leaves it.
    let older = payment_events::Entity::update_many().col_expr(payment_events::Column::FirstToTell, Expr::value(false));
    older.exec(street.shop.db.read()).await.unwrap();
    assert!(matches!(heard(&street, &first).await, Heard::NeedsPerson(_)));
    assert!(matches!(heard(&street, &second).await, Heard::Done), "the first tells it");
}
