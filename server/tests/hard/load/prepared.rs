//! A shop with made-up titles, some of which can be heard, and people who are logged in.

use crate::chaos::database;
use crate::shop::{Server, lectern, make_admin, without_limits};
use domain::Db;
use domain::account::sessions::{self, Row};
use domain::account::{User, registration, users};
use domain::entities::{audiobooks, files};
use domain::{Timestamp, testing};
use identity::session_key;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tower_sessions::session::Id;
use uuid::Uuid;

/// Books that can be heard, and how many bytes each has.
const BOOKS: usize = 8;
pub const BOOK_BYTES: usize = 12 << 20;
/// People who buy; each buys one title after the other.
const BUYERS: usize = 24;
/// People who log in with this password.
const REGULARS: usize = 3;
pub const PASSWORD: &str = "correct horse battery staple";

/// Somebody who is logged in.
#[derive(Clone)]
pub struct Person {
    pub cookie: String,
}

/// Somebody who listens.
#[derive(Clone)]
pub struct Listener {
    pub cookie: String,
    pub book: Uuid,
    /// Below the folder for files.
    pub key: String,
}

pub struct Prepared {
    pub server: Server,
    pub data: TempDir,
    settings: Vec<(String, String)>,
    /// Slugs of titles that cost something.
    pub titles: Vec<String>,
    pub listeners: Vec<Listener>,
    pub buyers: Vec<Person>,
    /// Addresses of those who log in.
    pub regulars: Vec<String>,
}

impl Prepared {
    pub async fn open(titles: usize, listeners: usize) -> Self {
        let data = TempDir::new().unwrap();
        let url = database(data.path()).await;
        let mut settings =
            vec![("LECTERN_DATABASE__URL".to_owned(), url.clone()), ("LECTERN_LOG".to_owned(), "error".to_owned())];
        settings.extend(without_limits());
        settings.push(("LECTERN_SERVER__CONNECTIONS".to_owned(), "2000".to_owned()));
        let named = refs(&settings);
        let seeding = lectern(data.path(), &named).args(["seed", "--titles", &titles.to_string()]).output().unwrap();
        assert!(seeding.status.success(), "{}", String::from_utf8_lossy(&seeding.stderr));
        make_admin(data.path(), &named);
        let db = Db::connect(&url, 2).await.unwrap();
        let priced = audiobooks::Entity::find().filter(audiobooks::Column::PriceMinor.gt(0)).limit(20_000);
        let shelf = priced.all(db.read()).await.unwrap();
        let books: Vec<(Uuid, String)> = record(&db, &data, &shelf).await;
        let mut heard = Vec::new();
        for number in 0..listeners {
            let user = testing::shopper(&db, &format!("Listener{number}")).await;
            let (book, key) = books[number % books.len()].clone();
            testing::give(&db, &user, book).await;
            heard.push(Listener { cookie: log_in(&db, &user).await, book, key });
        }
        let mut buyers = Vec::new();
        for number in 0..BUYERS {
            let user = testing::shopper(&db, &format!("Buyer{number}")).await;
            buyers.push(Person { cookie: log_in(&db, &user).await });
        }
        let mut regulars = Vec::new();
        for number in 0..REGULARS {
            let email = format!("regular{number}@example.com");
            let password = domain::account::Password::parse(PASSWORD.to_owned()).unwrap();
            registration::register(&db, &email.parse().unwrap(), "Regular", &password).await.unwrap();
            regulars.push(email);
        }
        let server = Server::start(data.path(), &named);
        let titles = shelf.into_iter().map(|title| title.slug).collect();
        Self { server, data, settings, titles, listeners: heard, buyers, regulars }
    }

    /// Another server of the same shop.
    pub fn serve_another(&self, more: &[(&str, &str)]) -> Server {
        Server::start(self.data.path(), &[&refs(&self.settings)[..], more].concat())
    }

    /// The address of its database.
    pub fn database(&self) -> &str {
        let url = self.settings.iter().find(|(name, _)| name == "LECTERN_DATABASE__URL");
        url.map(|(_, url)| url.as_str()).unwrap()
    }

    pub fn storage(&self) -> PathBuf {
        self.data.path().join("storage")
    }

    /// Looks at the server's memory each second.
    pub fn watch_memory(&self) -> Memory {
        let over = Arc::new(AtomicBool::new(false));
        let (id, done) = (self.server.id(), over.clone());
        let watching = tokio::spawn(async move {
            let mut seen = Vec::new();
            while !done.load(Ordering::Relaxed) {
                seen.push(resident(id));
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
            seen
        });
        Memory { over, seen: watching }
    }
}

/// The memory of a process, in megabytes, at most sixty times spread over the run.
pub struct Memory {
    over: Arc<AtomicBool>,
    seen: JoinHandle<Vec<u64>>,
}

impl Memory {
    pub async fn end(self) -> String {
        self.over.store(true, Ordering::Relaxed);
        let seen = self.seen.await.unwrap();
        let some = seen.iter().step_by(seen.len().div_ceil(60));
        some.map(u64::to_string).collect::<Vec<_>>().join(" ")
    }
}

/// What of a process is in memory, in megabytes (Linux).
fn resident(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

fn refs(settings: &[(String, String)]) -> Vec<(&str, &str)> {
    settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// Gives some titles a recording: it is only passed on, so it need not be one.
async fn record(db: &Db, data: &TempDir, shelf: &[audiobooks::Model]) -> Vec<(Uuid, String)> {
    let mut books = Vec::new();
    for (number, title) in shelf.iter().take(BOOKS).enumerate() {
        let sha256 = format!("{number:02x}{}", "ab".repeat(31));
        let key = server::storage::audio_key(&sha256, "mp3");
        let path = data.path().join("storage").join(&key);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, (0..BOOK_BYTES).map(|at| (at % 251) as u8).collect::<Vec<_>>()).unwrap();
        let file = files::Model {
            id: Uuid::now_v7(),
            storage_key: key.clone(),
            sha256,
            size: BOOK_BYTES as i64,
            media_type: "audio/mpeg".to_owned(),
            original_name: "book.mp3".to_owned(),
            created_at: db.now(),
            tags: None,
            cover_key: None,
        };
        testing::add_part(db, title.id, file, 0, 3_600_000).await;
        books.push((title.id, key));
    }
    books
}

/// A browser in which somebody is logged in, as the session layer keeps it: logging in costs an argon2.
async fn log_in(db: &Db, user: &User) -> String {
    let id = Id::default();
    let auth_hash = users::account(db, user.id).await.unwrap().unwrap().auth_hash;
    let data = serde_json::json!({ "axum-login.data": { "user_id": user.id, "auth_hash": auth_hash } }).to_string();
    let expires_at = db.now().plus_ms(Timestamp::DAY_MS);
    let row = Row { id: session_key(&id), data, user_id: Some(user.id), expires_at };
    assert!(sessions::create(db, &row, Timestamp::DAY_MS).await.unwrap());
    format!("lectern={id}")
}
