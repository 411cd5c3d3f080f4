//! A shop whose processes are killed at any moment, and whose database, bucket, Redis and mail server are away for a while now and
//! then, with uploads on their way, books in production and mails to send: no job is lost, nothing is done twice, and each
//! upload is what was sent.
//!
//! `LECTERN_CHAOS_KILLS` says how many blows there are; `LECTERN_TEST_DATABASE` is `sqlite`, `postgres` or `mariadb`. With
//! `LECTERN_CHAOS_S3`, and an S3 server at `LECTERN_TEST_S3`, files are kept there.

use crate::books::{self, Book};
use crate::door::{Door, PostOffice};
use crate::processes::{self, Process};
use crate::recordings::Chance;
use crate::redis::Redis;
use crate::setting;
use crate::shop::{Browser, Server, make_admin, without_limits};
use domain::Db;
use domain::account::email::mail::MailJob;
use domain::entities::{files, jobs, parts, uploads};
use domain::jobs::{Job, JobStatus};
use domain::production::{StepStatus, UploadStatus, jobs::STEP_KINDS, steps};
use domain::transcript::segments;
use futures::TryStreamExt;
use sea_orm::{ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, Statement};
use server::storage::{self, Backend, S3Settings, Storage};
use sha2::{Digest, Sha256};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// What a dead process was at work on is in other hands after so long.
const TAKEN_UP: Duration = Duration::from_secs(30);
/// Processes that belonged to one that was killed are gone after so long.
const GONE: Duration = Duration::from_secs(20);
/// After the last kill everything is done by then.
const SETTLED: Duration = Duration::from_secs(600);
/// Books under way at once.
const BOOKS: usize = 2;
/// How often the shop's jobs are looked at.
const LOOK: Duration = Duration::from_millis(200);

/// How often somebody asks for a mail.
const MAIL_EVERY: Duration = Duration::from_millis(900);

struct Shop {
    data: TempDir,
    settings: Vec<(String, String)>,
    /// Through no door.
    db: Db,
    storage: Arc<dyn Storage>,
    doors: Vec<Door>,
    post: PostOffice,
    _redis: Option<Redis>,
}

impl Shop {
    async fn open() -> Self {
        let data = TempDir::new().unwrap();
        let url = database(data.path()).await;
        let post = PostOffice::open().await;
        let mut doors = vec![Door::before("mail server", &post.address).await];
        let mut behind_a_door = url.clone();
        if let Some(server) = url.split_once('@').and_then(|(_, rest)| rest.split('/').next()) {
            let door = Door::before("database", server).await;
            behind_a_door = url.replace(server, &door.address());
            doors.push(door);
        }
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/demo");
        let settings = [
            ("LECTERN_DATABASE__URL", behind_a_door.as_str()),
            ("LECTERN_LISTEN", &format!("127.0.0.1:{port}")),
            ("LECTERN_WORKER__ENABLED", "true"),
            ("LECTERN_WORKER__LEASE_SECONDS", "5"),
            ("LECTERN_WORKER__THREADS", "1"),
            ("LECTERN_MODELS__DEMO_DIR", &models.to_string_lossy()),
            ("LECTERN_LOG", "error"),
            ("LECTERN_MAIL__KIND", "smtp"),
            ("LECTERN_MAIL__SMTP__HOST", "127.0.0.1"),
            ("LECTERN_MAIL__SMTP__PORT", &doors[0].port().to_string()),
            ("LECTERN_MAIL__SMTP__TLS", "none"),
            ("LECTERN_MAIL__FROM", "shop@lectern.example"),
        ];
        let mut settings: Vec<_> = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        settings.extend(without_limits());
        let redis = Redis::open().await;
        if let Some(redis) = &redis {
            let door = Door::before("Redis", &redis.address).await;
            settings.push(("LECTERN_REDIS__URL".to_owned(), format!("redis://{}", door.address())));
            doors.push(door);
        }
        let storage = kept(data.path(), &mut doors, &mut settings).await;
        let refs: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        make_admin(data.path(), &refs);
        let db = Db::connect(&url, 2).await.unwrap();
        Self { data, settings, db, storage, doors, post, _redis: redis }
    }

