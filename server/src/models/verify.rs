//! Whether a model file is what it should be.

use super::known::KnownModel;
use super::record::Record;
use sha1::Digest as _;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// The checksums of a file, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    pub sha1: String,
    pub sha256: String,
    /// In bytes.
    pub size: u64,
}

/// Whether a file begins as one that a writing model is in does. Blocks.
///
/// # Errors
/// When it cannot be read.
pub fn is_gguf(path: &Path) -> std::io::Result<bool> {
    let mut begin = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut begin)?;
    Ok(begin == b"GGUF")
}

/// Reads a file through. Blocks.
///
/// # Errors
/// When it cannot be read.
pub fn sums(path: &Path) -> std::io::Result<Sums> {
    sums_while(path, || true)
}

/// As [`sums`], as long as it may go on.
fn sums_while(path: &Path, may_go_on: impl Fn() -> bool) -> std::io::Result<Sums> {
    let mut file = File::open(path)?;
    let (mut sha1, mut sha256, mut size) = (sha1::Sha1::new(), sha2::Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        if !may_go_on() {
            return Err(std::io::ErrorKind::TimedOut.into());
        }
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        sha1.update(&buffer[..read]);
        sha256.update(&buffer[..read]);
        size += read as u64;
    }
    Ok(Sums { sha1: hex::encode(sha1.finalize()), sha256: hex::encode(sha256.finalize()), size })
}

/// What was found out about a model file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is what its publisher or the hub stated; who that was.
    Good(String),
    /// It is not.
    Wrong(String),
    /// Nobody stated a checksum for it.
    Unknown,
}

/// Compares a file with what its publisher states, or with what was recorded when it was pulled. Blocks.
///
/// # Errors
/// When it cannot be read.
pub fn verify(path: &Path, known: Option<&KnownModel>) -> std::io::Result<Verdict> {
    verify_while(path, known, || true)
}

/// As [`verify`], as long as it may go on.
///
/// # Errors
/// As that; one of the kind [`std::io::ErrorKind::TimedOut`] when it might not go on.
pub fn verify_while(path: &Path, known: Option<&KnownModel>, may_go_on: impl Fn() -> bool) -> std::io::Result<Verdict> {
    let sums = sums_while(path, may_go_on)?;
    if let Some(stated) = known.and_then(|model| model.sha1) {
        return Ok(if stated == sums.sha1 {
            Verdict::Good("whisper.cpp's models/README.md".into())
        } else {
            Verdict::Wrong(format!("its SHA-1 is {}, whisper.cpp states {stated}", sums.sha1))
        });
    }
    Ok(match Record::read(path)? {
        Some(record) if record.sha256 == sums.sha256 => Verdict::Good(record.source),
        Some(record) => Verdict::Wrong(format!(
            "its SHA-256 is {}, {} stated {} when it was pulled",
            sums.sha256, record.source, record.sha256
        )),
        None => Verdict::Unknown,
    })
}
