//! News of what was written, for those who wait for it: in this process as soon as the transaction is kept, and on
//! PostgreSQL in every other process of the shop as well (`LISTEN` and `NOTIFY`).

use super::Db;
use super::shelves::SHELVES;
use crate::Result;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::broadcast;

/// The channel of PostgreSQL on which servers tell each other.
pub(super) const CHANNEL: &str = "lectern";
const NOTIFY: &str = "SELECT pg_notify($1, $2)";
/// News kept for a listener that is busy. One that misses some is told so and looks for itself.
const KEPT: usize = 256;

/// Where news is given out in this process.
#[derive(Clone, Debug)]
pub(super) struct Announcements {
    sender: broadcast::Sender<String>,
    /// How often what shoppers see has changed.
    shelves: Arc<AtomicU64>,
}

impl Default for Announcements {
    fn default() -> Self {
        Self { sender: broadcast::Sender::new(KEPT), shelves: Arc::default() }
    }
}

impl Announcements {
    pub(super) fn announce(&self, topic: &str) {
        if topic == SHELVES {
            self.shelves.fetch_add(1, Ordering::SeqCst);
        }
        // Nobody may be listening.
        let _ = self.sender.send(topic.to_owned());
    }

    /// How often what shoppers see has changed, as far as this process has heard.
    pub(super) fn shelves(&self) -> u64 {
        self.shelves.load(Ordering::SeqCst)
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<String> {
        self.sender.subscribe()
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
}
