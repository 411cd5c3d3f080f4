//! Taking the bytes of one request, and acknowledging them as they become safe.

use super::Uploads;
use crate::storage::{self, UploadState, UploadWriter};
use bytes::Bytes;
use domain::production::uploads::{self, Upload};
use futures::{Stream, StreamExt};
use sha2::digest::DynDigest;
use std::time::Duration;
use tokio::time::timeout;

/// Bytes after which what came is made safe and acknowledged, so that a killed server loses no more than these.
const CHECKPOINT: u64 = 8 * 1024 * 1024;
/// A sender that is silent for so long is taken for gone, and the upload is free for the next request.
const SILENCE: Duration = Duration::from_secs(20);

/// Why a request did not bring all it announced. What was acknowledged before stays.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("the sender went away")]
    Cut,
    #[error("more came than the file has")]
    TooLong,
    #[error("the checksum does not fit what came")]
    Mismatch,
    #[error(transparent)]
    Storage(#[from] storage::Error),
    #[error(transparent)]
    Domain(#[from] domain::Error),
}

/// What the bytes of one request must add up to.
pub struct Checksum {
    expected: Vec<u8>,
    sum: Box<dyn DynDigest + Send>,
}

impl Checksum {
    /// For one of the algorithms `sha1` and `sha256`; `None` for any other.
    pub fn new(algorithm: &str, expected: Vec<u8>) -> Option<Self> {
        let sum: Box<dyn DynDigest + Send> = match algorithm {
            "sha1" => Box::new(sha1::Sha1::default()),
            "sha256" => Box::new(sha2::Sha256::default()),
            _ => return None,
        };
        Some(Self { expected, sum })
    }

    fn fits(self) -> bool {
        *self.sum.finalize() == *self.expected
    }
}

impl std::fmt::Debug for Checksum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checksum").field("expected", &hex::encode(&self.expected)).finish_non_exhaustive()
    }
}

/// Takes the bytes after `upload.received`. With a checksum all of them are taken or none.
///
/// # Errors
/// [`Trouble`]; the upload can be gone on with after each of them.
#[tracing::instrument(name = "upload.receive", skip_all, fields(id = %upload.id, size = upload.size))]
pub async fn receive<E>(
    service: &Uploads,
    upload: Upload,
    mut checksum: Option<Checksum>,
    mut body: impl Stream<Item = Result<Bytes, E>> + Unpin,
) -> Result<Upload, Trouble> {
    let state = UploadState::from_json(upload.storage_state.as_deref().unwrap_or_default())?;
    let writer = service.storage.write_upload(&state).await?;
    // Another process may have gone on with it since the row was read; from here on it is held.
    if uploads::get(&service.db, upload.id).await?.storage_state != upload.storage_state {
        return Err(domain::Error::conflict("upload.overtaken").into());
    }
    let mut intake = Intake { service, writer, written: state.offset, upload };
    let whole = loop {
        let Ok(next) = timeout(SILENCE, body.next()).await else { break false };
        let bytes = match next {
            None => break true,
            Some(Err(_)) => break false,
            Some(Ok(bytes)) => bytes,
        };
        if let Some(checksum) = &mut checksum {
            checksum.sum.update(&bytes);
        }
        intake.take(bytes).await?;
        if checksum.is_none() && intake.unsafe_bytes() >= CHECKPOINT {
            intake.acknowledge().await?;
        }
    };
    if let Some(checksum) = checksum {
        // What was cut cannot be checked.
        if !whole {
            return Err(Trouble::Cut);
        }
        if !checksum.fits() {
            return Err(Trouble::Mismatch);
        }
    }
    intake.acknowledge().await?;
    if whole { Ok(intake.upload) } else { Err(Trouble::Cut) }
}

struct Intake<'a> {
    service: &'a Uploads,
    writer: Box<dyn UploadWriter>,
    written: u64,
    upload: Upload,
}

impl Intake<'_> {
    fn acknowledged(&self) -> u64 {
        u64::try_from(self.upload.received).unwrap_or(0)
    }

    fn unsafe_bytes(&self) -> u64 {
        self.written - self.acknowledged()
    }

    async fn take(&mut self, bytes: Bytes) -> Result<(), Trouble> {
        let written = self.written + bytes.len() as u64;
        if i64::try_from(written).is_ok_and(|written| written <= self.upload.size) {
            self.writer.write(bytes).await?;
            self.written = written;
            Ok(())
        } else {
            Err(Trouble::TooLong)
        }
    }

    async fn acknowledge(&mut self) -> Result<(), Trouble> {
        if self.unsafe_bytes() == 0 {
            return Ok(());
        }
        let state = self.writer.checkpoint().await?;
        let to = i64::try_from(state.offset).map_err(|_| Trouble::TooLong)?;
        let service = self.service;
        self.upload = uploads::advance(&service.db, &self.upload, to, &state.to_json()?, service.keep_ms).await?;
        Ok(())
    }
}
