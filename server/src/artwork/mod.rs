//! Covers and portraits: looked into before they are kept, and made into the sizes of pages in a job.
//!
//! Reading a large picture takes some hundred megabytes and a second of a processor: one at a time is read in a process.

mod drawn;
mod keep;
mod sizes;
#[cfg(test)]
mod tests;

pub use drawn::{Drawings, SHARED_SIDE};
pub use keep::{Failure, keep};
pub use sizes::make_sizes;

use std::sync::Arc;
use tokio::sync::Semaphore;

/// Who may read a picture now.
static DESK: Semaphore = Semaphore::const_new(1);

/// What came of work on a picture.
#[derive(Debug, thiserror::Error)]
#[error("work on a picture broke off")]
pub struct BrokeOff;

/// Does such work when it is its turn.
async fn at_the_desk<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, BrokeOff> {
    // Never closed.
    let _seat = DESK.acquire().await.map_err(|_| BrokeOff)?;
    on_a_thread(work).await
}

/// Does what computes for long where it is in nobody's way.
async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, BrokeOff> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "work on a picture broke off");
        BrokeOff
    })
}

/// Bytes that several may hold.
pub type Shared = Arc<[u8]>;

/// The media type of a picture, by the ending that the shop itself gave its key.
pub fn media_type(key: &str) -> &'static str {
    match key.rsplit_once('.').map(|(_, ending)| ending) {
        Some("jpg") => "image/jpeg",
        Some("png") => "image/png",
        Some("webp") => "image/webp",
        Some("gif") => "image/gif",
        Some("bmp") => "image/bmp",
        _ => "application/octet-stream",
    }
}
