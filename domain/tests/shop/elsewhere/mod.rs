//! Money that goes back at the payment provider itself: refunds that were made there, and what banks take back.

mod bounced;
mod disputes;
mod own;
mod refunds;

use crate::database::{Shop, fresh};
use crate::fixtures::{buy, for_sale, shopper};
use async_trait::async_trait;
use domain::account::User;
use domain::account::email::mail::{Content, GivenBackBy, Letter, Purchase};
use domain::entities::payment_events;
use domain::entitlements::owns;
use domain::jobs::{Change, Job};
use domain::ordering::office::get;
use domain::ordering::payment::{
    Charge, Disputed, GivenBack, NotRefunded, Outcome, PaymentProvider, Payments, Refund, SimulatedBank, TakenBack,
    Unreachable,
};
use domain::ordering::provider_events::{About, HearProvider, Heard, ProviderEvent, hear, note};
use domain::ordering::{DisputeStatus, Order, OrderDetails, orders};
use domain::{Currency, Db, Money};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use std::sync::{Arc, Mutex};
use uuid::Uuid;

/// A bank with pages of its own, on which money goes back without the shop.
#[derive(Debug, Default)]
pub struct Desk {
    bank: SimulatedBank,
    /// What went back of the charge that is spoken of.
    back: Mutex<TakenBack>,
    /// Nothing of a charge is left, so that it gives nothing back.
    empty: Mutex<bool>,
    away: Mutex<bool>,
    /// How often somebody asked what went back.
    asked: Mutex<usize>,
}

#[async_trait]
impl PaymentProvider for Desk {
    fn name(&self) -> &'static str {
        "simulated"
    }

    async fn charge(&self, charge: &Charge) -> Result<Outcome, Unreachable> {
        self.bank.charge(charge).await
    }

    async fn outcome(&self, charge: &Charge) -> Result<Option<Outcome>, Unreachable> {
        self.bank.outcome(charge).await
    }

    async fn refund(&self, refund: &Refund) -> Result<(), NotRefunded> {
        if *self.empty.lock().unwrap() {
            return Err(NotRefunded::Elsewhere("ch_1".to_owned()));
        }
        self.bank.refund(refund).await?;
        let ours = refund.id.parse().ok();
        let given = GivenBack { name: format!("re_{}", refund.id), ours, amount: refund.amount, failed: None };
        self.back.lock().unwrap().refunds.push(given);
        Ok(())
    }

    async fn refund_failure(&self, refund: &Refund) -> Result<Option<String>, Unreachable> {
        let back = self.back.lock().unwrap();
        let tries: Vec<_> =
            back.refunds.iter().filter(|given| given.ours.is_some_and(|id| id.to_string() == refund.id)).collect();
        let alive = tries.iter().any(|given| given.failed.is_none());
        Ok(if alive { None } else { tries.last().and_then(|given| given.failed.clone()) })
    }

    async fn charge_of(&self, _: &Refund) -> Result<Option<String>, Unreachable> {
        Ok(Some("ch_1".to_owned()))
    }

    async fn taken_back(&self, _: &str) -> Result<Option<TakenBack>, Unreachable> {
        *self.asked.lock().unwrap() += 1;
        if *self.away.lock().unwrap() {
            return Err(Unreachable("nobody is there".to_owned()));
        }
        Ok(Some(self.back.lock().unwrap().clone()))
    }
}

/// A shop that is paid at such a bank.
struct Street {
    shop: Shop,
    desk: Arc<Desk>,
    payments: Payments,
    ada: User,
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

impl Street {
    async fn open() -> Self {
        let (shop, desk) = (fresh().await, Arc::new(Desk::default()));
        let ada = shopper(&shop, "Ada").await;
        Self { payments: Payments::from(desk.clone()), shop, desk, ada }
    }

    /// An order of a bell for $12.90 and an owl for $8.00.
    async fn bought(&self) -> Order {
        let (bell, owl) = (for_sale(&self.shop, "The Bell", 1290).await, for_sale(&self.shop, "The Owl", 800).await);
        let order = buy(&self.shop, &self.payments, &self.ada, &[&bell, &owl]).await;
        self.speak_of(&order).await;
        order
    }

