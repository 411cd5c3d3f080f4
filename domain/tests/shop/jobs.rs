//! The queue: who gets a job, who keeps it, and what becomes of it.

use crate::database::{Shop, fresh};
use domain::jobs::{self, Change, Claim, Failed, Job, JobStatus, Kinds, Queue, Retry, Unique, manage};
use domain::trace::{self, Keeper};
use domain::{Error, PageRequest, Tx, job_kinds};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use uuid::Uuid;

const LEASE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Work for these tests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Chore {
    number: u32,
    group: Option<String>,
}

impl Job for Chore {
    const KIND: &'static str = "test.chore";
    const QUEUE: Queue = Queue::Sound;
    const MAX_ATTEMPTS: i32 = 3;

    fn group(&self) -> Option<String> {
        self.group.clone()
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Urgent {}

impl Job for Urgent {
    const KIND: &'static str = "test.urgent";
    const QUEUE: Queue = Queue::Sound;
    const PRIORITY: i32 = -5;
}

/// One at a time, running or not.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Sole {}

impl Job for Sole {
    const KIND: &'static str = "test.sole";
    const QUEUE: Queue = Queue::Sound;

    fn unique(&self) -> Unique {
        Unique::Unfinished("sole".to_owned())
    }
}

/// One that waits is enough; another may come while it runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Refresh {}

impl Job for Refresh {
    const KIND: &'static str = "test.refresh";
    const QUEUE: Queue = Queue::Sound;

    fn unique(&self) -> Unique {
        Unique::Waiting("refresh".to_owned())
    }
}

/// What follows it is written as a chore of its own, so that it can be seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Followed {}

impl Job for Followed {
    const KIND: &'static str = "test.followed";
    const QUEUE: Queue = Queue::Storage;
    const MAX_ATTEMPTS: i32 = 2;
    const NEEDS_PERSON: bool = true;

    async fn follow(&self, tx: &Tx, change: &Change) -> domain::Result<()> {
        let name = format!("{change:?}").split([' ', '{']).next().unwrap_or_default().to_owned();
        jobs::enqueue(tx, &Chore { number: 0, group: Some(name) }).await.map(|_| ())
    }
}

fn kinds() -> Kinds {
    Kinds::default().with::<Chore>().with::<Urgent>().with::<Sole>().with::<Refresh>().with::<Followed>().with_alarm(
        |tx, _, kind, reason| {
            Box::pin(async move {
                let said = format!("alarm: {kind}: {reason}");
                jobs::enqueue(tx, &Chore { number: 0, group: Some(said) }).await.map(|_| ())
            })
        },
    )
}

async fn ask<J: Job>(shop: &Shop, job: J) -> Uuid {
    shop.db.transaction(async |tx| jobs::enqueue(&tx, &job).await).await.unwrap()
}

fn chore(number: u32) -> Chore {
    Chore { number, group: None }
}

async fn take_from(shop: &Shop, queue: Queue, worker: &str) -> Option<Claim> {
    jobs::claim(&shop.db, &kinds(), queue, worker, LEASE_MS, 1).await.unwrap().pop()
}

async fn take(shop: &Shop, worker: &str) -> Option<Claim> {
    take_from(shop, Queue::Sound, worker).await
}

async fn complete(shop: &Shop, claim: &Claim) -> domain::Result<()> {
    shop.db.transaction(async |tx| jobs::complete(&tx, claim).await).await
}

async fn fail(shop: &Shop, claim: &Claim, retry: Retry) -> domain::Result<Failed> {
    jobs::fail(&shop.db, &kinds(), claim, "It did not work.", retry).await
}

async fn status(shop: &Shop, id: Uuid) -> JobStatus {
    for status in [JobStatus::Queued, JobStatus::Running, JobStatus::Done, JobStatus::Cancelled, JobStatus::Dead] {
        let page = manage::list(&shop.db, status, "", PageRequest::new(1, 100)).await.unwrap();
        if page.items.iter().any(|job| job.id == id) {
            return status;
        }
    }
    panic!("there is no job {id}")
}

/// What was said by way of chores, which are taken.
async fn said(shop: &Shop) -> Vec<String> {
    let mut said = Vec::new();
    while let Some(claim) = take(shop, "listener").await {
        said.extend(serde_json::from_str::<Chore>(&claim.payload).unwrap().group);
        complete(shop, &claim).await.unwrap();
    }
    said
}

#[tokio::test]
async fn a_job_that_is_rolled_back_was_never_there() {
    let shop = fresh().await;
    let refused: domain::Result<()> = shop
        .db
        .transaction(async |tx| {
            jobs::enqueue(&tx, &chore(1)).await?;
            Err(Error::Forbidden)
        })
        .await;
    assert!(matches!(refused, Err(Error::Forbidden)));
    assert!(take(&shop, "one").await.is_none());
}

#[tokio::test]
async fn the_urgent_job_goes_first_and_then_the_oldest() {
    let shop = fresh().await;
    let first = ask(&shop, chore(1)).await;
    shop.clock.advance(10);
    let second = ask(&shop, chore(2)).await;
    shop.clock.advance(10);
    let urgent = ask(&shop, Urgent {}).await;
    let mut order = Vec::new();
    while let Some(claim) = take(&shop, "one").await {
        order.push(claim.id);
    }
    assert_eq!(order, [urgent, first, second]);
}

#[tokio::test]
async fn a_worker_takes_as_many_as_it_has_room_for() {
    let shop = fresh().await;
    for number in 0..5 {
        ask(&shop, chore(number)).await;
        shop.clock.advance(1);
    }
    let claims = jobs::claim(&shop.db, &kinds(), Queue::Sound, "one", LEASE_MS, 3).await.unwrap();
    let numbers: Vec<u32> =
        claims.iter().map(|claim| serde_json::from_str::<Chore>(&claim.payload).unwrap().number).collect();
    assert_eq!(numbers, [0, 1, 2]);
    assert_eq!(jobs::complete_all(&shop.db, &claims).await.unwrap(), 3);
    assert_eq!(jobs::claim(&shop.db, &kinds(), Queue::Sound, "one", LEASE_MS, 3).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_worker_takes_only_what_it_can_do() {
    let shop = fresh().await;
    ask(&shop, Sole {}).await;
    let able = kinds().only(&[Chore::KIND]);
    assert!(jobs::claim(&shop.db, &able, Queue::Sound, "one", LEASE_MS, 9).await.unwrap().is_empty());
    assert!(take_from(&shop, Queue::Mail, "one").await.is_none(), "it is in another queue");
    assert!(take(&shop, "one").await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_workers_never_run_one_job() {
    let shop = fresh().await;
    for number in 0..12 {
        ask(&shop, chore(number)).await;
    }
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..4 {
        let db = shop.db.clone();
        workers.spawn(async move {
            let mut taken = Vec::new();
            let mut idle = 0;
            while idle < 3 {
                match jobs::claim(&db, &kinds(), Queue::Sound, &format!("worker {worker}"), LEASE_MS, 2).await {
                    Ok(claims) if claims.is_empty() => idle += 1,
                    Ok(claims) => taken.extend(claims.into_iter().map(|claim| claim.id)),
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
    let id = ask(&shop, chore(1)).await;
    take(&shop, "one").await.unwrap();
    shop.clock.advance(LEASE_MS - 1);
    assert!(take(&shop, "two").await.is_none(), "the lease still runs");
    shop.clock.advance(2);
    let claim = take(&shop, "two").await.unwrap();
    assert_eq!((claim.id, claim.attempt, claim.failures), (id, 2, 1));
}

#[tokio::test]
async fn the_lost_job_of_another_queue_is_left_to_those_who_know_it() {
    let shop = fresh().await;
    ask(&shop, Followed {}).await;
    take_from(&shop, Queue::Storage, "keeper").await.unwrap();
    shop.clock.advance(LEASE_MS + 1);
    assert_eq!(said(&shop).await, ["Claimed"]);
    let claim = take_from(&shop, Queue::Storage, "keeper").await.unwrap();
    assert_eq!((claim.attempt, claim.failures), (2, 1), "lost once");
}

#[tokio::test]
async fn a_heartbeat_keeps_the_job() {
    let shop = fresh().await;
    ask(&shop, chore(1)).await;
    let claim = take(&shop, "one").await.unwrap();
    shop.clock.advance(LEASE_MS - 1);
    assert!(jobs::heartbeat(&shop.db, &claim, LEASE_MS).await.unwrap());
    shop.clock.advance(LEASE_MS - 1);
    assert!(take(&shop, "two").await.is_none());
}

#[tokio::test]
async fn who_lost_the_lease_cannot_complete() {
    let shop = fresh().await;
    ask(&shop, chore(1)).await;
    let late = take(&shop, "one").await.unwrap();
    shop.clock.advance(LEASE_MS + 1);
    let claim = take(&shop, "two").await.unwrap();
    assert!(!jobs::heartbeat(&shop.db, &late, LEASE_MS).await.unwrap());
    assert!(matches!(complete(&shop, &late).await, Err(Error::LeaseLost)));
    assert_eq!(jobs::complete_all(&shop.db, std::slice::from_ref(&late)).await.unwrap(), 0);
    assert!(matches!(fail(&shop, &late, Retry::Fatal).await, Err(Error::LeaseLost)));
    complete(&shop, &claim).await.unwrap();
}

#[tokio::test]
async fn a_restarted_worker_does_not_take_its_old_claim_for_the_new_one() {
    let shop = fresh().await;
    ask(&shop, chore(1)).await;
    let old = take(&shop, "one").await.unwrap();
    shop.clock.advance(LEASE_MS + 1);
    take(&shop, "one").await.unwrap();
    assert!(matches!(complete(&shop, &old).await, Err(Error::LeaseLost)));
}

#[tokio::test]
async fn a_failed_job_waits_longer_each_time_and_is_given_up_in_the_end() {
    let shop = fresh().await;
    ask(&shop, chore(1)).await;
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
            other => {
                assert_eq!(other, Failed::Dead);
                break;
            }
        }
    }
    assert_eq!(waits.len(), 2);
    assert!((3_750..=5_000).contains(&waits[0]) && (7_500..=10_000).contains(&waits[1]), "{waits:?}");
    shop.clock.advance(DAY_MS);
    assert!(take(&shop, "one").await.is_none());
}

#[tokio::test]
async fn what_cannot_work_is_given_up_at_once() {
    let shop = fresh().await;
    let id = ask(&shop, chore(1)).await;
    let claim = take(&shop, "one").await.unwrap();
    assert_eq!(fail(&shop, &claim, Retry::Fatal).await.unwrap(), Failed::Dead);
    assert_eq!(status(&shop, id).await, JobStatus::Dead);
}

#[tokio::test]
async fn a_job_that_kills_its_workers_is_given_up() {
    let shop = fresh().await;
    let id = ask(&shop, chore(1)).await;
    for _ in 0..3 {
        take(&shop, "one").await.unwrap();
        shop.clock.advance(LEASE_MS + 1);
    }
    assert!(take(&shop, "one").await.is_none());
    assert_eq!(status(&shop, id).await, JobStatus::Dead);
}

#[tokio::test]
async fn a_worker_that_stops_gives_its_job_back_uncounted() {
    let shop = fresh().await;
    ask(&shop, chore(1)).await;
    for _ in 0..5 {
        let claim = take(&shop, "one").await.unwrap();
        jobs::release(&shop.db, &kinds(), &claim).await.unwrap();
    }
    assert_eq!(take(&shop, "one").await.unwrap().failures, 0);
}

#[tokio::test]
async fn of_work_that_is_done_once_there_is_one_until_it_ends() {
    let shop = fresh().await;
    let first = ask(&shop, Sole {}).await;
    assert_eq!(ask(&shop, Sole {}).await, first);
    let claim = take(&shop, "one").await.unwrap();
    assert_eq!(ask(&shop, Sole {}).await, first, "also while it runs");
    complete(&shop, &claim).await.unwrap();
    assert_ne!(ask(&shop, Sole {}).await, first, "once it is done there may be another");
}

#[tokio::test]
async fn a_change_while_its_work_runs_is_worked_on_after_it() {
    let shop = fresh().await;
    let first = ask(&shop, Refresh {}).await;
    assert_eq!(ask(&shop, Refresh {}).await, first, "one that waits is enough");
    let running = take(&shop, "one").await.unwrap();
    let second = ask(&shop, Refresh {}).await;
    assert_ne!(second, first);
    assert_eq!(ask(&shop, Refresh {}).await, second);
    complete(&shop, &running).await.unwrap();
    assert_eq!(take(&shop, "one").await.unwrap().id, second);
}

#[tokio::test]
async fn work_that_fails_after_a_newer_one_came_gives_way_to_it() {
    for lost in [false, true] {
        let shop = fresh().await;
        let first = ask(&shop, Refresh {}).await;
        let running = take(&shop, "one").await.unwrap();
        let second = ask(&shop, Refresh {}).await;
        if lost {
            shop.clock.advance(LEASE_MS + 1);
        } else {
            assert_eq!(fail(&shop, &running, Retry::After(None)).await.unwrap(), Failed::Superseded);
        }
        assert_eq!(take(&shop, "one").await.unwrap().id, second);
        assert_eq!(status(&shop, first).await, JobStatus::Cancelled);
        shop.clock.advance(DAY_MS);
        assert_eq!(take(&shop, "one").await.unwrap().id, second, "nothing else is left");
    }
}

#[tokio::test]
async fn jobs_are_called_off_by_what_they_belong_to() {
    let shop = fresh().await;
    let of = |group: &str| Chore { number: 1, group: Some(group.to_owned()) };
    ask(&shop, of("title:1")).await;
    let other = ask(&shop, of("title:2")).await;
    let claim = take(&shop, "one").await.unwrap();
    let cancelled = shop.db.transaction(async |tx| jobs::cancel_group(&tx, "title:1", &[Chore::KIND]).await).await;
    assert_eq!(cancelled.unwrap(), 1);
    assert!(!jobs::heartbeat(&shop.db, &claim, LEASE_MS).await.unwrap());
    assert_eq!(take(&shop, "two").await.unwrap().id, other);
    shop.clock.advance(LEASE_MS * 2);
    assert_eq!(take(&shop, "two").await.unwrap().id, other);
}

#[tokio::test]
async fn what_follows_a_job_is_said_in_the_same_transaction() {
    let shop = fresh().await;
    ask(&shop, Followed {}).await;
    let claim = take_from(&shop, Queue::Storage, "one").await.unwrap();
    assert_eq!(said(&shop).await, ["Claimed"]);
    jobs::release(&shop.db, &kinds(), &claim).await.unwrap();
    assert_eq!(said(&shop).await, ["Released"]);
    let claim = take_from(&shop, Queue::Storage, "one").await.unwrap();
    fail(&shop, &claim, Retry::After(Some(0))).await.unwrap();
    assert_eq!(said(&shop).await, ["Claimed", "Retried"]);
    let claim = take_from(&shop, Queue::Storage, "one").await.unwrap();
    fail(&shop, &claim, Retry::After(Some(0))).await.unwrap();
    let alarm = "alarm: test.followed: It did not work.";
    assert_eq!(said(&shop).await, ["Claimed", "Died", alarm], "somebody has to look at it");
    manage::requeue(&shop.db, &kinds(), claim.id).await.unwrap();
    assert_eq!(said(&shop).await, ["Requeued"]);
    manage::cancel(&shop.db, &kinds(), claim.id).await.unwrap();
    assert_eq!(said(&shop).await, ["Cancelled"]);
}

#[tokio::test]
async fn a_job_belongs_to_one_trace_through_all_its_tries() {
    const HERE: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    trace::kept_by(Keeper { here: || Some(HERE.to_owned()), link: |_| {} });
    let shop = fresh().await;
    ask(&shop, chore(1)).await;
    for attempt in [1, 2] {
        let claim = take(&shop, "one").await.unwrap();
        assert_eq!((claim.attempt, claim.trace_parent.as_deref()), (attempt, Some(HERE)));
        fail(&shop, &claim, Retry::After(Some(0))).await.unwrap();
    }
    let going_on = async |tx: Tx| jobs::enqueue_going_on(&tx, &Sole {}, Some(HERE.replace("-01", "-00"))).await;
    let id = shop.db.transaction(going_on).await.unwrap();
    let claims = jobs::claim(&shop.db, &kinds(), Queue::Sound, "one", LEASE_MS, 5).await.unwrap();
    let sole = claims.iter().find(|claim| claim.id == id).unwrap();
    assert!(sole.trace_parent.as_ref().unwrap().ends_with("-00"), "{sole:?}");
}

#[tokio::test]
async fn dead_jobs_are_put_back_one_by_one_or_all_of_a_kind() {
    let shop = fresh().await;
    let mut dead = Vec::new();
    for number in 0..3 {
        dead.push(ask(&shop, chore(number)).await);
        let claim = take(&shop, "one").await.unwrap();
        fail(&shop, &claim, Retry::Fatal).await.unwrap();
    }
    let counts = manage::counts(&shop.db).await.unwrap();
    assert_eq!((counts.len(), counts[0].kind.as_str(), counts[0].dead), (1, Chore::KIND, 3));
    manage::requeue(&shop.db, &kinds(), dead[0]).await.unwrap();
    assert!(matches!(manage::requeue(&shop.db, &kinds(), dead[0]).await, Err(Error::Conflict(_))), "it is not dead");
    let claim = take(&shop, "one").await.unwrap();
    assert_eq!((claim.id, claim.failures), (dead[0], 0), "with all its tries");
    assert_eq!(manage::requeue_kind(&shop.db, &kinds(), Chore::KIND).await.unwrap(), 2);
    assert!(matches!(manage::requeue(&shop.db, &kinds(), Uuid::now_v7()).await, Err(Error::NotFound("job"))));
}

#[tokio::test]
async fn a_dead_job_is_not_put_back_beside_one_that_does_the_same() {
    let shop = fresh().await;
    let dead = ask(&shop, Sole {}).await;
    let claim = take(&shop, "one").await.unwrap();
    fail(&shop, &claim, Retry::Fatal).await.unwrap();
    ask(&shop, Sole {}).await;
    let refused = manage::requeue(&shop.db, &kinds(), dead).await.unwrap_err();
    assert_eq!(refused.code(), "job.doubled");
    assert_eq!(manage::requeue_kind(&shop.db, &kinds(), Sole::KIND).await.unwrap(), 0);
}

#[tokio::test]
async fn ended_jobs_of_every_kind_are_forgotten_in_time() {
    let shop = fresh().await;
    // The kinds of the real shop too, each ended in every way.
    let all = job_kinds::all();
    let left = async || manage::list(&shop.db, JobStatus::Done, "", PageRequest::new(1, 100)).await.unwrap().total;
    ask(&shop, chore(1)).await;
    let claim = take(&shop, "one").await.unwrap();
    complete(&shop, &claim).await.unwrap();
    ask(&shop, chore(2)).await;
    let claim = take(&shop, "one").await.unwrap();
    fail(&shop, &claim, Retry::Fatal).await.unwrap();
    let cancelled = ask(&shop, chore(3)).await;
    manage::cancel(&shop.db, &kinds(), cancelled).await.unwrap();
    ask(&shop, chore(4)).await;
    assert_eq!(manage::prune(&shop.db, all).await.unwrap(), 0);
    shop.clock.advance(DAY_MS + 1);
    assert_eq!(left().await, 1);
    assert_eq!(manage::prune(&shop.db, all).await.unwrap(), 2, "done and cancelled, also of a kind that is not known");
    assert_eq!(left().await, 0);
    shop.clock.advance(30 * DAY_MS);
    assert_eq!(manage::prune(&shop.db, all).await.unwrap(), 1, "the dead one");
    assert!(take(&shop, "one").await.is_some(), "what waits stays");
}

#[tokio::test]
async fn every_kind_of_the_shop_says_for_how_long_it_is_kept() {
    let shop = fresh().await;
    for kind in job_kinds::all().iter() {
        assert!((1..=30 * DAY_MS).contains(&kind.keep_done_ms), "{}", kind.name);
        assert!(kind.time_limit > Duration::ZERO && kind.name.len() <= 64, "{}", kind.name);
        assert!(kind.name.split('.').count() == 2, "{} names its context and what it does", kind.name);
    }
    assert_eq!(manage::prune(&shop.db, job_kinds::all()).await.unwrap(), 0);
}

#[tokio::test]
async fn who_waits_for_work_hears_of_it_when_it_is_kept_and_not_before() {
    let shop = fresh().await;
    let mut news = shop.db.news(Queue::Sound.topic());
    let mut other = shop.db.news(Queue::Mail.topic());
    let refused: domain::Result<()> = shop
        .db
        .transaction(async |tx| {
            jobs::enqueue(&tx, &chore(1)).await?;
            Err(Error::Forbidden)
        })
        .await;
    assert!(refused.is_err());
    let soon = Duration::from_millis(100);
    assert!(tokio::time::timeout(soon, news.next()).await.is_err(), "nothing was kept");
    ask(&shop, chore(1)).await;
    tokio::time::timeout(soon, news.next()).await.expect("there is work");
    assert!(tokio::time::timeout(soon, other.next()).await.is_err(), "none of this kind");
}

#[tokio::test]
async fn another_server_hears_of_new_work_on_postgresql() {
    let shop = fresh().await;
    if shop.db.backend() != sea_orm::DbBackend::Postgres {
        return;
    }
    // Another process has its own connection to the same database.
    let elsewhere = shop.another_server().await;
    let mut news = elsewhere.news(Queue::Sound.topic());
    let listening = elsewhere.clone();
    let passing = tokio::spawn(async move { listening.pass_on_news().await });
    tokio::time::sleep(Duration::from_millis(500)).await;
    ask(&shop, chore(1)).await;
    tokio::time::timeout(Duration::from_secs(5), news.next()).await.expect("it is told");
    passing.abort();
}
