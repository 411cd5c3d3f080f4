//! On how many days in a row somebody listened.

use crate::database::{Shop, fresh};
use crate::fixtures::{DAY, for_sale, give, shopper};
use domain::entities::listening_days::{Entity, Model};
use domain::insight::purchases::read::purchases;
use domain::listening::position::save_position;
use domain::listening::{Position, Streak, days};
use domain::{Day, PageRequest};
use sea_orm::{EntityTrait, QueryOrder};
use uuid::Uuid;

async fn listener(shop: &Shop) -> (Uuid, Uuid) {
    let (ada, bell) = (shopper(shop, "Ada").await, for_sale(shop, "The Bell", 100).await);
    give(shop, &ada, bell.id).await;
    (ada.id, bell.id)
}

/// Tells a place, as a player does; the clock stands at the moment at which it was taken.
async fn at(shop: &Shop, (ada, bell): (Uuid, Uuid), position_ms: i64) -> Position {
    let place = Position { position_ms, taken_at: shop.db.now(), speed_percent: 100, finished: false };
    save_position(&shop.db, ada, bell, place).await.unwrap();
    place
}

async fn days_heard(shop: &Shop) -> Vec<Model> {
    Entity::find().order_by_asc(domain::entities::listening_days::Column::Day).all(shop.db.read()).await.unwrap()
}

/// Hears ten seconds.
async fn hear(shop: &Shop, who: (Uuid, Uuid)) {
    at(shop, who, 0).await;
    shop.clock.advance(10_000);
    at(shop, who, 10_000).await;
    shop.clock.advance(1);
}

#[tokio::test]
async fn days_in_a_row_are_counted_and_a_day_without_a_book_ends_them() {
    let shop = fresh().await;
    let who = listener(&shop).await;
    let streak = async || purchases(&shop.db, who.0, PageRequest::new(1, 20)).await.unwrap().streak;
    assert_eq!((streak().await, streak().await.sentence()), (Streak::default(), None));
    for _ in 0..3 {
        hear(&shop, who).await;
        shop.clock.advance(DAY);
    }
    assert_eq!(streak().await, Streak { current: 3, longest: 3 }, "today is not over");
    shop.clock.advance(DAY);
    assert_eq!(streak().await, Streak { current: 0, longest: 3 });
    hear(&shop, who).await;
    assert_eq!(streak().await, Streak { current: 1, longest: 3 });
    let nobody = shopper(&shop, "Bob").await;
    assert_eq!(days::streak(&shop.db, nobody.id).await.unwrap(), Streak::default());
}

#[tokio::test]
async fn a_day_holds_what_was_heard_on_it_in_all_books_and_nothing_that_was_skipped() {
    let shop = fresh().await;
    let ada = shopper(&shop, "Ada").await;
    let (bell, owl) = (for_sale(&shop, "The Bell", 100).await.id, for_sale(&shop, "The Owl", 100).await.id);
    for book in [bell, owl] {
        give(&shop, &ada, book).await;
        hear(&shop, (ada.id, book)).await;
    }
    let ada = ada.id;
    // Ten seconds later, minutes ahead: most of it was jumped over.
    at(&shop, (ada, bell), 10_000).await;
    shop.clock.advance(10_000);
    at(&shop, (ada, bell), 500_000).await;
    let days = days_heard(&shop).await;
    assert_eq!(days.len(), 1);
    assert_eq!((days[0].user_id, days[0].day, days[0].heard_ms), (ada, Day::of(shop.db.now()).0, 30_000));
}

#[tokio::test]
async fn a_place_that_is_told_twice_or_late_adds_nothing() {
    let shop = fresh().await;
    let who = listener(&shop).await;
    let first = at(&shop, who, 0).await;
    shop.clock.advance(10_000);
    let second = at(&shop, who, 10_000).await;
    for place in [second, first, second] {
        assert!(!save_position(&shop.db, who.0, who.1, place).await.unwrap());
    }
    assert_eq!(days_heard(&shop).await[0].heard_ms, 10_000);
}

#[tokio::test]
async fn places_that_arrive_together_are_counted_no_longer_than_the_time_between_them() {
    let shop = fresh().await;
    let (ada, bell) = listener(&shop).await;
    let now = shop.db.now();
    let told: Vec<_> = (0..30_i64)
        .map(|turn| {
            let (db, age) = (shop.db.clone(), turn * 7 % 30);
            let place = Position {
                position_ms: 1000 * age,
                taken_at: now.plus_ms(1000 * age),
                speed_percent: 100,
                finished: false,
            };
            tokio::spawn(async move { save_position(&db, ada, bell, place).await })
        })
        .collect();
    for told in told {
        told.await.unwrap().unwrap();
    }
    let heard: i64 = days_heard(&shop).await.iter().map(|day| day.heard_ms).sum();
    assert!((0..=29_000).contains(&heard), "{heard}");
}
