//! Transactions that write: begun, tried again, committed or rolled back in one place.

use super::Db;
use super::counts::{Counts, What};
use super::shelves::{SHELVES, changes_shelves};
use crate::{Actor, Error, Result, Timestamp};
use async_trait::async_trait;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, IsolationLevel,
    QueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often a write that the database gave up for another one is tried again.
const ATTEMPTS: u32 = 6;
/// After this long nothing is tried again: the person has waited enough.
const PATIENCE: Duration = Duration::from_secs(10);

/// A transaction that writes, at one time and by one actor. What is written through it is kept together or not at all.
#[derive(Debug)]
pub struct Tx {
    inner: Arc<DatabaseTransaction>,
    now: Timestamp,
    actor: Arc<Actor>,
    /// What those who wait for it are told once this is kept.
    topics: Arc<Mutex<BTreeSet<&'static str>>>,
    /// What is counted then.
    happened: Arc<Mutex<Vec<What>>>,
}

/// Where something is written, when, and by whom: a transaction, or the database outside one.
pub trait Acting {
    type Connection: ConnectionTrait;

    fn connection(&self) -> &Self::Connection;
    fn now(&self) -> Timestamp;
    fn actor(&self) -> &Actor;
    /// Notes that something happened, once it is kept: see [`Db::counts`].
    fn happens(&self, what: &'static str, kind: &'static str);
}

impl Tx {
    /// When it began: every row that it writes has this time.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Who writes, for the audit trail.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Tells those who wait for news of `topic`, once the transaction is kept and only then.
    pub fn announce(&self, topic: &'static str) {
        self.topics.lock().unwrap_or_else(PoisonError::into_inner).insert(topic);
    }

    /// What changes the shelves is told of, whoever writes it.
    fn notice(&self, sql: &str) {
        if changes_shelves(sql) {
            self.announce(SHELVES);
        }
    }
}

impl Db {
    /// Runs `operation` in a transaction: commits what it did when it ends well, rolls it back when it does not. When the
    /// database gave the transaction up for another one (a deadlock, a lock that took too long), all of it is done again,
    /// a few times, with growing pauses: so `operation` changes nothing but the database.
    ///
    /// On SQLite it takes the write lock at once (`BEGIN IMMEDIATE`): a deferred transaction that turns into a writer fails
    /// under load, whatever the busy timeout. Elsewhere it reads what is committed at each statement, PostgreSQL's
    /// default: MariaDB's own would read from a snapshot and lock the gaps between rows.
    ///
    /// # Errors
    /// Whatever `operation` says, at last; [`Error::Busy`] when no connection or lock was free in time.
    pub async fn transaction<T, F>(&self, operation: impl Fn(Tx) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        self.retry(|| self.attempt(&operation)).await
    }

    /// Does `operation`, one statement or one transaction, again when the database gave it up for another one.
    ///
    /// # Errors
    /// Whatever `operation` says, at last.
    pub(crate) async fn retry<T, F>(&self, mut operation: impl FnMut() -> F) -> Result<T>
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

    async fn attempt<T, F>(&self, operation: &impl Fn(Tx) -> F) -> Result<T>
    where
        F: Future<Output = Result<T>>,
    {
        let inner = Arc::new(self.begin().await?);
        let topics = Arc::<Mutex<BTreeSet<&'static str>>>::default();
        let happened = Arc::<Mutex<Vec<What>>>::default();
        let tx = Tx {
            inner: inner.clone(),
            now: self.now(),
            actor: self.actor.clone(),
            topics: topics.clone(),
            happened: happened.clone(),
        };
        let outcome = operation(tx).await;
        let topics = std::mem::take(&mut *topics.lock().unwrap_or_else(PoisonError::into_inner));
        let Some(inner) = Arc::into_inner(inner) else {
            return Err(Error::Damaged("a transaction was kept beyond its end".to_owned()));
        };
        let outcome = match outcome {
            Ok(done) => self.write_news(&inner, &topics).await.map(|counted| (done, counted)),
            Err(error) => Err(error),
        };
        match outcome {
            Ok((done, counted)) => {
                inner.commit().await?;
                topics.into_iter().for_each(|topic| self.tell(topic));
                let happened = std::mem::take(&mut *happened.lock().unwrap_or_else(PoisonError::into_inner));
                self.remembered::<Counts>().add(happened);
                if counted {
                    self.spread_the_word().await;
                }
                Ok(done)
            }
            Err(error) => {
                // Dropped without a word it would keep its locks until its connection is used again. The error that led
                // here is the one to tell; a connection that cannot even roll back is closed by the pool.
                if let Err(error) = inner.rollback().await {
                    tracing::warn!(%error, "a transaction could not be rolled back");
                }
                Err(error)
            }
        }
    }

    async fn begin(&self) -> Result<DatabaseTransaction> {
        let sqlite = self.backend() == DbBackend::Sqlite;
        let options = TransactionOptions {
            sqlite_transaction_mode: sqlite.then_some(SqliteTransactionMode::Immediate),
            isolation_level: (!sqlite).then_some(IsolationLevel::ReadCommitted),
            ..Default::default()
        };
        if self.backend() != DbBackend::MySql {
            return self.connection.begin_with_options(options).await.map_err(Error::from);
        }
        // Left half way, as when a client hangs up, it would give a connection back in which the server has a transaction
        // open, and every later one on it would fail (1568). So it comes to its end, whoever still waits for it.
        let connection = self.connection.clone();
        let begun = tokio::spawn(async move { connection.begin_with_options(options).await });
        begun.await.map_err(|error| Error::Damaged(error.to_string()))?.map_err(Error::from)
    }
}

impl Acting for Tx {
    type Connection = Self;

    fn connection(&self) -> &Self {
        self
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn happens(&self, what: &'static str, kind: &'static str) {
        self.happened.lock().unwrap_or_else(PoisonError::into_inner).push((what, kind));
    }
}

impl Acting for Db {
    type Connection = DatabaseConnection;

    fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }

    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn happens(&self, what: &'static str, kind: &'static str) {
        self.count(what, kind);
    }
}

#[async_trait]
impl ConnectionTrait for Tx {
    fn get_database_backend(&self) -> DbBackend {
        self.inner.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.notice(&statement.sql);
        self.inner.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.notice(sql);
        self.inner.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.notice(&statement.sql);
        self.inner.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.notice(&statement.sql);
        self.inner.query_all_raw(statement).await
    }
}