    /// What goes back is of this order from now on.
    async fn speak_of(&self, order: &Order) {
        let reference = self.office(order).await.attempts[0].reference.clone();
        *self.desk.back.lock().unwrap() = TakenBack { reference, ..TakenBack::default() };
    }

    fn give(&self, name: &str, minor: i64) {
        let given = GivenBack { name: name.to_owned(), ours: None, amount: usd(minor), failed: None };
        self.desk.back.lock().unwrap().refunds.push(given);
    }

    fn dispute(&self, minor: i64, status: DisputeStatus) {
        let reason = Some("fraudulent".to_owned());
        let disputed = Disputed { name: "du_1".to_owned(), amount: usd(minor), reason, status };
        self.desk.back.lock().unwrap().disputes = vec![disputed];
    }

    /// The bank tells that something went back, and the shop looks, a moment later.
    async fn tell(&self) -> Heard {
        self.shop.clock.advance(1);
        tell(&self.shop.db, &self.payments).await
    }

    /// The order as those see it who look after orders.
    async fn office(&self, order: &Order) -> OrderDetails {
        get(&self.shop.db, &order.number).await.unwrap()
    }

    async fn order(&self, order: &Order) -> Order {
        orders::order(&self.shop.db, self.ada.id, &order.number).await.unwrap()
    }

    /// Which of its titles are the buyer's.
    async fn owned(&self, order: &Order) -> Vec<bool> {
        let mut owned = Vec::new();
        for line in &order.lines {
            owned.push(owns(&self.shop.db, self.ada.id, line.audiobook_id).await.unwrap());
        }
        owned
    }
}

/// What was paid back, by the mails to buyers: how much, by whom, and which titles stay.
fn refunds_told(letters: &[Letter]) -> Vec<(i64, GivenBackBy, Vec<String>)> {
    let told = |letter: &Letter| match &letter.content {
        Content::Purchase(Purchase::Refund { amount, by, kept, .. }) => Some((amount.minor, *by, kept.clone())),
        _ => None,
    };
    letters.iter().filter_map(told).collect()
}

/// A bank tells that something went back of the charge that it speaks of, and a shop looks.
async fn tell(db: &Db, payments: &Payments) -> Heard {
    try_to_tell(db, payments).await.unwrap()
}

async fn try_to_tell(db: &Db, payments: &Payments) -> domain::Result<Heard> {
    let job = noted(db, About::Charge("ch_1".to_owned())).await;
    let heard = hear(db, payments, &job).await?;
    if let Heard::NeedsPerson(why) = &heard {
        give_up(db, job, why).await;
    }
    Ok(heard)
}

/// The job of an event is given up, as a runner does it: somebody is told.
async fn give_up(db: &Db, job: HearProvider, why: &str) {
    let died = Change::Died { reason: why.to_owned(), lost: false };
    db.transaction(async |tx| job.follow(&tx, &died).await).await.unwrap();
}

/// An event is noted; what hears it.
async fn noted(db: &Db, about: About) -> HearProvider {
    let event = ProviderEvent {
        provider: "simulated",
        id: Uuid::now_v7().to_string(),
        kind: "charge.refunded".to_owned(),
        about,
    };
    assert!(note(db, &event).await.unwrap());
    let of_it = payment_events::Column::EventId.eq(&event.id);
    let noted = payment_events::Entity::find().filter(of_it).one(db.read()).await.unwrap().unwrap();
    HearProvider { event: noted.id }
}

/// A refund at the provider, and a dispute of what is left that is lost: what an audit trail tells of both.
pub async fn give_back_and_lose(shop: &Shop, db: &Db) {
    let desk = Arc::new(Desk::default());
    let (payments, gina) = (Payments::from(desk.clone()), shopper(shop, "Gina").await);
    let wren = for_sale(shop, "The Wren", 800).await;
    let order = buy(shop, &payments, &gina, &[&wren]).await;
    let reference = get(db, &order.number).await.unwrap().attempts[0].reference.clone();
    let given = GivenBack { name: "re_1".to_owned(), ours: None, amount: usd(300), failed: None };
    let (name, status) = ("du_1".to_owned(), DisputeStatus::Lost);
    let disputed = Disputed { name, amount: usd(500), reason: None, status };
    *desk.back.lock().unwrap() = TakenBack { reference, refunds: vec![given], disputes: vec![disputed] };
    assert!(matches!(tell(db, &payments).await, Heard::Done));
}
