//! Jobs belong to the trace of whoever asked for them.

use super::{Collector, SpanKind, named};
use crate::jobs::{JobError, Registry, Rooms, Runner};
use domain::catalog::publish;
use domain::entities::jobs as rows;
use domain::jobs::{self, Claim, Job, Kinds, Queue, manage};
use domain::production::steps;
use domain::{Clock, Db, FixedClock, SystemClock, job_kinds, testing, trace};
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

/// Goes well at its second try, and leads to another.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct First {}

impl Job for First {
    const KIND: &'static str = "test.first";
    const QUEUE: Queue = Queue::Maintenance;
}

/// Cannot go well.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Second {}

impl Job for Second {
    const KIND: &'static str = "test.second";
    const QUEUE: Queue = Queue::Maintenance;
}

async fn first(db: Db, _: First, claim: Claim) -> Result<(), JobError> {
    if claim.attempt == 1 {
        return Err(JobError::Again("ada@post.example is not there yet.".to_owned()));
    }
    db.transaction(async |tx| jobs::enqueue(&tx, &Second {}).await).await?;
    Ok(())
}

async fn second(_: Db, _: Second, _: Claim) -> Result<(), JobError> {
    Err(JobError::Fatal("ada@post.example is gone.".to_owned()))
}

async fn database(folder: &TempDir) -> (Db, Arc<FixedClock>) {
    let db = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 4).await.unwrap();
    migrations::up(db.read()).await.unwrap();
    let clock = Arc::new(FixedClock::at(SystemClock.now()));
    (db.with_clock(clock.clone()), clock)
}

#[tokio::test]
async fn a_job_each_of_its_tries_and_what_it_leads_to_are_one_trace() {
    let collector = Collector::open().await;
    let traced = collector.begin();
    let folder = TempDir::new().unwrap();
    let (db, clock) = database(&folder).await;
    let kinds = Kinds::default().with::<First>().with::<Second>();
    let handlers = Registry::over(&db).job(first).job(second).handlers;
    let rooms = Rooms::from([(Queue::Maintenance, 1)]);
    let runner = Runner::new("test".to_owned(), db.clone(), &kinds, handlers, rooms, 60_000);
    let asking = async { db.transaction(async |tx| jobs::enqueue(&tx, &First {}).await).await.unwrap() };
    asking.instrument(tracing::info_span!("asking")).await;
    for _ in 0..3 {
        assert!(runner.work_once(Queue::Maintenance, &CancellationToken::new()).await.unwrap());
        clock.advance(600_000);
    }
    let spans = collector.spans_with(&traced, &["asking", "job test.first", "job test.first", "job test.second"]).await;
    let asking = named(&spans, "asking");
    assert!(spans.iter().all(|span| span.trace == asking.trace), "{spans:?}");
    let tries: Vec<_> = spans.iter().filter(|span| span.name == "job test.first").collect();
    let told: Vec<_> = tries.iter().map(|span| (span.says("lectern.job.attempt"), span.failed)).collect();
    assert_eq!(told, [("1", true), ("2", false)]);
    assert!(tries.iter().all(|span| span.parent == asking.id && span.kind == SpanKind::Consumer));
    let other = named(&spans, "job test.second");
    assert_eq!((other.parent.as_str(), other.says("error.type")), (tries[1].id.as_str(), "given-up"));
    assert!(!String::from_utf8_lossy(&collector.bytes()).contains("post.example"), "no sentence is told");

    // Somebody puts the dead one back: it goes on in its own trace, which their request is linked to.
    let put_back = async { manage::requeue_kind(&db, &kinds, Second::KIND).await.unwrap() };
    assert_eq!(put_back.instrument(tracing::info_span!("mending")).await, 1);
    assert!(runner.work_once(Queue::Maintenance, &CancellationToken::new()).await.unwrap());
    let spans = collector.spans_with(&traced, &["mending", "job test.second", "job test.second"]).await;
    let mending = named(&spans, "mending");
    assert!(mending.trace != asking.trace && mending.links == [asking.trace.clone()], "{mending:?}");
    let both = spans.iter().filter(|span| span.name == "job test.second" && span.trace == asking.trace);
    assert_eq!(both.count(), 2);
}

#[tokio::test]
async fn a_book_that_is_resumed_goes_on_in_its_own_trace_and_is_found_from_there_on_sale() {
    let collector = Collector::open().await;
    let traced = collector.begin();
    let folder = TempDir::new().unwrap();
    let (db, _) = database(&folder).await;
    let title = testing::title(&db, "The Bell").draft().await.id;
    let begun = async { db.transaction(async |tx| steps::start_run(&tx, title).await).await.unwrap() };
    begun.instrument(tracing::info_span!("uploading")).await;
    steps::cancel(&db, title).await.unwrap();
    let resumed = async { steps::resume(&db, title).await.unwrap() };
    resumed.instrument(tracing::info_span!("resuming")).await;
    let spans = collector.spans_with(&traced, &["uploading", "resuming"]).await;
    let (uploading, resuming) = (named(&spans, "uploading"), named(&spans, "resuming"));
    assert_eq!(resuming.links, std::slice::from_ref(&uploading.trace));
    let claims = jobs::claim(&db, job_kinds::all(), Queue::Sound, "test", 60_000, 5).await.unwrap();
    let place = format!("00-{}-{}-01", uploading.trace, uploading.id);
    assert_eq!((claims.len(), claims[0].trace_parent.as_deref()), (1, Some(place.as_str())));
    assert_eq!(place.len(), trace::LENGTH);
    let sold = async { publish::publish(&db, title).await.unwrap() };
    sold.instrument(tracing::info_span!("selling")).await;
    let spans = collector.spans_with(&traced, &["selling", "publish"]).await;
    let selling = named(&spans, "publish");
    assert!(selling.trace != uploading.trace && selling.links == [uploading.trace.clone()], "{selling:?}");
    assert_eq!(selling.says("lectern.publish.title"), title.to_string());
    let kept = rows::Entity::find().all(db.read()).await.unwrap();
    let of_book: Vec<_> = kept.into_iter().filter(|job| job.kind.starts_with("production.")).collect();
    assert!(of_book.len() == 2 && of_book.iter().all(|job| job.trace_parent == of_book[0].trace_parent), "{of_book:?}");
}
