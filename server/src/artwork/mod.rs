//! Covers and portraits: looked into before they are kept, and made into the sizes of pages in a job. What people send is read
//! in a process of its own ([`crate::decoding::pictures`]); what the shop draws itself, here.

mod drawn;
mod keep;
mod sizes;
#[cfg(test)]
mod tests;

pub use drawn::{Drawings, SHARED_SIDE};
pub use keep::{Failure, keep};
pub use sizes::make_sizes;

pub use crate::decoding::pictures::BrokeOff;
use std::sync::Arc;

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
