//! What banks take back; and charges that came too late, are not known yet, or are not the shop's.

use super::{Street, refunds_told, usd};
use crate::fixtures::{cart_of, fill, for_sale, good_card, pay, settle_due, user};
use crate::mailbox::deliver;
use domain::account::Role;
use domain::account::email::mail::{Content, DisputeNews, GivenBackBy, Letter};
use domain::entities::payments;
use domain::ordering::payment::{Bill, Charge, PaymentProvider, TakenBack};
use domain::ordering::provider_events::Heard;
use domain::ordering::{DisputeStatus, Order, OrderDetails, OrderEventKind, OrderStatus, PaymentStatus, RefundStatus};
use domain::privacy::{deletion, export::export};
use futures::TryStreamExt;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

#[tokio::test]
async fn a_dispute_is_shown_and_mailed_to_those_who_look_after_orders_and_a_lost_one_takes_the_titles_back() {
    let street = Street::open().await;
    let order = street.bought().await;
    user(&street.shop, "Root", Role::Admin).await;
    deliver(&street.shop).await;
    let shown = async || {
        let dispute = street.office(&order).await.disputes.remove(0);
        (dispute.status, dispute.amount, dispute.reason)
    };
    street.dispute(2090, DisputeStatus::Open);
    for _ in 0..2 {
        street.tell().await;
    }
    assert_eq!(shown().await, (DisputeStatus::Open, usd(2090), Some("fraudulent".to_owned())));
    assert_eq!(news_of(&deliver(&street.shop).await), [DisputeNews::Opened]);
    assert_eq!(
        (street.order(&order).await.status, street.owned(&order).await),
        (OrderStatus::Fulfilled, vec![true, true])
    );
    street.dispute(2090, DisputeStatus::Lost);
    for _ in 0..2 {
        street.tell().await;
    }
    assert_eq!(shown().await.0, DisputeStatus::Lost);
    let letters = deliver(&street.shop).await;
    assert_eq!(news_of(&letters), [DisputeNews::Lost]);
    assert_eq!(refunds_told(&letters), [(2090, GivenBackBy::Bank, vec![])]);
    let after = street.order(&order).await;
    assert_eq!(
        (after.status, after.refunded, street.owned(&order).await),
        (OrderStatus::Refunded, usd(2090), vec![false, false])
    );
    use OrderEventKind::{DisputeLost, DisputeOpened};
    let told = street.office(&order).await.events;
    assert_eq!(told.iter().filter(|event| matches!(event.kind, DisputeOpened | DisputeLost)).count(), 2);
}

#[tokio::test]
async fn a_dispute_that_is_won_changes_nothing_and_is_told_anew_when_the_bank_asks_again() {
    let street = Street::open().await;
    let order = street.bought().await;
    user(&street.shop, "Root", Role::Admin).await;
    deliver(&street.shop).await;
    use DisputeNews::{Opened, Won};
    let told =
        [(DisputeStatus::Won, vec![Opened, Won]), (DisputeStatus::Open, vec![Opened]), (DisputeStatus::Won, vec![Won])];
    for (status, news) in told {
        street.dispute(2090, status);
        for _ in 0..2 {
            street.tell().await;
        }
        let office = street.office(&order).await;
        assert_eq!((office.disputes.len(), office.disputes[0].status), (1, status));
        assert_eq!(office.disputes[0].closed_at.is_some(), status == DisputeStatus::Won);
        assert_eq!(office.order.refunded, usd(0), "{status:?}");
        assert_eq!(news_of(&deliver(&street.shop).await), news);
    }
    assert_eq!(street.owned(&order).await, [true, true]);
}

#[tokio::test]
async fn a_dispute_that_was_lost_and_is_won_after_all_is_told_and_its_money_is_the_shops_again() {
    let street = Street::open().await;
    let order = street.bought().await;
    user(&street.shop, "Root", Role::Admin).await;
    street.dispute(2090, DisputeStatus::Lost);
    street.tell().await;
    deliver(&street.shop).await;
    let shown = async || {
        let office = street.office(&order).await;
        (office.disputes[0].status, office.refunds.len(), office.refunds[0].status)
    };
    for (status, refund, news) in [
        (DisputeStatus::Won, RefundStatus::Refused, DisputeNews::Won),
        (DisputeStatus::Lost, RefundStatus::Done, DisputeNews::Lost),
    ] {
        street.dispute(2090, status);
        for _ in 0..2 {
            street.tell().await;
        }
        assert_eq!(shown().await, (status, 1, refund));
        assert_eq!(news_of(&deliver(&street.shop).await), [news]);
    }
    assert_eq!(street.order(&order).await.refunded, usd(2090), "taken once");
}

/// What mails say of disputes.
fn news_of(letters: &[Letter]) -> Vec<DisputeNews> {
    let of = |letter: &Letter| match &letter.content {
        Content::Disputed { news, .. } => Some(*news),
        _ => None,
    };
    letters.iter().filter_map(of).collect()
}

#[tokio::test]
async fn a_bank_that_only_asked_and_takes_money_later_after_all_takes_back_the_title_that_it_is_the_price_of() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.dispute(2090, DisputeStatus::Won);
    street.tell().await;
    // Less than it had asked about.
    street.dispute(1290, DisputeStatus::Lost);
    for _ in 0..2 {
        street.tell().await;
    }
    let office = street.office(&order).await;
    let dispute = &office.disputes[0];
    assert_eq!((office.disputes.len(), dispute.status, dispute.amount), (1, DisputeStatus::Lost, usd(1290)));
    assert_eq!((office.order.status, office.order.refunded), (OrderStatus::PartlyRefunded, usd(1290)));
    assert_eq!(street.owned(&order).await, [false, true]);
    // What is lost is not open again.
    street.dispute(1290, DisputeStatus::Open);
    street.tell().await;
    assert_eq!(street.office(&order).await.disputes[0].status, DisputeStatus::Lost);
}

