//! The migrations themselves.

use crate::database::{self, OPENING, Shop};
use domain::account::email::mail::MailJob;
use domain::entities::jobs;
use domain::jobs::{Job, JobStatus, Unique};
use domain::production::jobs::{CutSample, FinishUpload, Transcribe};
use migrations::sea_orm::sea_query::{Alias, Query};
use migrations::sea_orm::{ConnectionTrait, Statement};
use sea_orm::EntityTrait;
use uuid::Uuid;

async fn count(shop: &Shop, table: &str) -> i64 {
    let db = shop.db.read();
    let sql = Statement::from_string(db.get_database_backend(), format!("SELECT COUNT(*) FROM {table}"));
    db.query_one_raw(sql).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn every_migration_can_be_undone_and_done_again() {
    let shop = database::fresh().await;
    let db = shop.db.read();
    migrations::down(db).await.expect("every step can be undone");
    assert!(
        db.query_all_raw(Statement::from_string(db.get_database_backend(), "SELECT id FROM audiobooks")).await.is_err()
    );
    migrations::up(db).await.expect("every step can be done again");
    assert_eq!(count(&shop, "audiobooks").await, 0);
}

#[tokio::test]
async fn a_database_says_whether_it_is_up_to_date() {
    let shop = database::fresh().await;
    assert!(migrations::pending(shop.db.read()).await.unwrap().is_empty());
    migrations::down(shop.db.read()).await.unwrap();
    assert!(migrations::pending(shop.db.read()).await.unwrap().len() >= 6);
}

#[tokio::test]
async fn each_test_has_a_shop_of_its_own() {
    let (one, other) = (database::fresh().await, database::fresh().await);
    let sql = "INSERT INTO workers (id, facts, started_at, seen_at) VALUES ('ada', '{}', 1, 1)";
    one.db.read().execute_unprepared(sql).await.unwrap();
    assert_eq!(count(&one, "workers").await, 1);
    assert_eq!(count(&other, "workers").await, 0);
}

/// A job as it stood in the queue before queues had names.
async fn old_job(shop: &Shop, kind: &str, title: Option<Uuid>, payload: String, key: Option<String>, status: &str) {
    let now = OPENING.0;
    let columns = [
        "id",
        "kind",
        "payload",
        "audiobook_id",
        "unique_key",
        "status",
        "priority",
        "run_at",
        "attempt",
        "failures",
        "max_attempts",
        "created_at",
        "updated_at",
    ];
    let mut insert = Query::insert();
    insert.into_table(Alias::new("jobs")).columns(columns.map(Alias::new)).values_panic([
        Uuid::now_v7().into(),
        kind.into(),
        payload.into(),
        title.into(),
        key.into(),
        status.into(),
        0.into(),
        now.into(),
        1.into(),
        0.into(),
        5.into(),
        now.into(),
        now.into(),
    ]);
    shop.db.read().execute(&insert).await.unwrap();
}

/// That a row is the job that would be enqueued for this today.
fn is_the_job<J: Job>(row: &jobs::Model, job: &J) {
    assert_eq!((row.kind.as_str(), row.queue), (J::KIND, J::QUEUE));
    assert_eq!(row.group_key, job.group(), "{}", row.kind);
    let read: J = serde_json::from_str(&row.payload).unwrap_or_else(|error| panic!("{}: {error}", row.payload));
    let same = (serde_json::to_value(&read).unwrap(), serde_json::to_value(job).unwrap());
    assert_eq!(same.0, same.1, "{}", row.kind);
    let (name, running) = match job.unique() {
        Unique::No => (None, true),
        Unique::Waiting(name) => (Some(name), false),
        Unique::Unfinished(name) => (Some(name), true),
    };
    assert_eq!((row.unique_name.clone(), row.unique_running), (name, running), "{}", row.kind);
}

#[tokio::test]
async fn what_waited_in_the_queue_before_it_was_everybodys_is_done_after_it() {
    let shop = database::fresh().await;
    let (title, upload, user) = (shop.title("The Bell").draft().await.id, Uuid::now_v7(), Uuid::now_v7());
    migrations::down_before(shop.db.read(), "m0015_jobs").await.unwrap();
    let nothing = || "{}".to_owned();
    old_job(&shop, "transcribe", Some(title), nothing(), Some(format!("production:{title}")), "running").await;
    old_job(&shop, "cut-sample", Some(title), nothing(), Some(format!("cut-sample:{title}")), "queued").await;
    let key = Some(format!("finish_upload:{upload}"));
    old_job(&shop, "finish_upload", None, format!("{{\"upload\":\"{upload}\"}}"), key, "queued").await;
    let mail = |status| {
        let payload = format!("{{\"about\":\"verify\",\"user_id\":\"{user}\"}}");
        old_job(&shop, "mail", None, payload, (status == "queued").then(|| format!("mail:verify:{user}")), status)
    };
    mail("queued").await;
    mail("done").await;
    old_job(&shop, "of-a-plugin", None, nothing(), None, "queued").await;

    migrations::up(shop.db.read()).await.unwrap();
    let rows = jobs::Entity::find().all(shop.db.read()).await.unwrap();
    let of = |kind: &str| rows.iter().find(|row| row.kind == kind).unwrap_or_else(|| panic!("no {kind}: {rows:?}"));
    assert_eq!(rows.len(), 4, "a mail that has left is forgotten, and so is what nobody does: {rows:?}");
    is_the_job(of(Transcribe::KIND), &Transcribe { audiobook_id: title });
    is_the_job(of(CutSample::KIND), &CutSample { audiobook_id: title });
    is_the_job(of(FinishUpload::KIND), &FinishUpload { upload });
    let waiting = of(MailJob::KIND);
    let verify = MailJob::Verify { user_id: user };
    assert_eq!((waiting.unique_name.clone(), waiting.status), (Some(format!("mail:verify:{user}")), JobStatus::Queued));
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&waiting.payload).unwrap(),
        serde_json::to_value(&verify).unwrap()
    );
    assert_eq!(of(Transcribe::KIND).status, JobStatus::Running);
}
