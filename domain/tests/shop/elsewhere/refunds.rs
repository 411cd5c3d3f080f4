//! Refunds that were made at the provider.

use super::{Desk, Street, refunds_told, tell, try_to_tell, usd};
use crate::fixtures::{ask_refund, row, settle_due};
use crate::mailbox::deliver;
use async_trait::async_trait;
use domain::account::email::mail::GivenBackBy;
use domain::ordering::payment::{
    Charge, GivenBack, NotRefunded, Outcome, PaymentProvider, Payments, Refund, Unreachable,
};
use domain::ordering::provider_events::Heard;
use domain::ordering::{DisputeStatus, OrderEventKind, OrderStatus, RefundStatus};
use domain::{Db, Error, Money};
use std::sync::Arc;

#[tokio::test]
async fn a_refund_at_the_provider_that_is_the_price_of_one_title_takes_that_title_back() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.give("re_1", 800);
    for _ in 0..3 {
        assert!(matches!(street.tell().await, Heard::Done));
    }
    let after = street.order(&order).await;
    assert_eq!((after.status, after.refunded), (OrderStatus::PartlyRefunded, usd(800)));
    assert_eq!(street.owned(&order).await, [true, false]);
    let sold = row(&street.shop, order.lines[1].audiobook_id).await;
    assert_eq!((sold.sold_count, sold.licences_sold), (0, 0));
    assert_eq!(refunds_told(&deliver(&street.shop).await), [(800, GivenBackBy::Provider, vec![])], "told once");
    let office = street.office(&order).await;
    assert!(office.refunds.len() == 1 && office.refunds[0].elsewhere, "{:?}", office.refunds);
    let refunded = office.events.iter().find(|event| event.kind == OrderEventKind::Refunded).unwrap();
    assert_eq!(refunded.cause.as_deref(), Some("At the provider"));
}

#[tokio::test]
async fn a_part_that_went_back_at_the_provider_leaves_the_titles_and_is_not_paid_back_twice() {
    let street = Street::open().await;
    let order = street.bought().await;
    street.give("re_1", 500);
    street.tell().await;
    let after = street.order(&order).await;
    let back: Vec<i64> = after.lines.iter().map(|line| line.refunded.minor).collect();
    assert_eq!((after.status, after.refunded, back), (OrderStatus::PartlyRefunded, usd(500), vec![309, 191]));
    assert_eq!(street.owned(&order).await, [true, true]);
    let titles = vec!["The Bell".to_owned(), "The Owl".to_owned()];
    assert_eq!(refunds_told(&deliver(&street.shop).await), [(500, GivenBackBy::Provider, titles)]);
    // The shop pays one title back: what is left of it.
    ask_refund(&street.shop, &order, &[&order.lines[0]]).await.unwrap();
    settle_due(&street.shop, &street.payments).await;
    street.tell().await;
    let after = street.order(&order).await;
    assert_eq!(
        (after.refunded, after.lines[0].refunded, street.owned(&order).await),
        (usd(1481), usd(1290), vec![false, true])
    );
    assert_eq!(street.desk.bank.kept(), 2090 - 981);
    // And all the rest at the provider.
    street.give("re_2", 609);
    street.tell().await;
    let after = street.order(&order).await;
    assert_eq!((after.status, after.refunded), (OrderStatus::Refunded, after.total));
    assert_eq!(street.owned(&order).await, [false, false]);
}

#[tokio::test]
async fn a_refund_that_was_begun_here_is_counted_once_whenever_the_provider_tells_of_it() {
    let street = Street::open().await;
    let order = street.bought().await;
    ask_refund(&street.shop, &order, &[&order.lines[1]]).await.unwrap();
    let wish = street.office(&order).await.refunds[0].id;
    // The provider has made it, and the shop did not hear the answer.
    let ours = GivenBack { name: "re_9".to_owned(), ours: Some(wish), amount: usd(800), failed: None };
    street.desk.back.lock().unwrap().refunds.push(ours);
    street.tell().await;
    assert_eq!(street.order(&order).await.refunded, usd(0), "its own job writes it");
    street.desk.back.lock().unwrap().refunds.clear();
    settle_due(&street.shop, &street.payments).await;
    for _ in 0..2 {
        street.tell().await;
    }
    assert_eq!((street.order(&order).await.refunded, street.owned(&order).await), (usd(800), vec![true, false]));
    assert_eq!(refunds_told(&deliver(&street.shop).await), [(800, GivenBackBy::Shop, vec![])]);
}

