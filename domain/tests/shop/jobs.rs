//! The queue: who gets a job, who keeps it, and what becomes of it.

use crate::database::{Shop, fresh};
use crate::fixtures::for_sale;
use domain::Error;
use domain::production::jobs::{self, Claim, Failed, NewJob, Retry};
use uuid::Uuid;

const LEASE_MS: i64 = 60_000;

fn job(kind: &str) -> NewJob {
    NewJob { audiobook_id: None, ..NewJob::for_audiobook(kind, Uuid::nil()) }
}

async fn ask(shop: &Shop, job: NewJob) -> Uuid {
    shop.db.transaction(async |tx| jobs::enqueue(&tx, job.clone()).await).await.unwrap()
}

async fn take(shop: &Shop, worker: &str) -> Option<Claim> {
    jobs::claim(&shop.db, worker, &["probe", "transcribe"], LEASE_MS).await.unwrap()
}

async fn complete(shop: &Shop, claim: &Claim) -> domain::Result<()> {
    jobs::done(&shop.db, claim).await
}

async fn fail(shop: &Shop, claim: &Claim, retry: Retry) -> domain::Result<Failed> {
    jobs::failed(&shop.db, claim, "It did not work.", retry).await
}

#[tokio::test]
async fn a_job_that_is_rolled_back_was_never_there() {
    let shop = fresh().await;
    let refused: domain::Result<()> = shop
        .db
        .transaction(async |tx| {
            jobs::enqueue(&tx, job("probe")).await?;
            Err(Error::Forbidden)
        })
        .await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    assert!(take(&shop, "one").await.is_none());
}

#[tokio::test]
async fn the_urgent_job_goes_first_and_then_the_oldest() {
    let shop = fresh().await;
    let first = ask(&shop, job("probe")).await;
    shop.clock.advance(10);
    let second = ask(&shop, job("probe")).await;
    shop.clock.advance(10);
    let urgent = ask(&shop, NewJob { priority: 5, ..job("probe") }).await;
    let mut order = Vec::new();
    while let Some(claim) = take(&shop, "one").await {
        order.push(claim.job.id);
    }
    assert_eq!(order, [urgent, first, second]);
}

#[tokio::test]
async fn a_worker_takes_only_what_it_can_do() {
    let shop = fresh().await;
    ask(&shop, job("describe")).await;
    assert!(take(&shop, "one").await.is_none());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_never_run_one_job() {
    let shop = fresh().await;
    for _ in 0..12 {
        ask(&shop, job("probe")).await;
    }
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..4 {
        let db = shop.db.clone();
        workers.spawn(async move {
            let mut taken = Vec::new();
            let mut idle = 0;
            while idle < 3 {
                match jobs::claim(&db, &format!("worker {worker}"), &["probe"], LEASE_MS).await {
                    Ok(Some(claim)) => taken.push(claim.job.id),
                    Ok(None) => idle += 1,
                    // The database was busy with the others.
                    Err(_) => {}
                }
            }
            taken
        });
    }
    let mut all: Vec<Uuid> = Vec::new();
    while let Some(taken) = workers.join_next().await {
        all.extend(taken.unwrap());
    }
    assert_eq!(all.len(), 12);
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 12, "each once");
}

#[tokio::test]
async fn the_job_of_a_dead_worker_goes_to_another() {
    let shop = fresh().await;
    let id = ask(&shop, job("transcribe")).await;
    take(&shop, "one").await.unwrap();
    shop.clock.advance(LEASE_MS - 1);
    assert!(take(&shop, "two").await.is_none(), "the lease still runs");
    shop.clock.advance(2);
    let claim = take(&shop, "two").await.unwrap();
    assert_eq!((claim.job.id, claim.attempt), (id, 2));
}

#[tokio::test]
async fn the_lost_job_of_another_trade_is_left_to_those_who_know_it() {
    let shop = fresh().await;
    ask(&shop, job("mail")).await;
    jobs::claim(&shop.db, "post", &["mail"], LEASE_MS).await.unwrap().unwrap();
    shop.clock.advance(LEASE_MS + 1);
    assert!(take(&shop, "two").await.is_none());
    let claim = jobs::claim(&shop.db, "post", &["mail"], LEASE_MS).await.unwrap().unwrap();
    assert_eq!((claim.attempt, claim.job.failures), (2, 1), "lost once");
}

#[tokio::test]
async fn a_heartbeat_keeps_the_job() {
    let shop = fresh().await;
    ask(&shop, job("transcribe")).await;
    let claim = take(&shop, "one").await.unwrap();
    shop.clock.advance(LEASE_MS - 1);
    assert!(jobs::heartbeat(&shop.db, &claim, LEASE_MS).await.unwrap());
    shop.clock.advance(LEASE_MS - 1);
    assert!(take(&shop, "two").await.is_none());
}

