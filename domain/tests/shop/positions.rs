//! Where a listener is, told by devices that are late, early or wrong.

use crate::database::{Shop, fresh};
use crate::fixtures::{for_sale, give, shopper, user};
use domain::Timestamp;
use domain::account::Role;
use domain::entities::day_interest;
use domain::figures::tally;
use domain::listening::Position;
use domain::listening::position::{position, save_position};
use sea_orm::EntityTrait;
use uuid::Uuid;

fn place(position_ms: i64, taken_at: Timestamp) -> Position {
    Position { position_ms, taken_at, speed_percent: 150, finished: false }
}

async fn listener(shop: &Shop) -> (Uuid, Uuid) {
    let (ada, bell) = (shopper(shop, "Ada").await, for_sale(shop, "The Bell", 100).await);
    give(shop, &ada, bell.id).await;
    (ada.id, bell.id)
}

#[tokio::test]
async fn an_older_position_never_overwrites_a_newer_one() {
    let shop = fresh().await;
    let (ada, bell) = listener(&shop).await;
    let now = shop.db.now();
    assert_eq!(position(&shop.db, ada, bell).await.unwrap().position_ms, 0);
    assert!(save_position(&shop.db, ada, bell, place(2000, now)).await.unwrap());
    assert!(!save_position(&shop.db, ada, bell, place(9000, now.plus_ms(-1))).await.unwrap());
    assert!(!save_position(&shop.db, ada, bell, place(9000, now)).await.unwrap());
    assert_eq!(position(&shop.db, ada, bell).await.unwrap(), place(2000, now));
    // Going back is a newer place, too.
    assert!(save_position(&shop.db, ada, bell, place(1000, now.plus_ms(1))).await.unwrap());
    assert_eq!(position(&shop.db, ada, bell).await.unwrap().position_ms, 1000);
}

#[tokio::test]
async fn of_positions_that_arrive_together_the_newest_stays() {
    let shop = fresh().await;
    let (ada, bell) = listener(&shop).await;
    let now = shop.db.now();
    let reports: Vec<_> = (0..40_i64)
        .map(|turn| {
            // All orders of arrival, from the first row on.
            let (db, age) = (shop.db.clone(), turn * 17 % 40);
            tokio::spawn(async move { save_position(&db, ada, bell, place(1000 * age, now.plus_ms(age))).await })
        })
        .collect();
    for report in reports {
        report.await.unwrap().unwrap();
    }
    assert_eq!(position(&shop.db, ada, bell).await.unwrap(), place(39_000, now.plus_ms(39)));
}

#[tokio::test]
async fn a_clock_that_runs_ahead_does_not_hold_the_place_for_ever() {
    let shop = fresh().await;
    let (ada, bell) = listener(&shop).await;
    let now = shop.db.now();
    assert!(save_position(&shop.db, ada, bell, place(1000, now.plus_ms(60_001))).await.unwrap());
    assert_eq!(position(&shop.db, ada, bell).await.unwrap().taken_at, now);
    shop.clock.advance(1);
    assert!(save_position(&shop.db, ada, bell, place(2000, shop.db.now())).await.unwrap());
    assert!(save_position(&shop.db, ada, bell, place(3000, shop.db.now().plus_ms(60_000))).await.unwrap());
    assert_eq!(position(&shop.db, ada, bell).await.unwrap().taken_at, shop.db.now().plus_ms(60_000));
}

#[tokio::test]
async fn a_place_lies_in_the_book_and_a_finished_book_can_be_begun_again() {
    let shop = fresh().await;
    let (ada, bell) = listener(&shop).await;
    let now = shop.db.now();
    let end = Position { finished: true, speed_percent: 9999, ..place(i64::MAX, now) };
    assert!(save_position(&shop.db, ada, bell, end).await.unwrap());
    let stored = position(&shop.db, ada, bell).await.unwrap();
    assert_eq!((stored.position_ms, stored.finished, stored.speed_percent), (600_000, true, 400));
    assert!(save_position(&shop.db, ada, bell, place(-5, now.plus_ms(1))).await.unwrap());
    let stored = position(&shop.db, ada, bell).await.unwrap();
    assert_eq!((stored.position_ms, stored.finished), (0, false));
}

#[tokio::test]
async fn a_book_is_finished_once_by_a_listener_and_never_by_an_admin() {
    let shop = fresh().await;
    let (ada, bell) = listener(&shop).await;
    let admin = user(&shop, "Bob", Role::Admin).await;
    for person in [ada, admin.id] {
        for later in 0..2 {
            let end = Position { finished: true, ..place(600_000, shop.db.now().plus_ms(later)) };
            assert!(save_position(&shop.db, person, bell, end).await.unwrap());
        }
    }
    tally::flush(&shop.db).await.unwrap();
    let day = day_interest::Entity::find().one(shop.db.read()).await.unwrap().unwrap();
    assert_eq!(day.finished, 1);
}
