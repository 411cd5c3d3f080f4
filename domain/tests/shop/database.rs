//! A migrated, empty database for each test, on the backend that `LECTERN_TEST_DATABASE` names.
//!
//! - unset or `sqlite`: a file of its own, copied from a template that is migrated once.
//! - `postgres`, `mariadb`: a database on the server at `LECTERN_TEST_POSTGRES` or `LECTERN_TEST_MARIADB` that no other test
//!   uses meanwhile. It is emptied and taken again, because making one takes these servers seconds; as many stay as tests
//!   ran at once, under names that begin with `lectern_pool_`.
//!
//! A backend that was named and cannot be reached fails the test.

use domain::{Db, FixedClock, Timestamp};
use migrations::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement, TryGetable,
};
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
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
    url: String,
    _scratch: Scratch,
}

impl Deref for Shop {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

impl Shop {
    /// The same shop as another process sees it.
    pub async fn another_server(&self) -> Db {
        Db::connect(&self.url, 5).await.unwrap().with_clock(self.clock.clone())
    }
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

/// What goes away with the shop: the file, or the hold on the server's database.
enum Scratch {
    Folder { _folder: TempDir },
    Held { _holder: DatabaseConnection },
}

/// A new shop on a database of its own.
pub async fn fresh() -> Shop {
    let backend = std::env::var("LECTERN_TEST_DATABASE").unwrap_or_default();
    let (url, scratch) = match backend.as_str() {
        "" | "sqlite" => sqlite().await,
        "postgres" => pooled(&server("LECTERN_TEST_POSTGRES", "postgres://root@127.0.0.1:5432/postgres")).await,
        "mariadb" => pooled(&server("LECTERN_TEST_MARIADB", "mysql://root@127.0.0.1:3306/test")).await,
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

/// Takes the first of the server's databases that no other test holds.
async fn pooled(server: &str) -> (String, Scratch) {
    let holder = connect(server).await;
    let schema = schema();
    let mut number = 1;
    let name = loop {
        let name = format!("lectern_pool_{schema}_{number}");
        if is_taken(&holder, &name).await {
            break name;
        }
        number += 1;
    };
    let database = at(server, &name);
    if !exists(&holder, &name).await {
        make(&holder, &name, &database).await;
    }
    let mut connection = connect(&database).await;
    if !migrations::pending(&connection).await.expect("the database answers").is_empty() {
        // Left half way by a test of the migrations, or by one that was killed.
        connection.close().await.expect("the connection closes");
        run(&holder, &format!("DROP DATABASE {name}")).await;
        make(&holder, &name, &database).await;
        connection = connect(&database).await;
    }
    empty(&connection).await;
    connection.close().await.expect("the connection closes");
    (database, Scratch::Held { _holder: holder })
}

/// Tries to hold a database. The hold belongs to the connection, so it ends even with a process that dies.
async fn is_taken(holder: &DatabaseConnection, name: &str) -> bool {
    let sql = match holder.get_database_backend() {
        DbBackend::Postgres => format!("SELECT pg_try_advisory_lock(hashtext('{name}'))::int::bigint"),
        _ => format!("SELECT GET_LOCK('{name}', 0)"),
    };
    one::<i64>(holder, &sql).await == 1
}

async fn exists(holder: &DatabaseConnection, name: &str) -> bool {
    let sql = match holder.get_database_backend() {
        DbBackend::Postgres => format!("SELECT COUNT(*) FROM pg_database WHERE datname = '{name}'"),
        _ => format!("SELECT COUNT(*) FROM information_schema.schemata WHERE schema_name = '{name}'"),
    };
    one::<i64>(holder, &sql).await == 1
}

async fn make(holder: &DatabaseConnection, name: &str, database: &str) {
    // The server's own default collation must not matter.
    let collation = match holder.get_database_backend() {
        DbBackend::MySql => "CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
        _ => "",
    };
    run(holder, &format!("CREATE DATABASE {name} {collation}")).await;
    let connection = connect(database).await;
    migrations::up(&connection).await.expect("the migrations run");
    if connection.get_database_backend() == DbBackend::MySql {
        // Or plans change while a test looks at them, whenever MariaDB counts anew in the background.
        for_each_table(&connection, "ALTER TABLE ", " STATS_AUTO_RECALC = 0").await;
    }
    connection.close().await.expect("the connection closes");
}

async fn empty(connection: &DatabaseConnection) {
    if connection.get_database_backend() == DbBackend::MySql {
        run(connection, "SET FOREIGN_KEY_CHECKS = 0").await;
        // Its lines cannot be deleted; a table made anew is empty.
        run(connection, "TRUNCATE TABLE audit_events").await;
        for_each_table(connection, "DELETE FROM ", "").await;
    } else {
        // Truncating takes PostgreSQL half a second.
        run(
            connection,
            "SET session_replication_role = replica;
             DO $$ DECLARE t text; BEGIN
               FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'seaql_migrations' LOOP
                 EXECUTE format('DELETE FROM %I', t);
               END LOOP;
             END $$",
        )
        .await;
    }
}

/// Runs a statement on every table of a MariaDB database, in one go.
async fn for_each_table(connection: &DatabaseConnection, before: &str, after: &str) {
    let statements = format!(
        "SELECT CAST(GROUP_CONCAT('{before}', table_name, '{after}' SEPARATOR '; ') AS CHAR) FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND table_name <> 'seaql_migrations'"
    );
    let statements: String = one(connection, &statements).await;
    run(connection, &statements).await;
}

/// One connection: what is set on it stays set.
async fn connect(url: &str) -> DatabaseConnection {
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).idle_timeout(None).max_lifetime(None).sqlx_logging(false);
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
