//! What stands in the lines of jobs.

use super::{JobError, Registry, Rooms, Runner};
use crate::telemetry::captured::Lines;
use domain::jobs::{self, Claim, Job, Kinds, Queue};
use domain::limits::{Allowance, Limits, Rule};
use domain::{Db, SystemClock};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;
use tracing::instrument::WithSubscriber;
use uuid::Uuid;

/// Work on a title that is tried too often.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Hasty {
    title: Uuid,
}

impl Job for Hasty {
    const KIND: &'static str = "test.hasty";
    const QUEUE: Queue = Queue::Maintenance;

    fn group(&self) -> Option<String> {
        Some(format!("title:{}", self.title.simple()))
    }
}

async fn hasty(limits: Limits, _: Hasty, _: Claim) -> Result<(), JobError> {
    for _ in 0..2 {
        drop(limits.take(Rule::Rate, &["somebody"]).await);
    }
    Ok(())
}

#[tokio::test]
async fn a_line_from_deep_in_the_shop_says_which_job_of_which_kind_on_which_title() {
    let folder = tempfile::TempDir::new().unwrap();
    let db = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 4).await.unwrap();
    migrations::up(db.read()).await.unwrap();
    let once = Allowance::read("1/1h").unwrap().unwrap();
    let limits = Limits::in_memory([(Rule::Rate, once)].into(), Arc::new(SystemClock));
    let handlers = Registry::over(&limits).job(hasty).handlers;
    let rooms = Rooms::from([(Queue::Maintenance, 1)]);
    let runner = Runner::new("test".to_owned(), db.clone(), &Kinds::default().with::<Hasty>(), handlers, rooms, 60_000);
    let title = Uuid::now_v7();
    let id = db.transaction(async |tx| jobs::enqueue(&tx, &Hasty { title }).await).await.unwrap();
    let lines = Lines::default();
    let stop = CancellationToken::new();
    let working = runner.work_once(Queue::Maintenance, &stop);
    assert!(working.with_subscriber(lines.subscriber("warn")).await.unwrap());
    let line = lines.saying("too many attempts");
    let job = Lines::span(&line, "job");
    assert_eq!((&job["id"], &job["kind"]), (&json!(id.to_string()), &json!("test.hasty")), "{line}");
    assert_eq!(job["title"], json!(title.to_string()), "{line}");
}
