//! One request at a time writes an upload.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

/// The uploads that are being written by this process.
#[derive(Clone, Debug, Default)]
pub struct Locks(Arc<Mutex<HashSet<Uuid>>>);

/// The right to write an upload, until it is dropped.
#[derive(Debug)]
pub struct UploadLockGuard {
    locks: Locks,
    id: Uuid,
}

impl Locks {
    /// Waits for the right as long as `patience`: a request that was just cut takes a moment to notice.
    pub async fn hold(&self, id: Uuid, patience: Duration) -> Option<UploadLockGuard> {
        let deadline = Instant::now() + patience;
        loop {
            if self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id) {
                return Some(UploadLockGuard { locks: self.clone(), id });
            }
            if Instant::now() >= deadline {
                return None;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for UploadLockGuard {
    fn drop(&mut self) {
        self.locks.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}
