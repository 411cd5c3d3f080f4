//! Removing what nobody goes on with.

use super::Uploads;
use super::finish::Failure;
use crate::storage::UploadState;
use domain::production::uploads;
use std::time::Duration;

/// Uploads looked at in one go.
const AT_ONCE: u64 = 100;
/// Bytes without a row, left by a crash, go when they are this much older than uploads are kept.
const MARGIN: Duration = Duration::from_secs(24 * 60 * 60);

/// Gives up expired uploads and removes what they left. Returns how many went.
///
/// # Errors
/// When the database or the storage fails; what went before stays gone.
pub async fn clean(service: &Uploads) -> Result<u64, Failure> {
    let mut gone = 0;
    loop {
        let expired = uploads::expired(&service.db, AT_ONCE).await?;
        let mut closed = 0;
        for upload in &expired {
            // Somebody goes on with it at this very moment.
            let Some(_held) = service.locks.hold(upload.id, Duration::ZERO).await else { continue };
            uploads::expire(&service.db, upload.id).await?;
            let state = upload.storage_state.as_deref().map(UploadState::from_json).transpose()?;
            if let Some(state) = state {
                service.storage.abort_upload(&state).await?;
            }
            closed += 1;
        }
        gone += closed;
        if closed == 0 {
            break;
        }
    }
    let kept = Duration::from_millis(u64::try_from(service.keep_ms).unwrap_or(0));
    let open = uploads::open(&service.db).await?;
    Ok(gone + service.storage.sweep(kept + MARGIN, &open).await?)
}
