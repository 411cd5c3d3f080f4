//! Files on their way in: receiving their bytes, and making parts of titles of them when all are there.

mod cleaning;
mod finish;
mod leftover;
mod locks;
mod receive;
mod sidecar;
mod sniff;

pub use cleaning::clean;
pub use finish::{Failure, Finished, finish, finish_within, give_up};
pub use leftover::finish_left_over;
pub use locks::{Locks, UploadLockGuard};
pub use receive::{Checksum, Trouble, receive};
pub use sidecar::file_tags;

use crate::decoding::Decoder;
use crate::storage::Storage;
use domain::Db;
use std::sync::Arc;

/// Files that are looked into at once.
const DECODERS: usize = 2;

/// What receiving needs.
#[derive(Clone, Debug)]
pub struct Uploads {
    pub db: Db,
    pub storage: Arc<dyn Storage>,
    pub locks: Locks,
    pub decoder: Decoder,
    /// The largest file taken, in bytes.
    pub limit: u64,
    /// How long an upload that nobody goes on with is kept, in milliseconds.
    pub keep_ms: i64,
}

impl Uploads {
    pub fn new(db: &Db, storage: &Arc<dyn Storage>, config: &crate::config::Uploads) -> Self {
        Self {
            db: db.clone(),
            storage: storage.clone(),
            locks: Locks::default(),
            decoder: Decoder::new(DECODERS),
            limit: config.max_bytes,
            keep_ms: config.expire_hours.saturating_mul(60 * 60 * 1000),
        }
    }
}
