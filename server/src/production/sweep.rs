//! What work leaves behind on a machine: samples of titles that nobody works on any more, wherever the work ended, and copies
//! out of a bucket by a process that did not live to remove them. All of it can be made again.

use domain::production::jobs::at_work;
use domain::{Db, Result};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};
use uuid::Uuid;

/// What was touched a moment ago may belong to a job that is only now being asked for.
const YOUNG: Duration = Duration::from_secs(60 * 60);
/// A copy is used by one step, which lasts no longer.
const COPY_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes the folders below `titles` whose titles have no unfinished job, and the files in `copies` that are too old to be in
/// use. Says how many there were. What cannot be removed stays until the next time.
///
/// # Errors
/// When the database fails.
pub async fn sweep(db: &Db, titles: &Path, copies: &Path) -> Result<u64> {
    let idle = older_than(titles.to_owned(), YOUNG).await;
    let named: Vec<(Uuid, PathBuf)> = idle.into_iter().filter_map(|path| Some((id_of(&path)?, path))).collect();
    let ids: Vec<Uuid> = named.iter().map(|(id, _)| *id).collect();
    let working: HashSet<Uuid> = at_work(db, &ids).await?;
    let mut gone = 0;
    for (_, folder) in named.into_iter().filter(|(id, _)| !working.contains(id)) {
        gone += u64::from(tokio::fs::remove_dir_all(&folder).await.is_ok());
    }
    for copy in older_than(copies.to_owned(), COPY_AGE).await {
        gone += u64::from(tokio::fs::remove_file(&copy).await.is_ok());
    }
    Ok(gone)
}

fn id_of(folder: &Path) -> Option<Uuid> {
    folder.file_name()?.to_str()?.parse().ok()
}

/// What lies in a folder and was not touched for so long; nothing where there is no folder.
async fn older_than(folder: PathBuf, age: Duration) -> Vec<PathBuf> {
    let look = move || {
        let old = |entry: &fs::DirEntry| {
            let modified = entry.metadata().and_then(|facts| facts.modified());
            modified.is_ok_and(|then| SystemTime::now().duration_since(then).is_ok_and(|is| is > age))
        };
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        entries.filter_map(|entry| entry.ok()).filter(old).map(|entry| entry.path()).collect()
    };
    tokio::task::spawn_blocking(look).await.unwrap_or_default()
}
