//! What a test starts from: people and titles as every crate's tests have them, and orders.

use crate::database::Shop;
use domain::account::User;
use domain::entities::audiobooks;
use domain::job_kinds;
use domain::jobs::{self, Job, Queue, Retry};
use domain::ordering::attempts::{self, SettlePayment};
use domain::ordering::cart::{self, CartOwner};
use domain::ordering::elsewhere;
use domain::ordering::orders;
use domain::ordering::payment::{Payments, SimulatedBank};
use domain::ordering::refunds::{self, RefundPayment, Tried};
use domain::ordering::{CardNumber, Order, OrderLine, WithdrawalWording, checkout};
use domain::{Result, secret};
use sea_orm::EntityTrait;
use std::sync::Arc;
use uuid::Uuid;

pub use domain::testing::{
    DAY, Title, TitleBuilder, for_sale, give, record, sample, say, say_as, set, shopper, title, user,
};

/// The tick at checkout.
pub const AGREED: Option<WithdrawalWording> = Some(WithdrawalWording::CURRENT);

impl Shop {
    /// Begins a title; see [`title`].
    pub fn title(&self, name: &str) -> TitleBuilder<'_> {
        title(&self.db, name)
    }
}

/// A title as it stands now.
pub async fn row(shop: &Shop, id: Uuid) -> audiobooks::Model {
    audiobooks::Entity::find_by_id(id).one(shop.db.read()).await.unwrap().unwrap()
}

/// A bank, and the same as the shop sees it.
pub fn bank() -> (Arc<SimulatedBank>, Payments) {
    let bank = Arc::new(SimulatedBank::default());
    (bank.clone(), Payments::from(bank))
}

pub fn good_card() -> CardNumber {
    CardNumber::ACCEPTED.parse().unwrap()
}

pub fn bad_card() -> CardNumber {
    CardNumber::DECLINED.parse().unwrap()
}

pub fn cart_of(user: &User) -> CartOwner {
    CartOwner::User(user.id)
}

/// Fills a cart.
pub async fn fill(shop: &Shop, owner: &CartOwner, titles: &[&Title]) {
    for title in titles {
        cart::add(&shop.db, owner, &title.slug).await.unwrap();
        shop.clock.advance(1);
    }
}

/// Pays for what is in the cart, at the total that the cart page shows.
pub async fn pay(shop: &Shop, payments: &Payments, user: &User, card: &CardNumber) -> Result<Order> {
    let total = cart::get(&shop.db, Some(&cart_of(user))).await?.total.minor;
    checkout::checkout(&shop.db, payments, user.id, total, Some(card), &secret::token(), AGREED).await
}

/// Buys titles.
pub async fn buy(shop: &Shop, payments: &Payments, user: &User, titles: &[&Title]) -> Order {
    fill(shop, &cart_of(user), titles).await;
    pay(shop, payments, user, &good_card()).await.unwrap()
}

/// Asks for lines of an order to be paid back; with none, for all of them.
pub async fn ask_refund(shop: &Shop, order: &Order, lines: &[&OrderLine]) -> Result<Uuid> {
    let lines: Vec<Uuid> = if lines.is_empty() {
        order.lines.iter().map(|line| line.id).collect()
    } else {
        lines.iter().map(|line| line.id).collect()
    };
    refunds::ask(&shop.db, &order.number, &lines, "Not what she had thought.").await
}

/// Pays an order back, and gives it as its buyer sees it then.
pub async fn refund(shop: &Shop, payments: &Payments, buyer: &User, order: &Order) -> Order {
    ask_refund(shop, order, &[]).await.unwrap();
    settle_due(shop, payments).await;
    orders::order(&shop.db, buyer.id, &order.number).await.unwrap()
}

/// Does whatever is to be done about payments and refunds at this moment, as the server's runner does. Says how many jobs
/// ended well.
pub async fn settle_due(shop: &Shop, payments: &Payments) -> u64 {
    let kinds = job_kinds::all().only(&[SettlePayment::KIND, RefundPayment::KIND]);
    attempts::enqueue_due(&shop.db).await.unwrap();
    let mut done = 0;
    while let Some(claim) = jobs::claim(&shop.db, &kinds, Queue::Maintenance, "books", 60_000, 1).await.unwrap().pop() {
        let failure = if claim.kind == SettlePayment::KIND {
            let job: SettlePayment = serde_json::from_str(&claim.payload).unwrap();
            attempts::settle(&shop.db, payments, &job).await.err().map(|error| error.to_string())
        } else {
            let job: RefundPayment = serde_json::from_str(&claim.payload).unwrap();
            match elsewhere::carry_out(&shop.db, payments, &job).await {
                Ok(Tried::Done | Tried::Elsewhere { .. }) => None,
                Ok(Tried::NotYet(error)) => Some(error.to_string()),
                Ok(Tried::Refused(why)) => Some(why),
                Err(error) => Some(error.to_string()),
            }
        };
        match failure {
            None => done += jobs::complete_all(&shop.db, &[claim]).await.unwrap(),
            Some(why) => drop(jobs::fail(&shop.db, &kinds, &claim, &why, Retry::After(None)).await.unwrap()),
        }
    }
    done
}
