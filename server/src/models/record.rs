//! What is known of a file that was pulled, kept beside it as `<file>.sum`.

use serde::{Deserialize, Serialize};
use std::io;
use std::path::{Path, PathBuf};

/// The checksums of a pulled file, and where they come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Of the file as it was pulled, in hexadecimal.
    pub sha256: String,
    /// Who vouches for it: `whisper.cpp's models/README.md` or the hub.
    pub source: String,
    pub url: String,
    /// In bytes.
    pub size: u64,
}

impl Record {
    pub fn path(model: &Path) -> PathBuf {
        let mut path = model.to_owned();
        path.as_mut_os_string().push(".sum");
        path
    }

    /// The record of a model file; `None` when it was not pulled by `lectern models pull`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(model: &Path) -> io::Result<Option<Self>> {
        match std::fs::read(Self::path(model)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, model: &Path) -> io::Result<()> {
        let path = Self::path(model);
        let mut partial = path.clone();
        partial.as_mut_os_string().push(".partial");
        std::fs::write(&partial, serde_json::to_vec_pretty(self)?)?;
        std::fs::rename(partial, path)
    }
}
