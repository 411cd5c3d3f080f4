//! The connection to the database, and its transactions.

mod alike;
mod announcements;
mod copies;
pub mod counts;
mod generation;
mod health;
mod memory;
mod messenger;
mod news;
mod pool;
mod shared;
mod shelves;
mod snapshot;
mod transaction;

pub use messenger::Messenger;
pub use news::News;
pub use pool::Pool;
pub use shared::Shared;
pub use transaction::{Acting, Tx};

use announcements::Announcements;
use memory::Memory;

use crate::{Actor, Clock, Error, Result, SystemClock, Timestamp};
use sea_orm::{
    ConnectOptions, Database, DatabaseConnection, DbBackend,
    sea_query::{Expr, ExprTrait, SimpleExpr},
};
use std::sync::Arc;
use std::time::Duration;

/// Most ids in one `IN`, and most rows in one `INSERT`: SQLite takes at most 32,766 values in a statement.
pub(crate) const BATCH: usize = 500;

/// The database, the clock that every write is dated by, and who writes.
#[derive(Clone, Debug)]
pub struct Db {
    connection: DatabaseConnection,
    clock: Arc<dyn Clock>,
    actor: Arc<Actor>,
    announcements: Announcements,
    memory: Memory,
    /// What the servers of the shop share besides it.
    shared: Option<Arc<dyn Shared>>,
    messenger: Option<Arc<dyn Messenger>>,
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
                // 16 MiB for each connection: what titles are looked up by fits, where 2 MiB (its default) do not hold
                // it for a hundred thousand.
                .pragma("cache_size", "-16384")
                .busy_timeout(Duration::from_secs(10))
        });
        // What a page asks takes milliseconds: to call in other processes, or to compile it, takes longer.
        options.map_sqlx_postgres_opts(|postgres| {
            postgres.options([("max_parallel_workers_per_gather", "0"), ("jit", "off")])
        });
        Ok(Self::new(Database::connect(options).await?, Arc::new(SystemClock)))
    }

    pub fn new(connection: DatabaseConnection, clock: Arc<dyn Clock>) -> Self {
        Self {
            connection,
            clock,
            actor: Arc::new(Actor::shop()),
            announcements: Announcements::default(),
            memory: Memory::default(),
            shared: None,
            messenger: None,
        }
    }

    /// The same database under another clock.
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self.clone() }
    }

    /// The same database, for a server that shares what everybody sees alike with others. All servers do, or none: one that
    /// does not leaves copies of what it has changed as they are, for a minute.
    pub fn with_shared(&self, shared: Arc<dyn Shared>) -> Self {
        Self { shared: Some(shared), ..self.clone() }
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

    /// The sum of a column of whole numbers as one that is read back as `i64`; 0 for no rows. PostgreSQL and MariaDB
    /// give sums a wider type.
    pub fn sum(&self, column: impl Into<SimpleExpr>) -> SimpleExpr {
        let whole = if self.backend() == DbBackend::MySql { "SIGNED" } else { "BIGINT" };
        Expr::expr(column.into()).sum().if_null(0).cast_as(whole)
    }

    /// The value of a type that is remembered of this database; empty at first. It is a copy of what the database holds:
    /// whoever uses it says how old it may be.
    pub(crate) fn remembered<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.memory.value()
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&self) -> Result<()> {
        self.connection.ping().await.map_err(Error::from)
    }
}
