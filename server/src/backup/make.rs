//! Making an archive of a shop that is open.
//!
//! The database is copied first, as it is at one moment, and then the files. What it names was stored before it was named,
//! and is not cleaned away for a day after nothing names it any more; what is on its way in is held by a second name while
//! the copy is made, because it takes its place among the files at any moment.

use super::archive::{self, Writer};
use super::{ABOUT, About, DATABASE, FILES, FOLDERS, FORMAT, Held, Place, sync_folder};
use crate::Config;
use crate::storage::{self, Disk, Storage};
use anyhow::{Context, bail, ensure};
use domain::audit::{self, Action, Entry};
use domain::production::named;
use domain::production::uploads::{self, Growing};
use domain::{Actor, Db, Timestamp};
use futures::TryStreamExt;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::runtime::Handle;

/// How often it is begun anew when an upload took its place at that very moment.
const TRIES: u32 = 5;
/// What is read and written at once, in bytes.
const PIECE: usize = 1 << 20;
/// Missing files that are named.
const NAMED: usize = 10;

/// What was made.
#[derive(Debug)]
pub struct Made {
    pub about: About,
    /// Files of the storage.
    pub files: u64,
    /// Files that the database names and the storage does not have; the first of them by their keys.
    pub missing: u64,
    pub missing_first: Vec<String>,
}

/// Writes the shop into a new archive, reads that through again, and only then gives it its name.
///
/// # Errors
/// When there is no shop, the archive is there already, or the database, the storage or the disk fails.
pub async fn make(config: &Config, archive: &Path) -> anyhow::Result<Made> {
    let place = Place::of(config)?;
    ensure!(place.database.is_file(), "there is no shop here: {} is missing", place.database.display());
    ensure!(!archive.exists(), "{} is there already: name another file", archive.display());
    let held = Arc::new(place.hold()?);
    let db = Db::connect(&config.database_url(), 1).await.context("the database could not be reached")?;
    note(&db).await?;
    let storage: Arc<dyn Storage> = Arc::new(Disk::open(&place.storage).await?);
    let now = db.now();
    let (copy, coming) = copy(&db, &place, &held).await?;
    let about = about(&copy, now).await?;
    let draft = draft_of(archive);
    let work = Work { held: held.clone(), place, storage: storage.clone(), coming, now, draft: draft.clone(), about };
    let (about, files) = tokio::task::spawn_blocking(move || work.run(&Handle::current())).await??;
    let (missing, missing_first) = missing(&copy, &*storage).await?;
    fs::rename(&draft, archive)?;
    sync_folder(&folder_of(archive))?;
    Ok(Made { about, files, missing, missing_first })
}

/// Has the audit trail say that somebody took everybody's data along. A database from before this program does not take its
/// lines yet.
async fn note(db: &Db) -> anyhow::Result<()> {
    let missing = migrations::missing(db.read()).await;
    if missing.is_ok_and(|missing| missing.is_empty()) {
        let line = Entry::new(Action::BackupBegun);
        audit::record(&db.acting(Actor::operator()), line).await.context("the audit trail takes no line")?;
    }
    Ok(())
}

/// Under which name an archive grows.
fn draft_of(archive: &Path) -> PathBuf {
    let mut name = archive.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}

fn folder_of(archive: &Path) -> PathBuf {
    let folder = archive.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new(".")).to_owned()
}

/// Copies the database, and gives what is on its way in to the storage a second name. Returns the copy, and what is held.
async fn copy(db: &Db, place: &Place, held: &Held) -> anyhow::Result<(Db, Vec<Growing>)> {
    let file = held.folder.join(DATABASE);
    for _ in 0..TRIES {
        db.snapshot_into(&file).await.context("the database could not be copied")?;
        let copy = Db::open_snapshot(&file).await?;
        let growing = uploads::growing(&copy).await?;
        let mut kept = Vec::new();
        for upload in &growing {
            let name = upload.id.to_string();
            if second_name(&place.storage.join("staging").join(&name), &held.folder.join(&name))? {
                kept.push(*upload);
            }
        }
        // What is whole is found among the files by now; of the others nothing that was acknowledged may be lost.
        if growing.iter().all(|upload| upload.whole || kept.contains(upload)) {
            return Ok((copy, kept));
        }
        drop(copy);
        fs::remove_file(&file)?;
    }
    bail!("uploads came to their end each time that the database was copied: try again in a moment")
}