    /// Mails that are on their way, and those that went, but none that was given up.
    async fn mails(&self) -> (usize, usize) {
        let mails =
            jobs::Entity::find().filter(jobs::Column::Kind.eq(MailJob::KIND)).all(self.db.read()).await.unwrap();
        let dead: Vec<_> = mails.iter().filter(|mail| mail.status == JobStatus::Dead).collect();
        assert!(dead.is_empty(), "mails were given up: {dead:?}");
        let count = |is: &[JobStatus]| mails.iter().filter(|mail| is.contains(&mail.status)).count();
        (count(&[JobStatus::Queued, JobStatus::Running]), count(&[JobStatus::Done]))
    }

    fn serve(&self) -> Server {
        let refs: Vec<_> = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        Server::start(self.data.path(), &refs)
    }

    async fn running(&self) -> Vec<jobs::Model> {
        let running = jobs::Entity::find().filter(jobs::Column::Status.eq(JobStatus::Running));
        running.all(self.db.read()).await.unwrap()
    }

    /// Production jobs that are not over.
    async fn unfinished(&self) -> usize {
        let unfinished = jobs::Entity::find()
            .filter(jobs::Column::Kind.is_in(STEP_KINDS))
            .filter(jobs::Column::Status.is_in([JobStatus::Queued, JobStatus::Running]));
        unfinished.all(self.db.read()).await.unwrap().len()
    }
}

/// Where files are kept: a folder, or a bucket behind a door.
async fn kept(data: &Path, doors: &mut Vec<Door>, settings: &mut Vec<(String, String)>) -> Arc<dyn Storage> {
    let server = std::env::var("LECTERN_TEST_S3").ok().filter(|_| std::env::var_os("LECTERN_CHAOS_S3").is_some());
    let Some(server) = server else {
        return storage::open(&Backend::Folder(data.join("storage")), data).await.unwrap();
    };
    let door = Door::before("bucket", server.trim_start_matches("http://")).await;
    let bucket = format!("lectern-chaos-{}", Uuid::now_v7());
    for (name, value) in [
        ("KIND", "s3"),
        ("S3__ENDPOINT", &format!("http://{}", door.address())),
        ("S3__BUCKET", &bucket),
        ("S3__ACCESS_KEY", "test"),
        ("S3__SECRET_KEY", "testtest"),
    ] {
        settings.push((format!("LECTERN_STORAGE__{name}"), value.to_owned()));
    }
    doors.push(door);
    let direct = S3Settings {
        bucket,
        region: "us-east-1".to_owned(),
        endpoint: Some(server),
        public_endpoint: None,
        path_style: true,
        access_key_id: "test".to_owned(),
        secret_access_key: "testtest".to_owned(),
    };
    storage::open(&Backend::S3(direct), data).await.unwrap()
}

/// The address of an empty database.
pub async fn database(data: &Path) -> String {
    let kind = std::env::var("LECTERN_TEST_DATABASE").unwrap_or_else(|_| "sqlite".to_owned());
    let server = match kind.as_str() {
        "sqlite" => return format!("sqlite://{}", data.join("lectern.db").display()),
        "postgres" => std::env::var("LECTERN_TEST_POSTGRES").unwrap(),
        "mariadb" => std::env::var("LECTERN_TEST_MARIADB").unwrap(),
        other => panic!("there is no database {other}"),
    };
    let name = format!("lectern_chaos_{}", Uuid::now_v7().simple());
    let making = sea_orm::Database::connect(&server).await.unwrap();
    let collation = if kind == "mariadb" { "CHARACTER SET utf8mb4" } else { "" };
    making.execute_unprepared(&format!("CREATE DATABASE {name} {collation}")).await.unwrap();
    format!("{}/{name}", server.rsplit_once('/').unwrap().0)
}

/// Jobs that a dead process held, and since when.
#[derive(Default)]
struct Orphaned {
    jobs: Vec<(jobs::Model, Instant)>,
    longest: Duration,
    taken_up: usize,
}

impl Orphaned {
    fn add(&mut self, jobs: Vec<jobs::Model>) {
        let new = jobs.into_iter().filter(|job| !self.jobs.iter().any(|(known, _)| known.id == job.id));
        self.jobs.extend(new.map(|job| (job, Instant::now())).collect::<Vec<_>>());
    }

    /// For so long nobody could take anything up.
    fn excuse(&mut self, long: Duration) {
        self.jobs.iter_mut().for_each(|(_, since)| *since += long);
    }

