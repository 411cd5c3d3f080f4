//! The connection to the database, and how a transaction begins.

use crate::{Clock, Error, Result, SystemClock, Timestamp};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction, DbBackend,
    SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use std::sync::Arc;
use std::time::Duration;

/// The database and the clock that every write is dated by.
#[derive(Clone, Debug)]
pub struct Db {
    connection: DatabaseConnection,
    clock: Arc<dyn Clock>,
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
        Self { connection, clock }
    }

    /// The same database under another clock.
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { connection: self.connection.clone(), clock }
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
    /// that turns into a writer fails under load, whatever the busy timeout.
    ///
    /// # Errors
    /// When no connection or lock is free in time.
    pub async fn write(&self) -> Result<DatabaseTransaction> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.connection.begin_with_options(options).await.map_err(Error::from)
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        self.connection.ping().await.map_err(Error::from)
    }
}
