//! Telling of what was written, and hearing of it: in this process as soon as the transaction is kept, and on PostgreSQL in
//! every other process of the shop as well (`LISTEN` and `NOTIFY`).

use super::Db;
use crate::{Error, Result};
use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::broadcast::{self, error::RecvError};

/// The channel of PostgreSQL on which servers tell each other.
const CHANNEL: &str = "lectern";
const NOTIFY: &str = "SELECT pg_notify($1, $2)";

/// Hears of one topic.
#[derive(Debug)]
pub struct News {
    topic: &'static str,
    receiver: broadcast::Receiver<String>,
}

impl News {
    /// Returns when there was news since it was listened for, or since the last time.
    pub async fn next(&mut self) {
        loop {
            match self.receiver.recv().await {
                Ok(topic) if topic == self.topic => break,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
        // One look finds all that was told of by now.
        self.receiver = self.receiver.resubscribe();
    }
}

impl Db {
    /// What a transaction writes of its news, last of all; says whether it counted as a change to what servers share.
    pub(super) async fn write_news(&self, tx: &impl ConnectionTrait, topics: &BTreeSet<&'static str>) -> Result<bool> {
        if self.backend() == DbBackend::Postgres {
            for topic in topics {
                // Sent by the database when it commits.
                let values = [CHANNEL.into(), (*topic).into()];
                tx.execute_raw(Statement::from_sql_and_values(DbBackend::Postgres, NOTIFY, values)).await?;
            }
        }
        self.count_change(tx, topics).await
    }

    /// Listens for news of a topic from now on.
    pub fn news(&self, topic: &'static str) -> News {
        News { topic, receiver: self.announcements.listen() }
    }

    /// After how long those who wait for news look for themselves, because some may not be heard: of other processes on
    /// SQLite, of other servers on MariaDB, unless a messenger goes between them, or while the connection that listens is
    /// away.
    pub fn look_again_after(&self) -> Duration {
        match self.backend() {
            DbBackend::Postgres => Duration::from_secs(5),
            _ => self.heard_again_after().unwrap_or(Duration::from_millis(250)),
        }
    }

    fn heard_again_after(&self) -> Option<Duration> {
        self.messenger.as_ref()?.look_again_after()
    }

    /// Passes on what other servers of the shop announce, for as long as the connection lasts. Where the database has no
    /// way to tell, it never ends, and hears by a messenger or not at all.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn pass_on_news(&self) -> Result<()> {
        if self.backend() != DbBackend::Postgres {
            let announcements = &self.announcements;
            return match &self.messenger {
                Some(messenger) => {
                    messenger.pass_on(&|topic: String| announcements.announce(&topic)).await;
                    Ok(())
                }
                None => std::future::pending().await,
            };
        }
        let failed = |error: sea_orm::sqlx::Error| Error::Damaged(format!("listening for news broke off: {error}"));
        let mut listener =
            PgListener::connect_with(self.connection.get_postgres_connection_pool()).await.map_err(failed)?;
        listener.listen(CHANNEL).await.map_err(failed)?;
        loop {
            let news = listener.recv().await.map_err(failed)?;
            self.announcements.announce(news.payload());
        }
    }
}