    /// Crosses off those that somebody has taken up again, or that are over.
    async fn look(&mut self, db: &Db) {
        let ids: Vec<Uuid> = self.jobs.iter().map(|(job, _)| job.id).collect();
        let now = jobs::Entity::find().filter(jobs::Column::Id.is_in(ids)).all(db.read()).await.unwrap();
        self.jobs.retain(|(before, since)| {
            let waits =
                now.iter().any(|row| row.id == before.id && row.attempt == before.attempt && row.finished_at.is_none());
            if waits {
                assert!(
                    since.elapsed() < TAKEN_UP,
                    "nobody took up {} after {:?}: {before:?}",
                    before.kind,
                    since.elapsed()
                );
            } else {
                self.longest = self.longest.max(since.elapsed());
                self.taken_up += 1;
            }
            waits
        });
    }
}

/// Shuts the door to something that the shop needs, for a while.
async fn away(shop: &Shop, orphaned: &mut Orphaned, chance: &mut Chance) -> &'static str {
    let door = &shop.doors[chance.below(shop.doors.len())];
    door.shut();
    let long = Duration::from_millis(500 + chance.below(5_000) as u64);
    orphaned.excuse(long);
    let until = Instant::now() + long;
    while Instant::now() < until {
        tokio::time::sleep(LOOK).await;
        orphaned.look(&shop.db).await;
    }
    door.reopen();
    door.name
}

/// Kills the server, or one of those that it started.
async fn kill(shop: &Shop, server: &mut Server, orphaned: &mut Orphaned, chance: &mut Chance) -> &'static str {
    let children = processes::below(server.id());
    let wanted = match chance.below(10) {
        0 | 1 => "engine",
        2 | 3 => "decoder",
        _ => "server",
    };
    if let Some(victim) = children.iter().find(|child| child.kind == wanted) {
        processes::kill(victim.id);
        return victim.kind;
    }
    let held = shop.running().await;
    server.kill();
    // Whoever finished between the look and the kill is crossed off at the next look.
    orphaned.add(held);
    gone(&children).await;
    *server = shop.serve();
    "server"
}

