//! Refunds at the provider whose money came back.

use super::{Street, give_up, noted, usd};
use crate::fixtures::{ask_refund, settle_due};
use domain::entities::{payment_events, refunds as rows};
use domain::ordering::RefundStatus;
use domain::ordering::provider_events::{About, HearProvider, Heard, hear};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use std::collections::HashSet;

/// The money of a refund at the desk comes back.
pub(super) fn bounce(street: &Street, name: &str) {
    let mut back = street.desk.back.lock().unwrap();
    let given = back.refunds.iter_mut().find(|given| given.name == name).unwrap();
    given.failed = Some("The card is gone.".to_owned());
}

/// The events with which a refund that came back was told to a person, the oldest first.
pub(super) async fn told(street: &Street) -> Vec<payment_events::Model> {
    payment_events::Entity::find()
        .filter(payment_events::Column::RefundId.is_not_null())
        .order_by_asc(payment_events::Column::ReceivedAt)
        .all(street.shop.db.read())
        .await
        .unwrap()
}

/// Somebody has looked at the first that came back, and puts its job back.
async fn put_back(street: &Street) -> Heard {
    let job = HearProvider { event: told(street).await[0].id };
    hear(&street.shop.db, &street.payments, &job).await.unwrap()
}

#[tokio::test]
async fn a_refund_at_the_provider_that_came_back_is_looked_at_by_a_person_and_made_anew_once() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.give("re_1", 800);
    street.tell().await;
    bounce(&street, "re_1");
    let Heard::NeedsPerson(why) = street.tell().await else { panic!("somebody has to look") };
    assert!(why.contains("The card is gone."), "{why}");
    assert!(matches!(street.tell().await, Heard::Done), "known");
    let office = street.office(&order).await;
    assert_eq!((office.refunds[0].status, office.order.refunded), (RefundStatus::Refused, usd(800)));
    assert!(matches!(put_back(&street).await, Heard::Done), "the shop gives the money itself");
    street.tell().await;
    let office = street.office(&order).await;
    assert_eq!((office.refunds[0].status, office.order.refunded), (RefundStatus::Done, usd(800)));
    assert_eq!(street.desk.bank.kept(), 1290);
}

#[tokio::test]
async fn the_provider_is_asked_once_for_a_charge_whose_refund_is_made_anew() {
    let street = Street::open().await;
    street.bought().await;
    street.give("re_1", 800);
    street.tell().await;
    bounce(&street, "re_1");
    street.tell().await;
    *street.desk.asked.lock().unwrap() = 0;
    assert!(matches!(put_back(&street).await, Heard::Done));
    assert_eq!(*street.desk.asked.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_refund_of_the_shop_that_came_back_and_was_made_at_the_provider_is_not_counted_again() {
    let street = Street::open().await;
    let order = street.bought().await;
    ask_refund(&street.shop, &order, &[&order.lines[1]]).await.unwrap();
    settle_due(&street.shop, &street.payments).await;
    let id = street.office(&order).await.refunds[0].id;
    let bounced = rows::Entity::update_many()
        .col_expr(rows::Column::Status, Expr::value(RefundStatus::Refused))
        .filter(rows::Column::Id.eq(id));
    bounced.exec(street.shop.db.read()).await.unwrap();
    street.desk.back.lock().unwrap().refunds[0].failed = Some("The card is gone.".to_owned());
    street.give("re_at_the_desk", 800);
    street.tell().await;
    let office = street.office(&order).await;
    assert_eq!((office.refunds.len(), office.refunds[0].status), (1, RefundStatus::Done));
    assert_eq!((office.order.refunded, street.owned(&order).await), (usd(800), vec![true, false]));
}

#[tokio::test]
async fn a_refund_at_the_provider_that_came_back_and_was_made_anew_there_is_not_paid_by_the_shop_as_well() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.give("re_1", 800);
    street.tell().await;
    bounce(&street, "re_1");
    assert!(matches!(street.tell().await, Heard::NeedsPerson(_)));
    street.give("re_2", 800);
    // The shop has not heard of it when the job is put back.
    *street.desk.away.lock().unwrap() = true;
    assert!(matches!(put_back(&street).await, Heard::NotYet(_)));
    *street.desk.away.lock().unwrap() = false;
    for _ in 0..2 {
        assert!(matches!(put_back(&street).await, Heard::Done));
        assert!(matches!(street.tell().await, Heard::Done));
    }
    let office = street.office(&order).await;
    assert_eq!((office.refunds.len(), office.refunds[0].status), (1, RefundStatus::Done));
    assert_eq!((office.order.refunded, street.desk.bank.kept()), (usd(800), 2090));
    bounce(&street, "re_2");
    assert!(matches!(street.tell().await, Heard::NeedsPerson(_)), "it can come back as well");
}

#[tokio::test]
async fn what_came_back_and_was_given_at_the_provider_in_other_amounts_is_not_paid_by_the_shop_as_well() {
    for (back, anew) in [(&[800][..], &[500, 300][..]), (&[300, 200], &[500])] {
        let street = Street::open().await;
        let order = street.bought().await;
        back.iter().for_each(|minor| street.give(&format!("back_{minor}"), *minor));
        street.tell().await;
        for minor in back {
            bounce(&street, &format!("back_{minor}"));
            assert!(matches!(street.tell().await, Heard::NeedsPerson(_)));
        }
        anew.iter().for_each(|minor| street.give(&format!("anew_{minor}"), *minor));
        street.tell().await;
        for event in told(&street).await {
            let heard = hear(&street.shop.db, &street.payments, &HearProvider { event: event.id }).await.unwrap();
            let Heard::NeedsPerson(why) = heard else { panic!("{heard:?}") };
            assert!(why.contains("in other amounts"), "{why}");
        }
        assert_eq!(street.desk.bank.kept(), 2090, "the shop itself gave nothing");
        assert_eq!(street.office(&order).await.order.refunded, usd(anew.iter().sum()));
    }
}

#[tokio::test]
async fn nobody_has_to_look_at_a_refund_that_came_back_and_was_made_anew_before_the_shop_heard_of_either() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.give("re_1", 800);
    street.tell().await;
    bounce(&street, "re_1");
    street.give("re_2", 800);
    for _ in 0..2 {
        assert!(matches!(street.tell().await, Heard::Done));
    }
    let office = street.office(&order).await;
    assert_eq!((office.refunds.len(), office.refunds[0].status), (1, RefundStatus::Done));
    assert_eq!((office.order.refunded, street.owned(&order).await), (usd(800), vec![true, false]));
}

