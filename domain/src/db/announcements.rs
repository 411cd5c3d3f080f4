//! News of what was written, for those who wait for it: in this process as soon as the transaction is kept, and on
//! PostgreSQL in every other process of the shop as well (`LISTEN` and `NOTIFY`).

use tokio::sync::broadcast;

/// The channel of PostgreSQL on which servers tell each other.
pub(super) const CHANNEL: &str = "lectern";
/// News kept for a listener that is busy. One that misses some is told so and looks for itself.
const KEPT: usize = 256;

/// Where news is given out in this process.
#[derive(Clone, Debug)]
pub(super) struct Announcements(broadcast::Sender<String>);

impl Default for Announcements {
    fn default() -> Self {
        Self(broadcast::Sender::new(KEPT))
    }
}

impl Announcements {
    pub(super) fn announce(&self, topic: &str) {
        // Nobody may be listening.
        let _ = self.0.send(topic.to_owned());
    }

    pub(super) fn listen(&self) -> broadcast::Receiver<String> {
        self.0.subscribe()
    }
}
