//! How parts of a page are drawn beside each other: as tasks whose lines in the log belong to the request as well.

use any_spawner::{CustomExecutor, Executor, PinnedFuture, PinnedLocalFuture};
use tracing::Instrument;

struct Beside;

impl CustomExecutor for Beside {
    fn spawn(&self, part: PinnedFuture<()>) {
        tokio::spawn(part.in_current_span());
    }

    fn spawn_local(&self, part: PinnedLocalFuture<()>) {
        tokio::task::spawn_local(part.in_current_span());
    }

    /// Tokio goes on by itself.
    fn poll_local(&self) {}
}

/// Chooses it for this process; a second call changes nothing.
pub fn begin() {
    if Executor::init_custom_executor(Beside).is_err() {
        tracing::trace!("how parts of a page are drawn had been chosen before");
    }
}
