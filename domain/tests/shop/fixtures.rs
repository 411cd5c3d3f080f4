//! What a test starts from: people and titles as every crate's tests have them, and orders.

use crate::database::Shop;
use domain::account::User;
use domain::entities::audiobooks;
use domain::ordering::cart::{self, CartOwner};
use domain::ordering::payment::{Payments, SimulatedBank};
use domain::ordering::{CardNumber, Order, checkout};
use domain::{Result, secret};
use sea_orm::EntityTrait;
use std::sync::Arc;
use uuid::Uuid;

pub use domain::testing::{
    DAY, Title, TitleBuilder, for_sale, give, record, sample, say, say_as, set, shopper, title, user,
};

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
    (bank.clone(), bank)
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
    checkout::checkout(&shop.db, payments, user.id, total, Some(card), &secret::token()).await
}

/// Buys titles.
pub async fn buy(shop: &Shop, payments: &Payments, user: &User, titles: &[&Title]) -> Order {
    fill(shop, &cart_of(user), titles).await;
    pay(shop, payments, user, &good_card()).await.unwrap()
}