#[tokio::test]
async fn who_lost_the_lease_cannot_complete() {
    let shop = fresh().await;
    ask(&shop, job("transcribe")).await;
    let late = take(&shop, "one").await.unwrap();
    shop.clock.advance(LEASE_MS + 1);
    let claim = take(&shop, "two").await.unwrap();
    assert!(!jobs::heartbeat(&shop.db, &late, LEASE_MS).await.unwrap());
    assert!(matches!(complete(&shop, &late).await, Err(Error::LeaseLost)));
    assert!(matches!(fail(&shop, &late, Retry::Fatal).await, Err(Error::LeaseLost)));
    complete(&shop, &claim).await.unwrap();
}

#[tokio::test]
async fn a_restarted_worker_does_not_take_its_old_claim_for_the_new_one() {
    let shop = fresh().await;
    ask(&shop, job("transcribe")).await;
    let old = take(&shop, "one").await.unwrap();
    shop.clock.advance(LEASE_MS + 1);
    take(&shop, "one").await.unwrap();
    assert!(matches!(complete(&shop, &old).await, Err(Error::LeaseLost)));
}

#[tokio::test]
async fn a_failed_job_waits_longer_each_time_and_is_given_up_in_the_end() {
    let shop = fresh().await;
    ask(&shop, NewJob { max_attempts: 3, ..job("probe") }).await;
    let mut waits = Vec::new();
    loop {
        let claim = take(&shop, "one").await.unwrap();
        match fail(&shop, &claim, Retry::After(None)).await.unwrap() {
            Failed::Again(at) => {
                let wait = at.since_ms(shop.db.now());
                assert!(take(&shop, "one").await.is_none(), "not before its time");
                shop.clock.advance(wait);
                waits.push(wait);
            }
            Failed::Dead => break,
        }
    }
    assert_eq!(waits.len(), 2);
    assert!((3_750..=5_000).contains(&waits[0]) && (7_500..=10_000).contains(&waits[1]), "{waits:?}");
    shop.clock.advance(86_400_000);
    assert!(take(&shop, "one").await.is_none());
}

#[tokio::test]
async fn what_cannot_work_is_given_up_at_once() {
    let shop = fresh().await;
    ask(&shop, job("probe")).await;
    let claim = take(&shop, "one").await.unwrap();
    assert_eq!(fail(&shop, &claim, Retry::Fatal).await.unwrap(), Failed::Dead);
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_given_up() {
    let shop = fresh().await;
    ask(&shop, NewJob { max_attempts: 3, ..job("transcribe") }).await;
    for _ in 0..3 {
        take(&shop, "one").await.unwrap();
        shop.clock.advance(LEASE_MS + 1);
    }
    assert!(take(&shop, "one").await.is_none());
}

#[tokio::test]
async fn a_worker_that_stops_gives_its_job_back_uncounted() {
    let shop = fresh().await;
    ask(&shop, NewJob { max_attempts: 2, ..job("transcribe") }).await;
    for _ in 0..5 {
        let claim = take(&shop, "one").await.unwrap();
        let released = shop.db.transaction(async |tx| jobs::release(&tx, &claim, tx.now(), tx.now(), None).await);
        released.await.unwrap();
    }
    assert!(take(&shop, "one").await.is_some());
}

#[tokio::test]
async fn one_unfinished_job_for_each_key() {
    let shop = fresh().await;
    let unique = || NewJob { unique_key: Some("production:1".into()), ..job("probe") };
    let first = ask(&shop, unique()).await;
    assert_eq!(ask(&shop, unique()).await, first);
    let claim = take(&shop, "one").await.unwrap();
    assert_eq!(ask(&shop, unique()).await, first, "also while it runs");
    complete(&shop, &claim).await.unwrap();
    assert_ne!(ask(&shop, unique()).await, first, "once it is done there may be another");
}

#[tokio::test]
async fn a_cancelled_job_is_neither_kept_nor_taken() {
    let shop = fresh().await;
    let title = for_sale(&shop, "The Bell", 500).await;
    ask(&shop, NewJob::for_audiobook("transcribe", title.id)).await;
    let claim = take(&shop, "one").await.unwrap();
    assert_eq!(shop.db.transaction(async |tx| jobs::cancel(&tx, title.id).await).await.unwrap(), 1);
    assert!(!jobs::heartbeat(&shop.db, &claim, LEASE_MS).await.unwrap());
    shop.clock.advance(LEASE_MS * 2);
    assert!(take(&shop, "two").await.is_none());
}
