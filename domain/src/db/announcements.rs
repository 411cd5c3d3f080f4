//! News of what was written, for those of this process who wait for it.

use super::shelves::SHELVES;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::broadcast;

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
