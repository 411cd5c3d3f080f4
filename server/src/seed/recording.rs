//! A sample recording on its way into storage.

use super::catalogue::Title;
use crate::AppState;
use crate::storage::{audio_key, media_type};
use anyhow::Context;
use domain::production::import::Recording;
use domain::production::orphans;
use sha2::{Digest, Sha256};
use std::path::Path;
use tokio::io::AsyncReadExt;

/// Bytes read at once.
const BLOCK: usize = 64 * 1024;

/// Puts a recording into storage, where it is not there yet.
///
/// # Errors
/// When the file cannot be read or the storage fails.
pub async fn store(state: &AppState, path: &Path, title: &Title) -> anyhow::Result<Recording> {
    let (sha256, size) = checksum(path).await.with_context(|| format!("{} could not be read", path.display()))?;
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or("bin");
    let (codec, sample_rate) = if extension == "mp3" { ("mp3", 22_050) } else { ("opus", 48_000) };
    let storage_key = audio_key(&sha256, extension);
    let media_type = media_type(&storage_key);
    // Also where it is there already: nothing may have named it for long.
    orphans::reserve(&state.db, &storage_key).await?;
    if state.storage.size(&storage_key).await.ok() != u64::try_from(size).ok() {
        state.storage.put_file(&storage_key, path, media_type).await?;
    }
    Ok(Recording {
        storage_key,
        sha256,
        size,
        media_type: media_type.to_owned(),
        file_name: title.audio.clone(),
        codec: codec.to_owned(),
        sample_rate,
        channels: 1,
        duration_ms: title.duration_ms,
        chapters: title.chapters(),
        sample: (title.sample.start_ms, title.sample.end_ms),
    })
}

/// SHA-256 in hexadecimal, and the size in bytes.
async fn checksum(path: &Path) -> std::io::Result<(String, i64)> {
    let mut file = tokio::fs::File::open(path).await?;
    let (mut hash, mut size, mut block) = (Sha256::new(), 0_i64, vec![0; BLOCK]);
    loop {
        let read = file.read(&mut block).await?;
        if read == 0 {
            return Ok((hex::encode(hash.finalize()), size));
        }
        hash.update(&block[..read]);
        size += i64::try_from(read).unwrap_or(i64::MAX);
    }
}
