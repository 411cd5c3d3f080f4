//! A way by which the processes of a shop hear of each other where their database has none.

use super::Db;
use async_trait::async_trait;
use sea_orm::DbBackend;
use std::sync::Arc;
use std::time::Duration;

/// Carries news between the processes of a shop. It may lose some: those who wait look for themselves after a while.
#[async_trait]
pub trait Messenger: std::fmt::Debug + Send + Sync {
    /// Tells the other processes, without waiting until they know.
    fn tell(&self, topic: &'static str);

    /// Gives out what the others tell. It never ends: while they are not heard it tries to hear them again.
    async fn pass_on(&self, heard: &(dyn Fn(String) + Send + Sync));

    /// After how long those who wait for news look for themselves all the same; `None` while the others are not heard.
    fn look_again_after(&self) -> Option<Duration>;
}

impl Db {
    /// The same database, with a messenger between the processes that use it. PostgreSQL needs none: it tells of news
    /// itself, together with the commit.
    #[must_use]
    pub fn with_messenger(&self, messenger: Arc<dyn Messenger>) -> Self {
        let messenger = (self.backend() != DbBackend::Postgres).then_some(messenger);
        Self { messenger, ..self.clone() }
    }

    /// Tells those who wait in this process, and by the messenger those in others.
    pub(super) fn tell(&self, topic: &'static str) {
        self.announcements.announce(topic);
        if let Some(messenger) = &self.messenger {
            messenger.tell(topic);
        }
    }
}