/// Nothing that a dead server had started goes on without it.
async fn gone(children: &[Process]) {
    let until = Instant::now() + GONE;
    for child in children {
        while child.lives() {
            assert!(Instant::now() < until, "a {} outlives its server", child.kind);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_is_killed_again_and_again_loses_nothing_and_does_nothing_twice() {
    let kills = setting("LECTERN_CHAOS_KILLS", 20);
    let mut chance = Chance(setting("LECTERN_CHAOS_SEED", 11) as u64 * 2 + 1);
    let shop = Shop::open().await;
    let mut server = shop.serve();
    let browser = Arc::new(Browser::log_in(&server).await);
    let over = Arc::new(AtomicBool::new(false));
    let asking = tokio::spawn(ask_for_mails(browser.clone(), over.clone()));
    let sending = tokio::spawn(send_books(browser, shop.db.clone(), over.clone()));
    let mut orphaned = Orphaned::default();
    let (mut killed, began) = (std::collections::BTreeMap::<_, usize>::new(), Instant::now());
    for _ in 0..kills {
        let until = Instant::now() + Duration::from_millis(300 + chance.below(4_000) as u64);
        while Instant::now() < until {
            tokio::time::sleep(LOOK).await;
            orphaned.look(&shop.db).await;
        }
        let struck = match chance.below(4) {
            0 => away(&shop, &mut orphaned, &mut chance).await,
            _ => kill(&shop, &mut server, &mut orphaned, &mut chance).await,
        };
        *killed.entry(struck).or_default() += 1;
        assert!(!sending.is_finished(), "whoever sends books has given up");
    }
    over.store(true, Ordering::Relaxed);
    let (books, asked) = (sending.await.unwrap(), asking.await.unwrap());
    let resumed = settle(&shop, &books, &mut orphaned).await;
    let interrupted: usize = books.iter().map(|book| book.interrupted).sum();
    println!(
        "  killed or away {killed:?} in {:.0?}; {} books, their uploads interrupted {interrupted} times; {} jobs taken up again, after \
         {:.1?} at most; {resumed} given up after five tries and resumed",
        began.elapsed(),
        books.len(),
        orphaned.taken_up,
        orphaned.longest
    );
    let (_, mails) = shop.mails().await;
    println!("  {asked} asked for a mail; {mails} were sent, {} came", shop.post.taken());
    assert!(shop.post.taken() >= mails && (asked == 0 || mails > 0), "a mail is lost");
    for book in &books {
        nothing_is_lost_or_done_twice(&shop, book).await;
    }
    let told: Vec<String> = futures::future::join_all(books.iter().map(|book| told(&shop, book))).await;
    assert!(
        told.iter().all(|one| *one == told[0] && !one.is_empty()),
        "the same story was told differently: {told:#?}"
    );
    drop(server);
    if shop.db.read().get_database_backend() == DbBackend::Sqlite {
        let check = Statement::from_string(DbBackend::Sqlite, "PRAGMA integrity_check");
        let answer = shop.db.read().query_one_raw(check).await.unwrap().unwrap();
        assert_eq!(answer.try_get_by_index::<String>(0).unwrap(), "ok");
    }
}

/// Sends book after book until it is enough; never more at once than are soon done.
async fn send_books(browser: Arc<Browser>, db: Db, over: Arc<AtomicBool>) -> Vec<Book> {
    let mut books = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let last: &[Book] = &books[books.len().saturating_sub(BOOKS)..];
        if busy(&db, last).await {
            tokio::time::sleep(LOOK).await;
        } else {
            books.push(books::send(&browser, books.len()).await);
        }
    }
    books
}

/// Asks for mails until it is enough, and says how often the shop said that one comes.
async fn ask_for_mails(browser: Arc<Browser>, over: Arc<AtomicBool>) -> usize {
    let mut asked = 0;
    while !over.load(Ordering::Relaxed) {
        asked += usize::from(browser.ask_for_mail().await);
        tokio::time::sleep(MAIL_EVERY).await;
    }
    asked
}

async fn busy(db: &Db, books: &[Book]) -> bool {
    let ids: Vec<Uuid> = books.iter().map(|book| book.title).collect();
    domain::production::jobs::at_work(db, &ids).await.unwrap().len() >= BOOKS
}

/// Waits until every book is done; what was given up, as each kill counts as a failed try, is resumed as an admin would.
async fn settle(shop: &Shop, books: &[Book], orphaned: &mut Orphaned) -> usize {
    let until = Instant::now() + SETTLED;
    let mut resumed = 0;
    loop {
        orphaned.look(&shop.db).await;
        let mut left = shop.unfinished().await + shop.mails().await.0;
        for book in books {
            let view = steps::view(&shop.db, book.title).await.unwrap();
            left += usize::from(view.steps.iter().any(|step| step.status != StepStatus::Done));
            if view.steps.iter().any(|step| step.status == StepStatus::Failed) {
                resumed += usize::from(steps::resume(&shop.db, book.title).await.is_ok());
            }
        }
        if left == 0 {
            return resumed;
        }
        assert!(Instant::now() < until, "{left} jobs or books are not done");
        tokio::time::sleep(LOOK * 5).await;
    }
}

async fn nothing_is_lost_or_done_twice(shop: &Shop, book: &Book) {
    let db = shop.db.read();
    let arrived = uploads::Entity::find()
        .filter(uploads::Column::AudiobookId.eq(book.title))
        .filter(uploads::Column::Status.eq(UploadStatus::Done));
    assert_eq!(arrived.all(db).await.unwrap().len(), 1, "uploads of {}", book.title);
    let parts = parts::Entity::find().filter(parts::Column::AudiobookId.eq(book.title)).all(db).await.unwrap();
    assert_eq!(parts.len(), 1, "parts of {}", book.title);
    let file = files::Entity::find_by_id(parts[0].file_id).one(db).await.unwrap().unwrap();
    assert_eq!((file.sha256.as_str(), file.size), (book.sha256.as_str(), i64::try_from(book.size).unwrap()));
    let size = shop.storage.size(&file.storage_key).await.unwrap();
    let pieces: Vec<_> = shop.storage.read(&file.storage_key, 0..size).await.unwrap().try_collect().await.unwrap();
    assert_eq!(hex::encode(Sha256::digest(pieces.concat())), book.sha256, "what is stored differs from what was sent");
    let sentences = segments::sentences(db, book.title).await.unwrap();
    for two in sentences.windows(2) {
        assert!(two[0].end_ms <= two[1].start_ms, "heard twice: {two:?}");
    }
}

async fn told(shop: &Shop, book: &Book) -> String {
    let sentences = segments::sentences(shop.db.read(), book.title).await.unwrap();
    sentences.into_iter().map(|sentence| sentence.text).collect::<Vec<_>>().join(" ")
}