/// Holds a file by another name, or as a copy where that is on another disk. Whether there was one.
fn second_name(file: &Path, held: &Path) -> io::Result<bool> {
    gone_is_well(fs::remove_file(held))?;
    gone_is_well(fs::hard_link(file, held).or_else(|_| fs::copy(file, held).map(drop)))
}

/// Whether it was done, rather than that the file was not there.
fn gone_is_well(done: io::Result<()>) -> io::Result<bool> {
    match done {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

async fn about(copy: &Db, now: Timestamp) -> anyhow::Result<About> {
    let steps = migrations::done(copy.read())
        .await
        .context("the schema of the database is none that this program knows: a newer one made it")?;
    let schema = steps.last().context("the database is empty")?.clone();
    Ok(About {
        format: FORMAT,
        lectern: env!("CARGO_PKG_VERSION").to_owned(),
        made_at: now.rfc3339(),
        schema,
        steps: steps.len(),
    })
}

/// Looks in the storage for what the copy of the database names.
async fn missing(copy: &Db, storage: &dyn Storage) -> anyhow::Result<(u64, Vec<String>)> {
    let (mut number, mut first) = (0, Vec::new());
    let mut pages = std::pin::pin!(named::all(copy));
    while let Some(keys) = pages.try_next().await? {
        for key in keys {
            match storage.size(&key).await {
                Ok(_) => {}
                Err(storage::Error::NotFound(key)) => {
                    number += 1;
                    first.extend((first.len() < NAMED).then_some(key));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok((number, first))
}

/// What is done by a thread that may wait for the disk.
struct Work {
    held: Arc<Held>,
    place: Place,
    storage: Arc<dyn Storage>,
    coming: Vec<Growing>,
    now: Timestamp,
    draft: PathBuf,
    about: About,
}

impl Work {
    /// Writes the archive, and reads it through again. Returns what that says of itself, and how many files are in it.
    fn run(self, handle: &Handle) -> anyhow::Result<(About, u64)> {
        let cannot = || format!("{} cannot be written", self.draft.display());
        // Left by one that was killed.
        gone_is_well(fs::remove_file(&self.draft)).with_context(cannot)?;
        let file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&self.draft);
        let file = file.with_context(cannot)?;
        let files = self.write(file, handle).with_context(cannot)?;
        let archive = BufReader::with_capacity(PIECE, File::open(&self.draft)?);
        let about = archive::read(archive, tempfile::tempfile_in(&self.held.folder)?, |_, content| {
            io::copy(content, &mut io::sink())?;
            Ok(())
        });
        let about = about.context("what was written cannot be read back: the disk may be failing")?;
        ensure!(about == self.about, "what was written is not what is read back: the disk may be failing");
        Ok((about, files))
    }

    fn write(&self, file: File, handle: &Handle) -> anyhow::Result<u64> {
        let sums = tempfile::tempfile_in(&self.held.folder)?;
        let mut writer = Writer::new(BufWriter::with_capacity(PIECE, file), sums);
        let now = u64::try_from(self.now.0 / 1000).unwrap_or_default();
        let mut about = serde_json::to_vec_pretty(&self.about)?;
        about.push(b'\n');
        writer.add(ABOUT, about.len() as u64, now, about.as_slice())?;
        add_file(&mut writer, DATABASE, &self.held.folder.join(DATABASE), None)?;
        let mut files = 0;
        for Growing { id, received, .. } in &self.coming {
            let path = self.held.folder.join(id.to_string());
            let known = u64::try_from(*received).ok();
            files += u64::from(add_file(&mut writer, &format!("{FILES}staging/{id}"), &path, known)?);
        }
        for folder in &FOLDERS[1..] {
            let mut after = None;
            loop {
                let page = handle.block_on(self.storage.list(folder, after.as_deref()))?;
                for stored in page.stored {
                    let path = self.place.storage.join(&stored.key);
                    files += u64::from(add_file(&mut writer, &format!("{FILES}{}", stored.key), &path, None)?);
                }
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
        }
        let mut file = writer.finish(now)?;
        file.flush()?;
        file.get_ref().sync_all()?;
        Ok(files)
    }
}

/// Adds a file, or its first bytes, as many as are given; nothing where it has gone in the meantime. Whether it was there.
fn add_file(writer: &mut Writer<impl Write>, name: &str, path: &Path, bytes: Option<u64>) -> anyhow::Result<bool> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error).with_context(|| format!("{} cannot be read", path.display())),
    };
    let facts = file.metadata()?;
    let since = facts.modified().ok().and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
    writer.add(name, bytes.unwrap_or(facts.len()), since.map_or(0, |since: Duration| since.as_secs()), file)?;
    Ok(true)
}
