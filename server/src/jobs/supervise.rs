//! Keeps alive what must not end while the shop is open.

use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Pause before what has ended is started again.
const PAUSE: Duration = Duration::from_secs(1);

/// Runs what `start` makes until asked to stop; what panics or ends before is noticed and started again.
pub async fn supervise<F>(what: &str, stop: CancellationToken, start: impl Fn() -> F)
where
    F: Future<Output = ()>,
{
    loop {
        let ended = AssertUnwindSafe(async { start().await }).catch_unwind().await;
        if stop.is_cancelled() {
            return;
        }
        match ended {
            Ok(()) => tracing::warn!(what, "ended and is started again"),
            Err(panic) => tracing::error!(what, panic = said(&panic), "panicked and is started again"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
}

/// What a panic said.
pub(super) fn said(panic: &Box<dyn std::any::Any + Send>) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}