#[tokio::test]
async fn of_two_refunds_that_came_back_at_once_each_is_told_to_a_person_once() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.give("re_1", 800);
    street.give("re_2", 500);
    street.tell().await;
    bounce(&street, "re_1");
    bounce(&street, "re_2");
    for _ in 0..2 {
        assert!(matches!(street.tell().await, Heard::NeedsPerson(_)));
    }
    assert!(matches!(street.tell().await, Heard::Done), "known");
    let office = street.office(&order).await;
    assert!(office.refunds.iter().all(|refund| refund.status == RefundStatus::Refused), "{:?}", office.refunds);
    let both: HashSet<_> = office.refunds.iter().map(|refund| Some(refund.id)).collect();
    let told: HashSet<_> = told(&street).await.into_iter().map(|event| event.refund_id).collect();
    assert_eq!((told.len(), told), (2, both));
}

#[tokio::test]
async fn a_refund_that_came_back_is_told_even_when_the_shop_is_cut_off_after_writing_it() {
    let street = Street::open().await;
    street.bought().await;
    street.give("re_1", 800);
    street.give("re_2", 500);
    street.tell().await;
    bounce(&street, "re_2");
    assert!(matches!(street.tell().await, Heard::NeedsPerson(_)));
    let event = told(&street).await.remove(0);
    let cut_off = payment_events::Entity::update_many()
        .col_expr(payment_events::Column::DoneAt, Expr::value(None::<i64>))
        .filter(payment_events::Column::Id.eq(event.id));
    cut_off.exec(street.shop.db.read()).await.unwrap();
    // Another comes back before the event is heard again.
    bounce(&street, "re_1");
    assert!(matches!(put_back(&street).await, Heard::NeedsPerson(_)));
    let again = told(&street).await;
    assert_eq!((again.len(), again[0].refund_id), (1, event.refund_id));
    assert!(matches!(street.tell().await, Heard::NeedsPerson(_)), "the other has an event of its own");
    assert_eq!(street.desk.bank.kept(), 2090, "nothing is given anew before a person has looked");
}

#[tokio::test]
async fn a_wish_that_finds_nothing_left_leaves_a_refund_that_came_back_to_its_own_event() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.give("re_1", 800);
    street.tell().await;
    bounce(&street, "re_1");
    ask_refund(&street.shop, &order, &[&order.lines[0]]).await.unwrap();
    *street.desk.empty.lock().unwrap() = true;
    settle_due(&street.shop, &street.payments).await;
    let at_the_desk = async || {
        let office = street.office(&order).await;
        office.refunds.into_iter().find(|refund| refund.elsewhere).unwrap().status
    };
    assert_eq!(at_the_desk().await, RefundStatus::Done);
    assert!(matches!(street.tell().await, Heard::NeedsPerson(_)));
    assert_eq!(at_the_desk().await, RefundStatus::Refused);
}

/// What a job says of an event; it ends there, as when its process is killed.
pub(super) async fn heard(street: &Street, job: &HearProvider) -> Heard {
    street.shop.clock.advance(1);
    hear(&street.shop.db, &street.payments, job).await.unwrap()
}

#[tokio::test]
async fn a_job_that_is_killed_before_anybody_was_told_of_a_refund_that_came_back_gives_nothing_anew() {
    let street = Street::open().await;
    street.bought().await;
    street.give("re_1", 800);
    street.tell().await;
    bounce(&street, "re_1");
    let job = noted(&street.shop.db, About::Charge("ch_1".to_owned())).await;
    for _ in 0..3 {
        let Heard::NeedsPerson(why) = heard(&street, &job).await else { panic!("nobody was told yet") };
        assert!(why.contains("The card is gone."), "{why}");
    }
    assert_eq!(street.desk.bank.kept(), 2090);
    give_up(&street.shop.db, job, "the worker stopped answering").await;
    assert!(matches!(heard(&street, &job).await, Heard::NeedsPerson(_)), "that told nobody of the refund");
    give_up(&street.shop.db, job, "A refund did not reach the buyer: The card is gone.").await;
    for _ in 0..2 {
        assert!(matches!(heard(&street, &job).await, Heard::Done), "a person put it back");
    }
    assert_eq!(street.desk.bank.kept(), 1290, "given once");
}