/// An order of a bell for $12.90 that is paid, and charged once more when that is over: of the second charge money goes back.
async fn charged_too_late(street: &Street) -> Order {
    let bell = for_sale(&street.shop, "The Bell", 1290).await;
    fill(&street.shop, &cart_of(&street.ada), &[&bell]).await;
    let order = pay(&street.shop, &street.payments, &street.ada, &good_card()).await.unwrap();
    let attempt = street.office(&order).await.attempts.remove(0);
    let first = payments::Entity::find()
        .filter(payments::Column::Reference.eq(&attempt.reference))
        .one(street.shop.db.read())
        .await
        .unwrap()
        .unwrap();
    let id = Uuid::now_v7();
    let second = payments::Model {
        id,
        reference: id.to_string(),
        status: PaymentStatus::Started,
        ask_at: Some(street.shop.db.now()),
        ..first
    };
    payments::Entity::insert(second.clone().into_active_model())
        .exec_without_returning(street.shop.db.read())
        .await
        .unwrap();
    let charge = Charge {
        reference: second.reference.clone(),
        handle: None,
        amount: usd(1290),
        card: Some(good_card()),
        bill: Bill::default(),
        begun_at: street.shop.db.now(),
    };
    street.desk.bank.charge(&charge).await.unwrap();
    *street.desk.back.lock().unwrap() = TakenBack { reference: second.reference, ..TakenBack::default() };
    order
}

/// The amounts of an order's refunds that stand so, the smallest first.
fn amounts(office: &OrderDetails, status: RefundStatus) -> Vec<i64> {
    let of = office.refunds.iter().filter(|refund| refund.status == status);
    let mut amounts: Vec<i64> = of.map(|refund| refund.amount.minor).collect();
    amounts.sort_unstable();
    amounts
}

#[tokio::test]
async fn what_went_back_of_a_charge_that_came_too_late_belongs_to_no_title() {
    let street = Street::open().await;
    let order = charged_too_late(&street).await;
    street.give("re_1", 1290);
    street.tell().await;
    let office = street.office(&order).await;
    assert_eq!((office.order.status, office.order.refunded), (OrderStatus::Fulfilled, usd(0)));
    assert_eq!(street.owned(&order).await, [true]);
    assert_eq!(amounts(&office, RefundStatus::Elsewhere), [1290], "the shop's own wish is over");
    assert_eq!((amounts(&office, RefundStatus::Done), office.refunds.len()), (vec![1290], 2));
}

#[tokio::test]
async fn of_a_charge_that_came_too_late_the_shop_gives_back_what_is_left_when_some_went_back_at_the_provider() {
    let street = Street::open().await;
    let order = charged_too_late(&street).await;
    street.give("re_1", 500);
    for _ in 0..2 {
        street.tell().await;
    }
    let office = street.office(&order).await;
    assert_eq!(amounts(&office, RefundStatus::Elsewhere), [1290]);
    assert_eq!((amounts(&office, RefundStatus::Asked), amounts(&office, RefundStatus::Done)), (vec![790], vec![500]));
    settle_due(&street.shop, &street.payments).await;
    street.tell().await;
    let office = street.office(&order).await;
    assert_eq!((amounts(&office, RefundStatus::Done), office.refunds.len()), (vec![500, 790], 3));
    assert_eq!(street.desk.bank.kept(), 1290 + 500, "the order, and what went back at the desk");
    assert_eq!((office.order.status, office.order.refunded), (OrderStatus::Fulfilled, usd(0)));
    let ended = office.events.iter().find(|event| event.kind == OrderEventKind::RefundRefused).unwrap();
    let rest = "Some of the money went back at the provider itself before. The shop gives back what is left: $7.90.";
    assert_eq!(ended.cause.as_deref(), Some(rest));
}

#[tokio::test]
async fn what_the_provider_does_not_say_yet_is_asked_again_and_what_is_not_the_shops_is_left() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.give("re_1", 800);
    *street.desk.away.lock().unwrap() = true;
    assert!(matches!(street.tell().await, Heard::NotYet(_)));
    *street.desk.away.lock().unwrap() = false;
    let reference = street.desk.back.lock().unwrap().reference.clone();
    for other in ["of another program".to_owned(), Uuid::now_v7().to_string()] {
        street.desk.back.lock().unwrap().reference = other;
        assert!(matches!(street.tell().await, Heard::Done));
    }
    assert_eq!(street.order(&order).await.refunded, usd(0));
    street.desk.back.lock().unwrap().reference = reference;
    street.tell().await;
    assert_eq!(street.order(&order).await.refunded, usd(800));
}

#[tokio::test]
async fn people_take_along_what_their_bank_wanted_and_its_word_goes_with_them() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.dispute(2090, DisputeStatus::Lost);
    street.tell().await;
    let pieces: Vec<String> = export(&street.shop.db, street.ada.id, None).await.unwrap().try_collect().await.unwrap();
    let data: serde_json::Value = serde_json::from_str(&pieces.concat()).unwrap();
    assert_eq!(
        (&data["disputes"][0]["status"], &data["disputes"][0]["reason"]),
        (&"lost".into(), &"fraudulent".into())
    );
    assert_eq!(data["orders"][0]["titles"][0]["paid_back"], "12.90");
    deletion::delete(&street.shop.db, street.ada.id, street.ada.email.as_str()).await.unwrap();
    let office = street.office(&order).await;
    assert_eq!((office.disputes[0].reason.as_deref(), office.disputes[0].amount), (None, usd(2090)));
}
