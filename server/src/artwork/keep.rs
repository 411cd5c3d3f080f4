//! Taking a picture in: whatever calls itself one, from whoever it comes.

use super::{BrokeOff, media_type};
use crate::decoding::pictures::Reader;
use crate::storage::{self, Storage, cover_key};
use bytes::Bytes;
use domain::Db;
use domain::production::orphans;
use pictures::Refusal;
use sha2::Digest as _;

/// Why a picture is not kept.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// For whoever sent it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Storage(#[from] storage::Error),
    #[error(transparent)]
    Domain(#[from] domain::Error),
    #[error(transparent)]
    BrokeOff(#[from] BrokeOff),
}

/// Looks into a picture, to its last pixel, and stores it as it came, under its checksum. Whoever calls this names the key
/// that comes back within a day. Done again it ends the same.
///
/// # Errors
/// [`Failure::Refused`] when it is none that the shop takes; else when storage or database fail.
pub async fn keep(db: &Db, storage: &dyn Storage, bytes: Bytes) -> Result<String, Failure> {
    let extension = Reader::default().look(&bytes).await??;
    let key = cover_key(&hex::encode(sha2::Sha256::digest(&bytes)), extension);
    // From here to the row that names it, nobody cleans it away.
    orphans::reserve(db, &key).await?;
    storage.put_bytes(&key, bytes, media_type(&key)).await?;
    Ok(key)
}
