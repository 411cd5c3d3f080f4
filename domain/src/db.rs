//! The connection to the database, and how a transaction begins.

use crate::audit::Actor;
use crate::{Clock, Error, Result, SystemClock, Timestamp};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DatabaseTransaction, DbBackend, IsolationLevel,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often a write that the database gave up for another one is tried again.
const ATTEMPTS: u32 = 6;
/// After this long nothing is tried again: the person has waited enough.
const PATIENCE: Duration = Duration::from_secs(10);

/// The database, the clock that every write is dated by, and who writes.
#[derive(Clone, Debug)]
pub struct Db {
    connection: DatabaseConnection,
    clock: Arc<dyn Clock>,
    actor: Arc<Actor>,
}

impl Db {
    /// Connects to `sqlite:`, `postgres:` or `mysql:` by URL, with at most `connections` connections.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn connect(url: &str, connections: u32) -> Result<Self> {
        let mut options = ConnectOptions::new(url);
        options
            .max_connections(connections)
            .min_connections(1)
            .acquire_timeout(Duration::from_secs(10))
            .connect_timeout(Duration::from_secs(10))
            .sqlx_logging(false);
        options.map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .create_if_missing(true)
                .foreign_keys(true)
                .pragma("journal_mode", "WAL")
                .pragma("synchronous", "FULL")
                .busy_timeout(Duration::from_secs(10))
        });
        Ok(Self::new(Database::connect(options).await?, Arc::new(SystemClock)))
    }

    pub fn new(connection: DatabaseConnection, clock: Arc<dyn Clock>) -> Self {
        Self { connection, clock, actor: Arc::new(Actor::shop()) }
    }

    /// The same database under another clock.
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self.clone() }
    }

    /// The same database, written to by this actor. Without one it is the shop itself that writes.
    pub fn acting(&self, actor: Actor) -> Self {
        Self { actor: Arc::new(actor), ..self.clone() }
    }

    /// Who writes, for the audit trail.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// For reads outside a transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.connection
    }

    pub fn backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`): a deferred one
    /// that turns into a writer fails under load, whatever the busy timeout. Elsewhere it reads what is committed at
    /// each statement, PostgreSQL's default: MariaDB's own would read from a snapshot and lock the gaps between rows.
    ///
    /// # Errors
    /// When no connection or lock is free in time.
    pub async fn write(&self) -> Result<DatabaseTransaction> {
        let sqlite = self.backend() == DbBackend::Sqlite;
        let options = TransactionOptions {
            sqlite_transaction_mode: sqlite.then_some(SqliteTransactionMode::Immediate),
            isolation_level: (!sqlite).then_some(IsolationLevel::ReadCommitted),
            ..Default::default()
        };
        self.connection.begin_with_options(options).await.map_err(Error::from)
    }

    /// Runs `operation`, a whole transaction, again when the database gave it up for another one (a deadlock, a lock
    /// that took too long): a few times, with growing pauses.
    ///
    /// # Errors
    /// Whatever the operation says, at last.
    pub async fn retry<T, F>(&self, mut operation: impl FnMut() -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let begun = Instant::now();
        let mut attempt = 1;
        loop {
            match operation().await {
                Err(Error::Busy) if attempt < ATTEMPTS && begun.elapsed() < PATIENCE => {
                    let jitter = u64::from(crate::secret::random::<1>()[0]) / 8;
                    tokio::time::sleep(Duration::from_millis((5 << attempt) + jitter)).await;
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// The sum of a column of whole numbers as one that is read back as `i64`; 0 for no rows. PostgreSQL and MariaDB
    /// give sums a wider type.
    pub fn sum(&self, column: impl Into<SimpleExpr>) -> SimpleExpr {
        let whole = if self.backend() == DbBackend::MySql { "SIGNED" } else { "BIGINT" };
        Expr::expr(column.into()).sum().if_null(0).cast_as(whole)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        self.connection.ping().await.map_err(Error::from)
    }
}
