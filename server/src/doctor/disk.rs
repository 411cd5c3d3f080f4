//! Whether there is room.

use super::Finding;
use crate::Config;
use crate::config::StorageKind;
use std::io;
use std::path::{Path, PathBuf};

const OF: &str = "disk";
/// Below this the database, logs and small files are in danger.
pub const LEAST: u64 = 256 << 20;

/// Bytes that are free for the shop where a path is or would be.
///
/// # Errors
/// When the system does not say.
pub fn free(path: &Path) -> io::Result<u64> {
    let path = std::path::absolute(path)?;
    let there = path.ancestors().find(|path| path.exists()).unwrap_or(Path::new("/"));
    let facts = rustix::fs::statvfs(there)?;
    Ok(facts.f_bavail.saturating_mul(facts.f_frsize))
}

/// What needs how much room, in bytes.
fn needed(config: &Config) -> Vec<(&'static str, PathBuf, u64)> {
    let mut needed = vec![("work files", config.work_dir(), config.uploads.max_bytes)];
    if let Some(file) = config.database_file() {
        needed.push(("the database", file, LEAST));
    }
    if config.storage.kind == StorageKind::Folder {
        needed.push(("files", config.storage_path(), config.uploads.max_bytes));
    }
    needed
}

pub fn examine(config: &Config) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut least = u64::MAX;
    for (what, path, bytes) in needed(config) {
        match free(&path) {
            Ok(free) if free < bytes => found.push(Finding::wrong(
                OF,
                format!("{} is free for {what} at {}, and {} may be needed.", size(free), path.display(), size(bytes)),
                "Make room, or take smaller files: uploads.max_bytes is the largest.",
            )),
            Ok(free) => least = least.min(free),
            Err(error) => found.push(Finding::wrong(
                OF,
                format!("How much is free for {what} at {} cannot be said: {error}.", path.display()),
                "See whether its disk is there.",
            )),
        }
    }
    if found.is_empty() {
        let words = format!("{} is free; an upload has {} at most.", size(least), size(config.uploads.max_bytes));
        found.push(Finding::good(OF, words));
    }
    found
}

/// As people read it.
fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "rounded to one decimal")]
    let gib = bytes as f64 / f64::from(1 << 30);
    format!("{gib:.1} GiB")
}
