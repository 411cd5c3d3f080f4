//! The job that makes sizes.

use super::PictureOf;
use crate::jobs::{Job, Queue, Unique};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Makes the sizes of a picture. Done again it makes the same ones; a picture that is replaced while it is at it is done after
/// it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeSizes {
    pub of: PictureOf,
}

impl Job for MakeSizes {
    const KIND: &'static str = "catalog.cover";
    const QUEUE: Queue = Queue::Storage;
    const PRIORITY: i32 = -5;
    const TIME_LIMIT: Duration = Duration::from_secs(10 * 60);
    const NEEDS_PERSON: bool = true;

    fn unique(&self) -> Unique {
        Unique::Waiting(format!("catalog.cover:{}", self.of))
    }
}