#[tokio::test]
async fn a_wish_for_more_than_the_provider_has_left_is_over_and_the_rest_can_be_wished_for() {
    let street = Street::open().await;
    let order = street.bought().await;
    ask_refund(&street.shop, &order, &[&order.lines[0]]).await.unwrap();
    street.give("re_1", 1000);
    street.tell().await;
    let office = street.office(&order).await;
    assert_eq!(office.refunds[0].status, RefundStatus::Elsewhere);
    let ended = office.events.iter().find(|event| event.kind == OrderEventKind::RefundRefused).unwrap();
    let left =
        "Some of the money went back at the provider itself before. What is left has to be asked for anew: $10.90.";
    assert_eq!((ended.cause.as_deref(), office.refunds[0].last_error.as_deref()), (Some(left), Some(left)));
    settle_due(&street.shop, &street.payments).await;
    assert_eq!((street.order(&order).await.refunded, street.desk.bank.kept()), (usd(1000), 2090));
    ask_refund(&street.shop, &order, &[&order.lines[0]]).await.unwrap();
    settle_due(&street.shop, &street.payments).await;
    let after = street.order(&order).await;
    assert_eq!((after.lines[0].refunded, street.owned(&order).await), (usd(1290), vec![false, true]));
}

#[tokio::test]
async fn a_refund_that_finds_nothing_left_at_the_provider_writes_down_what_went_back_there() {
    let street = Street::open().await;
    let order = street.bought().await;
    ask_refund(&street.shop, &order, &[]).await.unwrap();
    street.give("re_1", 2090);
    *street.desk.empty.lock().unwrap() = true;
    street.shop.clock.advance(1);
    settle_due(&street.shop, &street.payments).await;
    let office = street.office(&order).await;
    let statuses: Vec<_> = office.refunds.iter().map(|refund| refund.status).collect();
    assert_eq!(statuses, [RefundStatus::Elsewhere, RefundStatus::Done]);
    assert_eq!((office.order.status, office.order.refunded), (OrderStatus::Refunded, usd(2090)));
    assert_eq!(street.owned(&order).await, [false, false]);
    street.tell().await;
    assert_eq!(refunds_told(&deliver(&street.shop).await), [(2090, GivenBackBy::Provider, vec![])]);
}

/// A bank at whose desk somebody is quicker: while the shop asks it for money, some goes back there.
#[derive(Debug)]
struct Quicker {
    desk: Arc<Desk>,
    db: Db,
}

#[async_trait]
impl PaymentProvider for Quicker {
    fn name(&self) -> &'static str {
        self.desk.name()
    }

    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable> {
        self.desk.charge(charge).await
    }

    async fn outcome(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        self.desk.outcome(charge).await
    }

    async fn refund(&self, _: &Refund) -> Result<(), NotRefunded> {
        let payments = Payments::from(self.desk.clone());
        tell(&self.db, &payments).await;
        Err(NotRefunded::Refused("More than is left.".to_owned()))
    }
}

#[tokio::test]
async fn a_wish_that_ends_while_the_provider_is_asked_for_it_has_ended() {
    let street = Street::open().await;
    let order = street.bought().await;
    ask_refund(&street.shop, &order, &[]).await.unwrap();
    street.give("re_1", 500);
    let quicker = Quicker { desk: street.desk.clone(), db: street.shop.db.clone() };
    settle_due(&street.shop, &Payments::from(Arc::new(quicker))).await;
    let office = street.office(&order).await;
    let wish = office.refunds.iter().find(|refund| !refund.elsewhere).unwrap();
    assert_eq!((wish.status, office.order.refunded), (RefundStatus::Elsewhere, usd(500)));
}

#[tokio::test]
async fn what_is_in_another_currency_is_told_and_all_else_is_in_the_books() {
    let street = Street::open().await;
    let order = street.bought().await;
    let (name, amount) = ("re_0".to_owned(), Money::new(500, "EUR".parse().unwrap()));
    street.desk.back.lock().unwrap().refunds.push(GivenBack { name, ours: None, amount, failed: None });
    street.give("re_1", 800);
    street.dispute(1290, DisputeStatus::Open);
    for _ in 0..2 {
        street.shop.clock.advance(1);
        let told = try_to_tell(&street.shop.db, &street.payments).await;
        assert!(matches!(&told, Err(Error::Damaged(why)) if why.contains("re_0")), "{told:?}");
    }
    let office = street.office(&order).await;
    assert_eq!((office.refunds.len(), office.disputes.len(), office.order.refunded), (1, 1, usd(800)));
}
