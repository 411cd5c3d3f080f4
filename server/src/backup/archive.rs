//! Writing an archive entry by entry, and reading it so. No entry is in memory as a whole, and no list of them either.

use super::{ABOUT, About, DATABASE, FILES, FOLDERS, SUMS};
use crate::storage::{self, Digest};
use anyhow::{Context, bail, ensure};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Seek, Write};
use tar::EntryType;

const NOT_OURS: &str = "this is no archive that `lectern backup` made";
const DAMAGED: &str = "the archive is damaged or not all there";
/// The most that the first entry may have, in bytes.
const ABOUT_MAX: u64 = 64 * 1024;

/// What is read, counted and summed up on the way.
struct Summed<R> {
    from: R,
    digest: Digest,
    bytes: u64,
}

impl<R> Summed<R> {
    fn new(from: R) -> Self {
        Self { from, digest: Digest::default(), bytes: 0 }
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(buffer)?;
        self.digest.update(&buffer[..read]);
        self.bytes += read as u64;
        Ok(read)
    }
}

/// An archive that is being written.
pub struct Writer<W: Write> {
    tar: tar::Builder<W>,
    sums: BufWriter<File>,
}

impl<W: Write> Writer<W> {
    /// `sums` is an empty file for the checksums so far.
    pub fn new(to: W, sums: File) -> Self {
        Self { tar: tar::Builder::new(to), sums: BufWriter::new(sums) }
    }

    /// Adds an entry of `size` bytes that was last changed so many seconds after 1970.
    pub fn add(&mut self, name: &str, size: u64, changed: u64, content: impl Read) -> anyhow::Result<()> {
        let mut content = Summed::new(content.take(size));
        self.tar
            .append(&header(name, size, changed)?, &mut content)
            .with_context(|| format!("{name} was not written"))?;
        ensure!(content.bytes == size, "{name} became shorter while it was read");
        writeln!(self.sums, "{}  {name}", content.digest.finish())?;
        Ok(())
    }

    /// Adds the checksums, and ends the archive.
    pub fn finish(mut self, changed: u64) -> anyhow::Result<W> {
        let mut sums = self.sums.into_inner()?;
        let size = sums.stream_position()?;
        sums.rewind()?;
        self.tar.append(&header(SUMS, size, changed)?, sums)?;
        Ok(self.tar.into_inner()?)
    }
}

fn header(name: &str, size: u64, changed: u64) -> anyhow::Result<tar::Header> {
    let mut header = tar::Header::new_ustar();
    header.set_path(name).with_context(|| format!("{name} is too long a name for an archive"))?;
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o600);
    header.set_size(size);
    header.set_mtime(changed);
    header.set_cksum();
    Ok(header)
}

/// An entry of an archive.
#[derive(Clone, Copy, Debug)]
pub enum Entry<'a> {
    Database,
    /// A file, by its key in the storage.
    File(&'a str),
}

/// Reads an archive through and hands each entry to `take`, which reads it to its end. Whether all is as it was written
/// is known once this returns. `sums` is an empty file to keep the checksums in.
///
/// # Errors
/// When it is none, is from a newer version, is damaged or not all there, or names what could be outside the storage;
/// and whatever `take` says.
pub fn read(
    archive: impl Read,
    sums: File,
    mut take: impl FnMut(Entry<'_>, &mut dyn Read) -> anyhow::Result<()>,
) -> anyhow::Result<About> {
    let mut archive = tar::Archive::new(archive);
    let mut sums = BufWriter::new(sums);
    let mut about = None;
    let mut database = false;
    // Raw: it has no entries that change what the next one means, and none is followed.
    for entry in archive.entries()?.raw(true) {
        let wrong = if about.is_some() { DAMAGED } else { NOT_OURS };
        let mut entry = entry.context(wrong)?;
        ensure!(entry.header().entry_type() == EntryType::Regular, NOT_OURS);
        let (size, name) = (entry.size(), entry.header().path_bytes().into_owned());
        let name = String::from_utf8(name).ok().context(NOT_OURS)?;
        if let Some(about) = about.take_if(|_| database && name == SUMS) {
            compare(&mut entry, size, sums.into_inner()?)?;
            return Ok(about);
        }
        let mut content = Summed::new(&mut entry);
        if about.is_none() {
            ensure!(name == ABOUT && size <= ABOUT_MAX, NOT_OURS);
            let said: About = serde_json::from_reader(&mut content).context(NOT_OURS)?;
            said.fits()?;
            about = Some(said);
        } else if database {
            take(Entry::File(key(&name)?), &mut content)?;
        } else {
            ensure!(name == DATABASE, NOT_OURS);
            take(Entry::Database, &mut content)?;
            database = true;
        }
        ensure!(content.bytes == size, DAMAGED);
        writeln!(sums, "{}  {name}", content.digest.finish())?;
    }
    bail!("{}", if about.is_some() { DAMAGED } else { NOT_OURS })
}

/// The key of a file, if it can be one.
fn key(name: &str) -> anyhow::Result<&str> {
    let key = name.strip_prefix(FILES).filter(|key| FOLDERS.iter().any(|folder| key.starts_with(folder)));
    let key = key.and_then(|key| storage::checked(key).ok());
    key.with_context(|| format!("{NOT_OURS}: it names {name:?}, which is no file of a shop"))
}

/// Compares the checksums that an archive states, in `size` bytes, with those of what was in it.
fn compare(stated: &mut impl Read, size: u64, mut found: File) -> anyhow::Result<()> {
    found.rewind()?;
    let (mut found, mut stated) = (BufReader::new(found), BufReader::new(stated));
    let (mut line, mut said) = (Vec::new(), Vec::new());
    let mut compared = 0;
    loop {
        line.clear();
        let read = found.read_until(b'\n', &mut line)?;
        if read == 0 {
            break;
        }
        said.resize(read, 0);
        let same = stated.read_exact(&mut said).is_ok() && said == line;
        // After the checksum and two spaces.
        let name = String::from_utf8_lossy(line.get(66..).unwrap_or_default());
        ensure!(same, "{DAMAGED}: {} is not what was written", name.trim());
        compared += read as u64;
    }
    ensure!(compared == size, "{DAMAGED}: entries are missing");
    Ok(())
}
