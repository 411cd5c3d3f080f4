//! What somebody has to look at in a shop that is open.

use crate::database::{Shop, fresh};
use crate::query_plans::{all_use_indexes, crowd};
use domain::account::email::mail::MailJob;
use domain::health::{Trouble, troubles};
use domain::job_kinds;
use domain::jobs::{self, Job, Queue, Retry};
use domain::maintenance::PruneJobs;
use domain::production::{WorkerFacts, workers};
use domain::settings::trials::TryModels;
use sea_orm::DbBackend;

const MINUTE: i64 = 60_000;
const NOTHING: [Trouble; 0] = [];

async fn ask<J: Job>(shop: &Shop, job: J) {
    let job = &job;
    shop.transaction(async |tx| jobs::enqueue(&tx, job).await).await.unwrap();
}

async fn now(shop: &Shop) -> Vec<Trouble> {
    troubles(&shop.db).await.unwrap()
}

#[tokio::test]
async fn recordings_that_wait_without_a_worker_are_noticed_and_with_one_they_only_wait() {
    let shop = fresh().await;
    ask(&shop, TryModels {}).await;
    assert_eq!(now(&shop).await, NOTHING, "a worker may come in a moment");
    shop.clock.advance(5 * MINUTE);
    assert_eq!(now(&shop).await, [Trouble::NoWorker]);
    workers::seen(&shop.db, "gpu-1", &WorkerFacts::default()).await.unwrap();
    assert_eq!(now(&shop).await, NOTHING, "it is busy with something else");
    shop.clock.advance(2 * MINUTE);
    assert_eq!(now(&shop).await, [Trouble::NoWorker], "it is gone");
}

#[tokio::test]
async fn mails_that_do_not_leave_are_noticed_after_a_quarter_of_an_hour() {
    let shop = fresh().await;
    ask(&shop, MailJob::Reset { email: "ada@example.com".parse().unwrap() }).await;
    shop.clock.advance(14 * MINUTE);
    let claims = jobs::claim(&shop.db, job_kinds::all(), Queue::Mail, "post", MINUTE, 1).await.unwrap();
    jobs::fail(&shop.db, job_kinds::all(), &claims[0], "The server is away.", Retry::After(None)).await.unwrap();
    assert_eq!(now(&shop).await, NOTHING);
    shop.clock.advance(MINUTE);
    assert_eq!(now(&shop).await, [Trouble::MailStays]);
    let claims = jobs::claim(&shop.db, job_kinds::all(), Queue::Mail, "post", MINUTE, 1).await.unwrap();
    jobs::complete_all(&shop.db, &claims).await.unwrap();
    assert_eq!(now(&shop).await, NOTHING);
}

#[tokio::test]
async fn chores_that_nobody_takes_are_noticed() {
    let shop = fresh().await;
    ask(&shop, PruneJobs {}).await;
    shop.clock.advance(5 * MINUTE);
    assert_eq!(now(&shop).await, [Trouble::ChoresWait]);
}

#[tokio::test]
async fn looking_reads_no_whole_table() {
    let shop = fresh().await;
    crowd(&shop).await;
    shop.statements.take();
    now(&shop).await;
    all_use_indexes(&shop).await;
}

#[tokio::test]
async fn a_database_says_its_version_its_time_and_its_connections_and_takes_writes() {
    let shop = fresh().await;
    let version = shop.version().await.unwrap();
    assert!(version.contains(|sign: char| sign.is_ascii_digit()), "{version}");
    shop.try_writing().await.unwrap();
    let elsewhere = shop.backend() != DbBackend::Sqlite;
    assert_eq!(shop.its_time().await.unwrap().is_some(), elsewhere, "SQLite has no clock but this machine's");
    let pool = shop.pool();
    assert!(pool.open >= 1 && pool.idle <= pool.open as usize, "{pool:?}");
}
