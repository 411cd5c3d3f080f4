//! What is done again and again.

use crate::database::{Shop, fresh};
use domain::job_kinds;
use domain::jobs::schedule::{self, LEASE_MS, Schedule};
use domain::jobs::{self, Job, Queue, manage};
use domain::maintenance::{DeleteIdleLimits, PruneJobs};
use std::time::Duration;

fn every_minute() -> [Schedule; 1] {
    [Schedule::every::<PruneJobs>(Duration::from_secs(60))]
}

/// Jobs that wait, by kind.
async fn waiting(shop: &Shop) -> Vec<(String, u64)> {
    manage::counts(&shop.db).await.unwrap().into_iter().map(|counts| (counts.kind, counts.waiting)).collect()
}

async fn do_all(shop: &Shop) -> usize {
    let claims = jobs::claim(&shop.db, job_kinds::all(), Queue::Maintenance, "one", 60_000, 100).await.unwrap();
    jobs::complete_all(&shop.db, &claims).await.unwrap();
    claims.len()
}

#[tokio::test]
async fn what_is_due_is_asked_for_once_by_one_server_of_two() {
    let shop = fresh().await;
    assert!(schedule::tick(&shop.db, &every_minute(), "one").await.unwrap());
    assert!(!schedule::tick(&shop.db, &every_minute(), "two").await.unwrap(), "the other one leads");
    assert_eq!(waiting(&shop).await, [(PruneJobs::KIND.to_owned(), 1)], "the first time at once");
    assert_eq!(do_all(&shop).await, 1);
    schedule::tick(&shop.db, &every_minute(), "one").await.unwrap();
    assert_eq!(do_all(&shop).await, 0, "not before its time");
    shop.clock.advance(60_000);
    schedule::tick(&shop.db, &every_minute(), "one").await.unwrap();
    assert_eq!(do_all(&shop).await, 1);
}

#[tokio::test]
async fn another_server_takes_over_when_the_first_is_gone() {
    let shop = fresh().await;
    assert!(schedule::tick(&shop.db, &every_minute(), "one").await.unwrap());
    shop.clock.advance(LEASE_MS - 1);
    assert!(!schedule::tick(&shop.db, &every_minute(), "two").await.unwrap());
    shop.clock.advance(2);
    assert!(schedule::tick(&shop.db, &every_minute(), "two").await.unwrap());
    assert!(!schedule::tick(&shop.db, &every_minute(), "one").await.unwrap(), "it has lost the lead");
    schedule::resign(&shop.db, "two").await.unwrap();
    assert!(schedule::tick(&shop.db, &every_minute(), "one").await.unwrap(), "one that leaves hands it on at once");
}

#[tokio::test]
async fn work_that_is_not_done_in_time_is_not_piled_up() {
    let shop = fresh().await;
    for _ in 0..5 {
        schedule::tick(&shop.db, &every_minute(), "one").await.unwrap();
        shop.clock.advance(60_000);
    }
    assert_eq!(waiting(&shop).await, [(PruneJobs::KIND.to_owned(), 1)]);
}

#[tokio::test]
async fn the_whole_schedule_of_the_shop_is_asked_for_at_the_first_start() {
    let shop = fresh().await;
    schedule::tick(&shop.db, &job_kinds::schedules(), "one").await.unwrap();
    let asked = waiting(&shop).await;
    assert_eq!(asked.len(), job_kinds::schedules().len());
    assert!(asked.iter().any(|(kind, number)| kind == DeleteIdleLimits::KIND && *number == 1));
}
