//! The whole shop in one archive: a database of SQLite, and the files of a folder.
//!
//! The archive is a tar (POSIX.1-1988, ustar), so that it can be looked into without this program. In this order it holds
//! `lectern.json`, which says what it is; `lectern.db`; the files as `storage/<key>`; and `SHA256SUMS` of all of them, as
//! `sha256sum --check` reads it.

mod archive;
mod make;
mod restore;
#[cfg(test)]
mod tests;

pub use make::{Made, make};
pub use restore::{Stage, restore};

use crate::config::StorageKind;
use crate::{Config, private};
use anyhow::{Context, bail, ensure};
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

const ABOUT: &str = "lectern.json";
const DATABASE: &str = "lectern.db";
const FILES: &str = "storage/";
const SUMS: &str = "SHA256SUMS";
/// Changes when archives are put together in another way.
const FORMAT: u32 = 1;
/// What the keys of all files begin with. What is on its way in comes first: meanwhile it may take its place further on.
const FOLDERS: [&str; 5] = ["staging/", "audio/", "covers/", "samples/", "copies/"];

/// What an archive says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    pub format: u32,
    /// The version of the program that made it.
    pub lectern: String,
    /// When the database was as it is in there (RFC 3339).
    pub made_at: String,
    /// The last step of the schema that its database has seen, and how many there were.
    pub schema: String,
    pub steps: usize,
}

impl About {
    /// # Errors
    /// When a newer program made it.
    fn fits(&self) -> anyhow::Result<()> {
        ensure!(
            self.format <= FORMAT && migrations::knows(&self.schema),
            "the archive is from a newer version (lectern {}, schema {}) than this program, lectern {}: restore it with \
             that one or a later",
            self.lectern,
            self.schema,
            env!("CARGO_PKG_VERSION")
        );
        Ok(())
    }
}

/// Where a shop is that fits into an archive.
#[derive(Clone, Debug)]
pub struct Place {
    pub database: PathBuf,
    pub storage: PathBuf,
    /// For what can be made again.
    pub work: PathBuf,
}

impl Place {
    /// # Errors
    /// When the shop is on a server for databases or in a bucket; the sentence names the commands that are for these.
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        let url = config.database_url();
        let Some(database) = config.database_file() else {
            let command = match url.split(':').next() {
                Some("postgres" | "postgresql") => "`pg_dump --format=custom` and `pg_restore`",
                Some("mysql" | "mariadb") => "`mariadb-dump --single-transaction` (or `mysqldump`) and `mariadb`",
                _ => bail!("the database is not in a file, so there is nothing to keep"),
            };
            bail!(
                "an archive holds a database of SQLite, and this shop's is on a server: use {command} for it, and then copy \
                 the files; the page on operations says how, under Backup"
            );
        };
        ensure!(
            config.storage.kind == StorageKind::Folder,
            "an archive holds the files of a folder, and this shop's are in a bucket: use `sqlite3 {} \".backup copy.db\"` \
             for the database, and then `rclone sync` or `aws s3 sync` for the bucket; the page on operations says how, \
             under Backup",
            database.display()
        );
        Ok(Self { database, storage: config.storage_path(), work: config.work_dir() })
    }

    /// Keeps others from making or restoring an archive here meanwhile, and gives an empty folder to work in, which goes
    /// with what is returned. What a process left there that was killed goes now.
    fn hold(&self) -> anyhow::Result<Held> {
        private::folder(&self.work)?;
        let lock = File::create(self.work.join("backup.lock"))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!("another backup or restore of this shop is under way"),
            Err(TryLockError::Error(error)) => return Err(error).context("the work folder cannot be locked"),
        }
        let held = Held { folder: self.work.join("backup"), _lock: lock };
        remove_folder(&held.folder)?;
        private::folder(&held.folder)?;
        Ok(held)
    }
}

/// A folder to work in that nobody else does.
struct Held {
    folder: PathBuf,
    _lock: File,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Err(error) = remove_folder(&self.folder) {
            tracing::warn!(%error, folder = %self.folder.display(), "what a backup worked with could not be removed");
        }
    }
}

/// Removes a folder and what is in it; well where there is none.
fn remove_folder(folder: &Path) -> std::io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Makes what was made or renamed in a folder safe against a crash of the machine.
fn sync_folder(folder: &Path) -> std::io::Result<()> {
    File::open(folder)?.sync_all()
}
