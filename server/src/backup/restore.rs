//! Putting a shop where there is none, out of an archive.
//!
//! All of it is unpacked beside its place and checked; then the folders of files take their places, and at last the
//! database, by which there is a shop. Killed between any two of these and run again it begins anew: as long as the
//! unpacked database lies beside its place, what is in the storage came out of an archive.

use super::archive::{self, Entry};
use super::{About, FOLDERS, Place, remove_folder, sync_folder};
use crate::private;
use anyhow::{Context, ensure};
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufReader, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What is read at once, in bytes.
const PIECE: usize = 1 << 20;
/// Where files wait until all are checked. No key begins with a dot, so no listing has them.
const UNPACKED: &str = ".restoring";
const ELSEWHERE: &str =
    "restore where no shop is yet: name another folder with LECTERN_DATA_DIR, or move this one away";

/// What is about to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    Begin,
    Unpack,
    /// Everything is unpacked and as it was written.
    PlaceFiles,
    PlaceDatabase,
    CleanUp,
}

/// Restores a shop. `reached` is told of everything that is about to be done; what it refuses goes no further.
///
/// # Errors
/// When there is a shop already, or the archive is damaged, of a newer version or none: then nothing is in place. When a
/// shop is opened there meanwhile, which keeps its database.
pub fn restore(
    place: &Place,
    archive: &Path,
    mut reached: impl FnMut(Stage) -> anyhow::Result<()>,
) -> anyhow::Result<About> {
    let file = File::open(archive).with_context(|| format!("{} cannot be read", archive.display()))?;
    let held = place.hold()?;
    let ground = Ground::new(place)?;
    ground.clear(&mut reached)?;
    let mut synced = PathBuf::new();
    let sums = tempfile::tempfile_in(&held.folder)?;
    let about = archive::read(BufReader::with_capacity(PIECE, file), sums, |entry, content| {
        reached(Stage::Unpack)?;
        match entry {
            Entry::Database => write(&ground.unpacked_database, content, true)?,
            Entry::File(key) => {
                let path = ground.unpacked.join(key);
                let folder = path.parent().unwrap_or(&ground.unpacked);
                if folder != synced {
                    // The files of one folder come one after the other.
                    ground.sync(&synced)?;
                    fs::create_dir_all(folder)?;
                    folder.clone_into(&mut synced);
                }
                write(&path, content, false)?;
            }
        }
        Ok(())
    })?;
    ground.sync(&synced)?;
    ground.settle(&mut reached)?;
    Ok(about)
}

/// Writes an entry into a file that is not there yet.
fn write(path: &Path, content: &mut dyn Read, private: bool) -> anyhow::Result<()> {
    let mode = if private { 0o600 } else { 0o666 };
    let file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(path);
    let mut file = file.with_context(|| format!("{} cannot be made", path.display()))?;
    io::copy(content, &mut file).with_context(|| format!("{} cannot be written", path.display()))?;
    file.sync_all()?;
    Ok(())
}

/// Where the shop is to be.
struct Ground<'a> {
    place: &'a Place,
    /// Where the database waits. It is there before any file takes its place, and gone once all have.
    unpacked_database: PathBuf,
    /// Where the files wait.
    unpacked: PathBuf,
}

impl<'a> Ground<'a> {
    fn new(place: &'a Place) -> anyhow::Result<Self> {
        private::folder(parent(&place.database))?;
        private::folder(&place.storage)?;
        Ok(Self { place, unpacked_database: beside(&place.database, UNPACKED), unpacked: place.storage.join(UNPACKED) })
    }

    /// # Errors
    /// When there is a shop, or what is left of one.
    fn no_shop(&self) -> anyhow::Result<()> {
        let database = &self.place.database;
        let length = fs::metadata(database).map_or(0, |facts| facts.len());
        ensure!(length == 0, "there is a database already at {}: {ELSEWHERE}", database.display());
        for end in ["-wal", "-journal"] {
            // SQLite would put into the new database what was meant for the one that is gone.
            let log = beside(database, end);
            ensure!(!log.exists(), "{} belongs to a database that is gone: {ELSEWHERE}", log.display());
        }
        Ok(())
    }

    /// As [`Self::no_shop`]. Where one was opened meanwhile, its files are not to be taken for those of the archive.
    fn still_no_shop(&self) -> anyhow::Result<()> {
        self.no_shop().or_else(|refusal| {
            fs::remove_file(&self.unpacked_database)?;
            Err(refusal)
        })
    }

    /// Sees that there is no shop, and removes what a restore left that was killed.
    fn clear(&self, reached: &mut impl FnMut(Stage) -> anyhow::Result<()>) -> anyhow::Result<()> {
        reached(Stage::Begin)?;
        self.no_shop()?;
        if self.unpacked_database.exists() {
            for folder in folders() {
                reached(Stage::Begin)?;
                remove_folder(&self.place.storage.join(folder))?;
            }
        }
        reached(Stage::Begin)?;
        remove_folder(&self.unpacked)?;
        ensure!(is_empty(&self.place.storage)?, "there are files in {}: {ELSEWHERE}", self.place.storage.display());
        match fs::remove_file(&self.unpacked_database) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        reached(Stage::Begin)?;
        private::folder(&self.unpacked)?;
        Ok(())
    }

    /// Puts what was checked in its place, unless a shop was opened there meanwhile.
    fn settle(&self, reached: &mut impl FnMut(Stage) -> anyhow::Result<()>) -> anyhow::Result<()> {
        self.still_no_shop()?;
        sync_folder(parent(&self.place.database))?;
        for folder in folders() {
            let (from, to) = (self.unpacked.join(folder), self.place.storage.join(folder));
            if !from.exists() {
                continue;
            }
            reached(Stage::PlaceFiles)?;
            remove_empty(&to)?;
            fs::rename(&from, &to).with_context(|| format!("{} cannot be put in place", to.display()))?;
        }
        sync_folder(&self.place.storage)?;
        reached(Stage::PlaceDatabase)?;
        self.still_no_shop()?;
        fs::rename(&self.unpacked_database, &self.place.database)?;
        sync_folder(parent(&self.place.database))?;
        reached(Stage::CleanUp)?;
        remove_folder(&self.unpacked)?;
        Ok(())
    }

    /// Makes a folder of unpacked files safe, with those above it.
    fn sync(&self, folder: &Path) -> io::Result<()> {
        folder.ancestors().take_while(|folder| folder.starts_with(&self.unpacked)).try_for_each(sync_folder)
    }
}

/// The folders of the storage.
fn folders() -> impl Iterator<Item = &'static str> {
    FOLDERS.iter().map(|folder| folder.trim_end_matches('/'))
}

/// A path whose last name has this at its end.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name: OsString = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

fn parent(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Whether there is no file below a folder.
fn is_empty(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_type()?.is_dir() || !is_empty(&entry.path())? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Removes a folder in which there are none but folders; well where there is none.
fn remove_empty(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        remove_empty(&entry?.path())?;
    }
    fs::remove_dir(folder)
}
