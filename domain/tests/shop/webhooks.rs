//! Programs elsewhere that are told what happens.

use crate::database::{Shop, fresh};
use crate::fixtures::{ask_refund, bank, buy, for_sale, settle_due, shopper};
use crate::query_plans::{all_use_indexes, crowd};
use crate::two_factor::OpenVault;
use domain::entities::webhook_deliveries;
use domain::webhooks::address::Reach;
use domain::webhooks::keep;
use domain::webhooks::{EventKind, MOST, Webhook, WebhookForm, deliveries, happened};
use domain::{Db, Error};
use sea_orm::{EntityTrait, PaginatorTrait};
use uuid::Uuid;

fn form(events: &[EventKind]) -> WebhookForm {
    WebhookForm { address: "https://app.example/hooks".to_owned(), events: events.to_vec() }
}

async fn added(db: &Db, events: &[EventKind]) -> Webhook {
    keep::add(db, &OpenVault, Reach::default(), &form(events)).await.unwrap().0
}

async fn told(shop: &Shop, webhook: &Webhook) -> Vec<String> {
    let mut messages = deliveries::list(&shop.db, webhook.id, None, 100).await.unwrap();
    messages.reverse();
    messages.into_iter().map(|message| message.event).collect()
}

/// All that is done to an address.
pub async fn keep_one(db: &Db) {
    let webhook = added(db, &[EventKind::TitlePublished]).await;
    keep::change(db, Reach::default(), webhook.id, &form(&EventKind::ALL)).await.unwrap();
    keep::rotate(db, &OpenVault, webhook.id).await.unwrap();
    keep::switch(db, webhook.id, false).await.unwrap();
    keep::switch(db, webhook.id, true).await.unwrap();
    db.transaction(async |tx| happened::title_published(&tx, Uuid::nil(), "the-bell", "The Bell").await).await.unwrap();
    let message = deliveries::list(db, webhook.id, None, 1).await.unwrap().remove(0);
    deliveries::again(db, webhook.id, message.id).await.unwrap();
    keep::remove(db, webhook.id).await.unwrap();
}

#[tokio::test]
async fn what_happens_is_told_to_whoever_wants_to_know_it() {
    let shop = fresh().await;
    let (all, titles) = (added(&shop.db, &EventKind::ALL).await, added(&shop.db, &[EventKind::TitlePublished]).await);
    let (_, payments) = bank();
    let ada = shopper(&shop, "Ada").await;
    let bell = for_sale(&shop, "The Bell", 1290).await;
    let order = buy(&shop, &payments, &ada, &[&bell]).await;
    ask_refund(&shop, &order, &[]).await.unwrap();
    settle_due(&shop, &payments).await;
    assert_eq!(told(&shop, &all).await, ["title.published", "order.paid", "order.refunded"]);
    assert_eq!(told(&shop, &titles).await, ["title.published"]);
    let message = deliveries::list(&shop.db, all.id, None, 100).await.unwrap().remove(1);
    assert!(message.body.contains(&order.number) && !message.body.contains("ada@"), "{}", message.body);
}

#[tokio::test]
async fn what_did_not_happen_is_told_to_nobody() {
    let shop = fresh().await;
    added(&shop.db, &EventKind::ALL).await;
    let undone: Result<(), Error> = shop
        .db
        .transaction(async |tx| {
            happened::title_published(&tx, Uuid::nil(), "the-bell", "The Bell").await?;
            Err(Error::conflict("title.not-for-sale"))
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(webhook_deliveries::Entity::find().count(shop.db.read()).await.unwrap(), 0);
}

#[tokio::test]
async fn what_happens_is_kept_whatever_becomes_of_the_addresses_at_that_moment() {
    let shop = fresh().await;
    for _ in 0..20 {
        let webhook = added(&shop.db, &EventKind::ALL).await;
        let (told, removed) = tokio::join!(
            shop.db.transaction(async |tx| happened::title_published(&tx, Uuid::nil(), "a", "A").await),
            keep::remove(&shop.db, webhook.id)
        );
        told.unwrap();
        removed.unwrap();
    }
    assert_eq!(webhook_deliveries::Entity::find().count(shop.db.read()).await.unwrap(), 0);
}

#[tokio::test]
async fn messages_are_looked_up_by_an_index() {
    let shop = fresh().await;
    crowd(&shop).await;
    let webhook = added(&shop.db, &EventKind::ALL).await;
    shop.statements.take();
    shop.db.transaction(async |tx| happened::title_published(&tx, Uuid::nil(), "a", "A").await).await.unwrap();
    let message = deliveries::list(&shop.db, webhook.id, None, 10).await.unwrap().remove(0);
    deliveries::list(&shop.db, webhook.id, Some(message.place()), 10).await.unwrap();
    deliveries::again(&shop.db, webhook.id, message.id).await.unwrap();
    keep::change(&shop.db, Reach::default(), webhook.id, &form(&EventKind::ALL)).await.unwrap();
    keep::switch(&shop.db, webhook.id, false).await.unwrap();
    keep::remove(&shop.db, webhook.id).await.unwrap();
    deliveries::delete_old(&shop.db).await.unwrap();
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn there_are_only_so_many_addresses_and_messages_are_forgotten() {
    let shop = fresh().await;
    let webhook = added(&shop.db, &EventKind::ALL).await;
    for _ in 1..MOST {
        added(&shop.db, &[EventKind::OrderPaid]).await;
    }
    let more = keep::add(&shop.db, &OpenVault, Reach::default(), &form(&EventKind::ALL)).await;
    assert!(matches!(more, Err(Error::Conflict(_))));
    shop.db.transaction(async |tx| happened::title_published(&tx, Uuid::nil(), "a", "A").await).await.unwrap();
    assert_eq!(deliveries::delete_old(&shop.db).await.unwrap(), 0);
    shop.clock.advance(31 * 24 * 60 * 60 * 1000);
    assert_eq!(deliveries::delete_old(&shop.db).await.unwrap(), 1);
    assert_eq!(told(&shop, &webhook).await, Vec::<String>::new());
}
