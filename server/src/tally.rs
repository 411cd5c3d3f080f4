//! What people look at is counted in memory; here it is written down once in a while.

use domain::Db;
use domain::figures::tally::flush;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How long a count waits in memory.
const EVERY: Duration = Duration::from_secs(60);

/// Writes down what is counted until asked to stop, and what is left then.
pub async fn keep(db: Db, stop: CancellationToken) {
    loop {
        let last = tokio::select! {
            () = stop.cancelled() => true,
            () = tokio::time::sleep(EVERY) => false,
        };
        if let Err(error) = flush(&db).await {
            // It is counted still, and tried again.
            tracing::warn!(%error, "what people look at was not written down");
        }
        if last {
            return;
        }
    }
}
