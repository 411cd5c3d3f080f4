//! The mails of gifts.

use super::{BASE, Desk, LEASE_MS, address, desk, vault};
use async_trait::async_trait;
use domain::entities::gifts;
use domain::jobs::{self, Queue};
use domain::limits::Limits;
use domain::ordering::checkout::{Giving, Purchase, give};
use domain::ordering::gifts::mail::SendGift;
use domain::ordering::payment::{Payments, SimulatedBank};
use domain::ordering::{CardNumber, GiftForm, WithdrawalWording};
use domain::{job_kinds, testing};
use sea_orm::EntityTrait;
use std::sync::Arc;

use crate::mail::{Mail, Mailer, SendError};

const DAY_MS: i64 = 24 * 60 * 60_000;

/// Ada gives a title to Bea, with a mail in so many days.
async fn give_to_bea(desk: &Desk, in_days: i32, message: &str) {
    let ada = desk.register("ada").await;
    let bell = testing::title(&desk.db, "The <Bell>").price(1290).published().await;
    let send_on = domain::Day::of(desk.db.now()).plus(in_days).to_string();
    let form = GiftForm {
        recipient: address("bea").to_string(),
        recipient_name: "Bea".to_owned(),
        sender: "Ada".to_owned(),
        message: message.to_owned(),
        send_on,
    };
    let card: CardNumber = CardNumber::ACCEPTED.parse().unwrap();
    let agreed = Some(WithdrawalWording::CURRENT);
    let bank = Payments::from(Arc::new(SimulatedBank::default()));
    let limits = Limits::in_memory(Default::default(), desk.clock.clone());
    let giving = Giving { slug: &bell.slug, coupon: "", form: &form };
    let paying =
        Purchase { expected_total_minor: 1290, card: Some(&card), key: "k", agreed, country: None, currency: None };
    give(&desk.db, &bank, &limits, vault().as_ref(), ada.id, giving, paying).await.unwrap();
}

/// The mails to an address.
async fn to(desk: &Desk, name: &str) -> Vec<Mail> {
    let to = address(name).to_string();
    desk.delivered().await.into_iter().filter(|mail| mail.to == to).collect()
}

#[tokio::test]
async fn the_mail_of_a_gift_goes_on_its_day_with_the_message_as_plain_text_and_the_link() {
    let desk = desk().await;
    let runner = desk.runner();
    give_to_bea(&desk, 2, "For the train.\nNot <b>only</b> for it.").await;
    desk.send_all(&runner).await;
    assert!(to(&desk, "bea").await.is_empty(), "not before its day");
    let told = to(&desk, "ada").await.iter().any(|mail| mail.text.contains("its mail goes to bea@example.com"));
    assert!(told, "the receipt says so");
    desk.clock.advance(2 * DAY_MS + 9 * 60 * 60_000);
    desk.send_all(&runner).await;
    let mails = to(&desk, "bea").await;
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert!(mail.text.contains("Hello Bea,") && mail.text.contains("Ada has given you an audiobook: “The <Bell>”."));
    assert!(mail.text.contains("For the train.\nNot <b>only</b> for it."), "{}", mail.text);
    assert!(mail.html.contains("Not &lt;b&gt;only&lt;/b&gt; for it."), "{}", mail.html);
    let (_, rest) = mail.text.split_once(&format!("{BASE}/gift/")).unwrap();
    assert_eq!(rest.split_whitespace().next().unwrap().len(), 24);
    let row = gifts::Entity::find().one(desk.db.read()).await.unwrap().unwrap();
    assert!(row.sent_at.is_some(), "the buyer sees that it has left");
}

/// Nobody takes mails.
#[derive(Debug)]
struct Away;

#[async_trait]
impl Mailer for Away {
    async fn send(&self, _: &Mail) -> Result<String, SendError> {
        Err(SendError::Again("nobody is there".to_owned()))
    }
}

#[tokio::test]
async fn a_gift_whose_mail_did_not_leave_is_not_said_to_be_sent_and_goes_later() {
    let desk = desk().await;
    give_to_bea(&desk, 0, "").await;
    desk.send_all(&desk.runner_by(Arc::new(Away))).await;
    let sent = async || gifts::Entity::find().one(desk.db.read()).await.unwrap().unwrap().sent_at.is_some();
    assert!(!sent().await);
    desk.clock.advance(DAY_MS);
    desk.send_all(&desk.runner()).await;
    assert!(sent().await);
    assert_eq!(to(&desk, "bea").await.len(), 1);
}

#[tokio::test]
async fn a_mail_whose_runner_died_before_it_left_goes_once() {
    let desk = desk().await;
    give_to_bea(&desk, 0, "").await;
    let kinds = job_kinds::all().only(&[<SendGift as jobs::Job>::KIND]);
    let lost = jobs::claim(&desk.db, &kinds, Queue::Mail, "dies", LEASE_MS, 1).await.unwrap();
    assert_eq!(lost.len(), 1);
    desk.clock.advance(LEASE_MS + DAY_MS);
    desk.send_all(&desk.runner()).await;
    assert_eq!(to(&desk, "bea").await.len(), 1);
}
