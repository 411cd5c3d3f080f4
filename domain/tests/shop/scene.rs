//! People and titles for the tests, written straight to the tables.

use crate::database::Shop;
use domain::account::{Permissions, Role, User};
use domain::catalog::{Status, TextRights};
use domain::entities::{audiobook_terms, audiobooks, entitlements, segments, users};
use domain::ordering::cart::{self, CartOwner};
use domain::ordering::payment::{Payments, SimulatedBank};
use domain::ordering::{CardNumber, Order, checkout};
use domain::{Result, Slug, secret};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, sea_query::Expr};
use std::sync::Arc;
use uuid::Uuid;

/// Someone with an account. The name has to be one of its own.
pub async fn person(shop: &Shop, name: &str, role: Role) -> User {
    let now = shop.db.now();
    let permissions = if role == Role::Admin { Permissions::all() } else { Permissions::default() };
    let email = format!("{}@example.com", name.to_lowercase());
    let row = users::Model {
        id: Uuid::now_v7(),
        email: email.clone(),
        name: name.to_owned(),
        email_verified_at: None,
        pending_email: None,
        password_hash: None,
        role,
        permissions: permissions.text(),
        second_step_at: None,
        language: "en".to_owned(),
        currency: None,
        disabled_at: None,
        deleted_at: None,
        created_at: now,
        updated_at: now,
    };
    let id = row.id;
    users::Entity::insert(row.into_active_model()).exec_without_returning(shop.db.read()).await.unwrap();
    User { id, email: email.parse().unwrap(), name: name.to_owned(), role, permissions }
}

pub async fn shopper(shop: &Shop, name: &str) -> User {
    person(shop, name, Role::Shopper).await
}

/// A title for sale as it is most of the time: ten minutes long, its text may be downloaded.
pub fn draft(shop: &Shop, title: &str, price_minor: i64) -> audiobooks::Model {
    let now = shop.db.now();
    audiobooks::Model {
        id: Uuid::now_v7(),
        slug: Slug::from_name(title).to_string(),
        status: Status::Published,
        title: title.to_owned(),
        sort_title: title.to_lowercase(),
        subtitle: None,
        description: "A story.".to_owned(),
        language: "en".to_owned(),
        priced: true,
        price_minor,
        currency: "USD".to_owned(),
        sale_price_minor: None,
        sale_starts_at: None,
        sale_ends_at: None,
        licences_total: None,
        licences_sold: 0,
        series_id: None,
        series_position: None,
        duration_ms: 600_000,
        published_at: Some(now),
        featured: false,
        text_rights: TextRights::Download,
        sample_start_ms: 0,
        sample_end_ms: 0,
        sample_key: None,
        cover_key: None,
        sold_count: 0,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// Keeps a title, with the words of its name to find it by.
pub async fn keep(shop: &Shop, title: audiobooks::Model) -> audiobooks::Model {
    let terms = title.sort_title.split(' ').map(|term| {
        audiobook_terms::Model { audiobook_id: title.id, term: term.to_owned(), weight: 1 }.into_active_model()
    });
    let terms: Vec<_> = terms.collect();
    audiobooks::Entity::insert(title.clone().into_active_model()).exec_without_returning(shop.db.read()).await.unwrap();
    audiobook_terms::Entity::insert_many(terms).exec_without_returning(shop.db.read()).await.unwrap();
    title
}

/// A title for sale.
pub async fn title(shop: &Shop, name: &str, price_minor: i64) -> audiobooks::Model {
    keep(shop, draft(shop, name, price_minor)).await
}

/// Changes a column of a title.
pub async fn set(shop: &Shop, id: Uuid, column: audiobooks::Column, value: impl Into<sea_orm::Value>) {
    audiobooks::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(audiobooks::Column::Id.eq(id))
        .exec(shop.db.read())
        .await
        .unwrap();
}

/// A title as it stands now.
pub async fn again(shop: &Shop, id: Uuid) -> audiobooks::Model {
    audiobooks::Entity::find_by_id(id).one(shop.db.read()).await.unwrap().unwrap()
}

/// Puts a title into a library without a purchase.
pub async fn give(shop: &Shop, user: &User, title: &audiobooks::Model) {
    let entitlement = entitlements::Model {
        id: Uuid::now_v7(),
        user_id: user.id,
        audiobook_id: title.id,
        order_id: None,
        granted_at: shop.db.now(),
        revoked_at: None,
    };
    entitlements::Entity::insert(entitlement.into_active_model()).exec_without_returning(shop.db.read()).await.unwrap();
}

/// What is said in a title: a segment of a second each, one word a segment.
pub async fn say(shop: &Shop, title: &audiobooks::Model, words: &[&str]) {
    let segments = (0..).zip(words).map(|(position, word): (i32, &&str)| {
        let start_ms = i64::from(position) * 1000;
        let heard = serde_json::json!([{ "s": start_ms, "e": start_ms + 900, "t": word, "c": 0.5 }]);
        let segment = segments::Model {
            id: Uuid::now_v7(),
            audiobook_id: title.id,
            chunk_id: None,
            position,
            start_ms,
            end_ms: start_ms + 900,
            text: (*word).to_owned(),
            words: heard.to_string(),
            confidence: 0.5,
            flag: None,
        };
        segment.into_active_model()
    });
    let segments: Vec<_> = segments.collect();
    segments::Entity::insert_many(segments).exec_without_returning(shop.db.read()).await.unwrap();
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
pub async fn fill(shop: &Shop, owner: &CartOwner, titles: &[&audiobooks::Model]) {
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
pub async fn buy(shop: &Shop, payments: &Payments, user: &User, titles: &[&audiobooks::Model]) -> Order {
    fill(shop, &cart_of(user), titles).await;
    pay(shop, payments, user, &good_card()).await.unwrap()
}
