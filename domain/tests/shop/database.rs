//! A migrated, empty database for each test, on the backend that `LECTERN_TEST_DATABASE` names.
//!
//! - unset or `sqlite`: a file of its own, copied from a template that is migrated once.
//! - `postgres`: a database of its own on the server at `LECTERN_TEST_POSTGRES`, copied from such a template.
//! - `mariadb`: a database of its own on the server at `LECTERN_TEST_MARIADB`.
//!
//! A backend that was named and cannot be reached fails the test. What a test leaves behind is dropped with its [`Shop`].

use domain::{Db, FixedClock, Timestamp};
use migrations::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement, TryGetable,
};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// 2026-11-20T09:00:00Z: when every test begins.
pub const OPENING: Timestamp = Timestamp(1_795_165_200_000);

/// A shop with nothing in it.
pub struct Shop {
    pub db: Db,
    pub clock: Arc<FixedClock>,
    pub statements: Statements,
    /// For a second connection to the same database.
    pub url: String,
    _scratch: Scratch,
}

/// Every statement that the shop's [`Db`] sent, in order.
#[derive(Clone, Default)]
pub struct Statements(Arc<Mutex<Vec<Statement>>>);

impl Statements {
    /// Takes what was sent since the last time.
    pub fn take(&self) -> Vec<Statement> {
        std::mem::take(&mut self.0.lock().expect("no test panics while it logs"))
    }
}

/// What goes away with the shop.
enum Scratch {
    Folder { _folder: TempDir },
    Server { server: String, drop: String },
}

/// A new shop on a database of its own.
pub async fn fresh() -> Shop {
    let backend = std::env::var("LECTERN_TEST_DATABASE").unwrap_or_default();
    let (url, scratch) = match backend.as_str() {
        "" | "sqlite" => sqlite().await,
        "postgres" => postgres(&server("LECTERN_TEST_POSTGRES", "postgres://root@127.0.0.1:5432/postgres")).await,
        "mariadb" => mariadb(&server("LECTERN_TEST_MARIADB", "mysql://root@127.0.0.1:3306/test")).await,
        other => panic!("LECTERN_TEST_DATABASE is {other:?}: name sqlite, postgres or mariadb"),
    };
    let clock = Arc::new(FixedClock::at(OPENING));
    let plain = Db::connect(&url, 5).await.unwrap_or_else(|error| panic!("no connection to {url}: {error}"));
    let statements = Statements::default();
    let mut connection = plain.read().clone();
    let log = statements.clone();
    connection.set_metric_callback(move |info| {
        log.0.lock().expect("no test panics while it logs").push(info.statement.clone());
    });
    Shop { db: Db::new(connection, clock.clone()), clock, statements, url, _scratch: scratch }
}

fn server(variable: &str, default: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| default.to_owned())
}

fn unique_name() -> String {
    format!("lectern_test_{}", domain::secret::token().split_at(16).0)
}

async fn sqlite() -> (String, Scratch) {
    let folder = TempDir::new().expect("a temporary folder");
    let file = folder.path().join("shop.sqlite");
    let template = std::env::temp_dir().join(format!("lectern_template_{}.sqlite", schema()));
    if !template.exists() {
        // Made beside its place and moved there, so that a process running at the same time never sees half of it.
        let draft = std::env::temp_dir().join(format!("{}.sqlite", unique_name()));
        let connection = connect(&format!("sqlite://{}?mode=rwc", draft.display())).await;
        migrations::up(&connection).await.expect("the migrations run on SQLite");
        connection.close().await.expect("the template is written");
        std::fs::rename(&draft, &template).expect("the template moves into place");
    }
    std::fs::copy(&template, &file).expect("the template is copied");
    (format!("sqlite://{}", file.display()), Scratch::Folder { _folder: folder })
}

async fn postgres(server: &str) -> (String, Scratch) {
    let admin = connect(server).await;
    let template = format!("lectern_template_{}", schema());
    let name = unique_name();
    // Held by the connection, so released even by a process that dies.
    run(&admin, "SELECT pg_advisory_lock(7105322)").await;
    let known = format!("SELECT COUNT(*) FROM pg_database WHERE datname = '{template}'");
    if one::<i64>(&admin, &known).await == 0 {
        let draft = unique_name();
        run(&admin, &format!("CREATE DATABASE {draft}")).await;
        let connection = connect(&at(server, &draft)).await;
        migrations::up(&connection).await.expect("the migrations run on PostgreSQL");
        connection.close().await.expect("the template is written");
        run(&admin, &format!("ALTER DATABASE {draft} RENAME TO {template}")).await;
    }
    run(&admin, "SELECT pg_advisory_unlock(7105322)").await;
    run(&admin, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
    let drop = format!("DROP DATABASE {name} WITH (FORCE)");
    (at(server, &name), Scratch::Server { server: server.to_owned(), drop })
}

async fn mariadb(server: &str) -> (String, Scratch) {
    let admin = connect(server).await;
    let name = unique_name();
    // The server's own default collation must not matter.
    run(&admin, &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")).await;
    let scratch = Scratch::Server { server: server.to_owned(), drop: format!("DROP DATABASE {name}") };
    let connection = connect(&at(server, &name)).await;
    migrations::up(&connection).await.expect("the migrations run on MariaDB");
    connection.close().await.expect("the connection closes");
    (at(server, &name), scratch)
}

/// One connection: what is set on it stays set.
async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    Database::connect(options).await.unwrap_or_else(|error| panic!("no connection to {url}: {error}"))
}

/// The server's address with another database.
fn at(server: &str, database: &str) -> String {
    let (address, _) = server.rsplit_once('/').expect("an address ends with the name of a database");
    format!("{address}/{database}")
}

async fn run(connection: &DatabaseConnection, sql: &str) {
    connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

async fn one<T: TryGetable>(connection: &DatabaseConnection, sql: &str) -> T {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await.expect("the database answers").expect("there is a row");
    row.try_get_by_index(0).expect("the value has its type")
}

/// Names the schema by what the migrations say, so that a template of an older one is never taken.
fn schema() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations/src");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the migrations are beside this crate").map(|e| e.unwrap().path()).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in files {
        std::fs::read(file).expect("a migration can be read").hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

impl Drop for Scratch {
    /// On a thread of its own: the test's runtime cannot wait for itself.
    fn drop(&mut self) {
        let Self::Server { server, drop } = self else { return };
        let (server, drop) = (server.clone(), drop.clone());
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let connection = Database::connect(server).await?;
                connection.execute_unprepared(&drop).await?;
                connection.close().await
            })?;
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(())
        });
        match dropped.join() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => eprintln!("a test database stays behind: {error}"),
            Err(_) => eprintln!("a test database stays behind"),
        }
    }
}

/// Whether the tests run on this backend.
#[allow(dead_code, reason = "not every test binary that includes this file asks")]
pub fn backend(shop: &Shop) -> DbBackend {
    shop.db.backend()
}

#[allow(dead_code, reason = "not every test binary that includes this file counts")]
pub async fn count(shop: &Shop, table: &str) -> Result<i64, DbErr> {
    Ok(one(shop.db.read(), &format!("SELECT COUNT(*) FROM {table}")).await)
}
