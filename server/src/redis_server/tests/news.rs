//! Processes that hear of each other.

use crate::jobs::{JobError, Registry, Rooms, Runner};
use crate::redis_server::RedisMessenger;
use crate::redis_server::testing::{Server, until};
use domain::Db;
use domain::db::Messenger;
use domain::jobs::{self, Claim, Job, Kinds, Queue};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_util::sync::CancellationToken;

/// Longer than any test takes: whoever waits so long is woken, or does nothing.
const HOUR: Duration = Duration::from_secs(3600);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Chore {}

impl Job for Chore {
    const KIND: &'static str = "test.chore";
    const QUEUE: Queue = Queue::Maintenance;
}

/// Work for others.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Letter {}

impl Job for Letter {
    const KIND: &'static str = "test.letter";
    const QUEUE: Queue = Queue::Mail;
}

async fn chore(done: Arc<AtomicUsize>, _: Chore, _: Claim) -> Result<(), JobError> {
    done.fetch_add(1, SeqCst);
    Ok(())
}

async fn ask(db: &Db) {
    db.transaction(async |tx| jobs::enqueue(&tx, &Chore {}).await).await.unwrap();
}

/// A process of the shop that listens, and what it hears.
fn listening(server: &Server) -> (Arc<RedisMessenger>, UnboundedReceiver<String>) {
    let messenger = Arc::new(RedisMessenger::relied_on_for(&server.open(), HOUR));
    let (out, heard) = unbounded_channel();
    let listens = messenger.clone();
    tokio::spawn(async move { listens.pass_on(&|topic: String| drop(out.send(topic))).await });
    (messenger, heard)
}

async fn is_heard(messenger: &RedisMessenger) {
    until("the channel is heard", async || messenger.look_again_after() == Some(HOUR)).await;
}

async fn next(heard: &mut UnboundedReceiver<String>) -> String {
    tokio::time::timeout(Duration::from_secs(30), heard.recv()).await.expect("nothing is heard").unwrap()
}

#[tokio::test]
async fn what_one_process_tells_the_others_hear_and_it_does_not() {
    let server = Server::start().await;
    let ((one, mut by_one), (other, mut by_other)) = (listening(&server), listening(&server));
    is_heard(&one).await;
    is_heard(&other).await;
    other.tell("mail");
    assert_eq!(next(&mut by_one).await, "mail");
    one.tell("sound");
    // Everybody hears in one order: its own came before.
    assert_eq!(next(&mut by_other).await, "sound");
}

#[tokio::test]
async fn while_redis_is_away_everybody_looks_as_often_as_without_and_afterwards_hears_again() {
    let mut server = Server::start().await;
    let ((one, _), (other, mut by_other)) = (listening(&server), listening(&server));
    is_heard(&other).await;
    server.stop();
    until("the loss is noticed", async || other.look_again_after().is_none()).await;
    // Nobody waits for somebody who does not listen.
    one.tell("mail");
    server.start_again().await;
    is_heard(&one).await;
    is_heard(&other).await;
    one.tell("sound");
    while next(&mut by_other).await != "sound" {}
}

#[tokio::test]
async fn a_job_asked_for_in_one_process_wakes_the_idle_runner_of_another() {
    let (server, folder) = (Server::start().await, TempDir::new().unwrap());
    let process = async || {
        let db = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 4).await.unwrap();
        db.with_messenger(Arc::new(RedisMessenger::relied_on_for(&server.open(), HOUR)))
    };
    let (web, worker) = (process().await, process().await);
    migrations::up(web.read()).await.unwrap();
    let (done, stop) = (Arc::new(AtomicUsize::new(0)), CancellationToken::new());
    let handlers = Registry::over(&done).job(chore).handlers;
    let rooms = Rooms::from([(Queue::Maintenance, 1)]);
    let kinds = Kinds::default().with::<Chore>();
    let runner = Runner::new("worker".to_owned(), worker.clone(), &kinds, handlers, rooms, 60_000);
    let quit = stop.clone();
    let running = tokio::spawn(async move { runner.run(Vec::new(), quit).await });
    until("the worker hears", async || worker.look_again_after() == HOUR).await;
    // Having done the one it finds nothing more, and would look again in an hour.
    ask(&worker).await;
    until("its own is done", async || done.load(SeqCst) == 1).await;
    ask(&web).await;
    until("that of the web side is done", async || done.load(SeqCst) == 2).await;
    stop.cancel();
    running.await.unwrap();
}

#[tokio::test]
async fn what_is_not_kept_is_told_to_nobody() {
    let (server, folder) = (Server::start().await, TempDir::new().unwrap());
    let db = Db::connect(&format!("sqlite://{}", folder.path().join("shop.db").display()), 4).await.unwrap();
    migrations::up(db.read()).await.unwrap();
    let db = db.with_messenger(Arc::new(RedisMessenger::new(&server.open())));
    let (other, mut heard) = listening(&server);
    is_heard(&other).await;
    let refused: domain::Result<()> = db
        .transaction(async |tx| {
            jobs::enqueue(&tx, &Letter {}).await?;
            Err(domain::Error::Forbidden)
        })
        .await;
    assert!(refused.is_err());
    ask(&db).await;
    assert_eq!(next(&mut heard).await, Queue::Maintenance.topic(), "the first that is heard of is what was kept");
}
