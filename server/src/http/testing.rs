//! A shop for tests of the routes for files: a database, a folder, and people who are logged in.

mod people;
mod servers;

use super::api::tests::seen;
use super::router::router_with;
use crate::decoding::Decoder;
use crate::redis_server::RedisPages;
use crate::storage::{Disk, Storage};
use crate::uploads::{Locks, Uploads};
use crate::{AppState, Config, config};
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Path, State};
use axum::routing::post;
use bytes::Bytes;
use domain::account::email::mail::MailJob;
use domain::account::users;
use domain::job_kinds;
use domain::jobs::{self, Claim, Queue};
use domain::rates::live::LiveRates;
use domain::settings::live::LiveSettings;
use domain::{Clock, Db, FixedClock};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use identity::{AuthSession, SessionUser};
use sea_orm::DatabaseConnection;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

pub const LIMIT: u64 = 4 * 1024 * 1024 * 1024;
/// How long an upload is kept, in milliseconds: three days.
pub const KEPT_MS: i64 = 3 * 24 * 60 * 60 * 1000;

/// Every statement that was sent to the database.
#[derive(Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<String>>>);

impl Statements {
    /// Those since the last time.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }

    /// The connection, when what it sends is noted here.
    fn of(&self, connection: &DatabaseConnection) -> DatabaseConnection {
        let (mut connection, log) = (connection.clone(), self.clone());
        connection.set_metric_callback(move |info| log.0.lock().unwrap().push(info.statement.sql.clone()));
        connection
    }
}

/// A shop whose process can die and start again.
pub struct Shop {
    pub db: Db,
    pub clock: Arc<FixedClock>,
    pub statements: Statements,
    pub storage: Arc<dyn Storage>,
    pub uploads: Arc<Uploads>,
    /// What its handlers and jobs reach.
    pub state: AppState,
    router: Router,
    folder: TempDir,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The cookies it sets, as a browser sends them back.
    pub fn cookies(&self) -> String {
        let pair = |cookie: &http::HeaderValue| cookie.to_str().unwrap().split(';').next().unwrap().to_owned();
        self.headers.get_all("set-cookie").iter().map(pair).collect::<Vec<_>>().join("; ")
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn offset(&self) -> u64 {
        self.header("upload-offset").parse().unwrap()
    }
}

impl Shop {
    pub async fn open() -> Self {
        let folder = TempDir::new().unwrap();
        let storage = Arc::new(Disk::open(&folder.path().join("storage")).await.unwrap());
        Self::open_with(folder, storage).await
    }

    /// A shop over a storage of the test's choice.
    pub async fn open_over(storage: Arc<dyn Storage>) -> Self {
        Self::open_with(TempDir::new().unwrap(), storage).await
    }

    /// A shop with its limits, configured by the test.
    pub async fn open_whole(configure: impl FnOnce(&mut Config)) -> Self {
        let folder = TempDir::new().unwrap();
        let storage = Arc::new(Disk::open(&folder.path().join("storage")).await.unwrap());
        Self::configured(folder, storage, configure).await
    }

    async fn open_with(folder: TempDir, storage: Arc<dyn Storage>) -> Self {
        // Here everybody comes from the same place.
        Self::configured(folder, storage, |config| config.limits = config::Limits::off()).await
    }

    async fn configured(folder: TempDir, storage: Arc<dyn Storage>, configure: impl FnOnce(&mut Config)) -> Self {
        let url = match std::env::var("LECTERN_SHOP_DATABASE") {
            // An empty one, for one test alone.
            Ok(url) if !url.is_empty() => url,
            _ => format!("sqlite://{}", folder.path().join("shop.db").display()),
        };
        let plain = Db::connect(&url, 4).await.unwrap();
        migrations::up(plain.read()).await.unwrap();
        let statements = Statements::default();
        let clock = Arc::new(FixedClock::at(domain::SystemClock.now()));
        let db = Db::new(statements.of(plain.read()), clock.clone());
        let (state, router) = assemble(&db, &storage, &folder, configure).await;
        let (db, uploads) = (state.db.clone(), state.uploads.clone());
        Self { db, clock, statements, storage, uploads, state, router, folder }
    }

    /// The process dies and another begins with what is in the database and the storage.
    pub async fn restart(&mut self) {
        self.restart_with(|_| {}).await;
    }

    /// As [`Self::restart`], with another configuration.
    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        let configure = |config: &mut Config| {
            config.limits = config::Limits::off();
            change(config);
        };
        let (state, router) = assemble(&self.db, &self.storage, &self.folder, configure).await;
        (self.uploads, self.state, self.router) = (state.uploads.clone(), state, router);
    }

    /// A path in the data folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Sends a form, as a page with JavaScript does.
    pub async fn post(&self, cookie: &str, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request =
            Request::post(path).header("cookie", cookie).header("content-type", "application/x-www-form-urlencoded");
        if headers.iter().all(|(name, _)| *name != "accept") {
            request = request.header("accept", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        // The machine that connects, as the server notes it.
        let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711)));
        self.send(request.extension(peer).body(Body::from(form.to_owned())).unwrap()).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        seen::is_described(&method, &path, parts.status);
        Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    pub async fn get(&self, cookie: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(path).header("cookie", cookie);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }
}

/// The shop as it is served, with a way in for whomever a test sends.
async fn assemble(
    db: &Db,
    storage: &Arc<dyn Storage>,
    folder: &TempDir,
    configure: impl FnOnce(&mut Config),
) -> (AppState, Router) {
    let mut config = Config::load(None).unwrap();
    config.data_dir = folder.path().to_path_buf();
    configure(&mut config);
    let state = AppState::connect(config).await.unwrap();
    let db = &match &state.redis {
        Some(redis) => db.with_shared(Arc::new(RedisPages::new(redis))),
        None => db.clone(),
    };
    let uploads = Arc::new(Uploads {
        db: db.clone(),
        storage: storage.clone(),
        locks: Locks::default(),
        decoder: Decoder::new(2),
        limit: LIMIT,
        keep_ms: KEPT_MS,
    });
    let settings = LiveSettings::new(db, state.settings.at_hand());
    let rates = LiveRates::of(db, &*state.rate_source);
    let state = AppState { db: db.clone(), storage: storage.clone(), uploads, settings, rates, ..state };
    let router = router_with(state.clone(), Router::new().route("/test/log-in/{id}", post(log_in)));
    (state, router)
}

/// Takes the next mail that is due.
pub async fn claim_mail(db: &Db) -> Option<(Claim, MailJob)> {
    let claim = jobs::claim(db, job_kinds::all(), Queue::Mail, "post", 60_000, 1).await.unwrap().pop()?;
    let mail_job = serde_json::from_str(&claim.payload).unwrap();
    Some((claim, mail_job))
}

async fn log_in(State(state): State<AppState>, mut session: AuthSession, Path(id): Path<Uuid>) {
    let account = users::account(&state.db, id).await.unwrap().unwrap();
    session.login(&SessionUser(account)).await.unwrap();
}
