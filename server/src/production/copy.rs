//! Copies for players, of recordings that browsers do not play or go about in as they should. The original stays as it came.

use super::step::{StepRun, Workshop};
use crate::decoding::DecodingError;
use crate::jobs::JobError;
use crate::storage::{self, LocalCopy};
use domain::jobs::Claim;
use domain::production::copies::{self, Missing};
use domain::production::{CopyReason, jobs, orphans};
use sound::AudioError;
use sound::facts::Obstacle;
use std::path::Path;

/// What a copy is.
const MEDIA_TYPE: &str = "audio/mp4";

/// Makes one copy; what else the title lacks is asked for with the word that this one is there.
pub async fn run(shop: Workshop, job: jobs::StreamCopy, claim: Claim) -> Result<(), JobError> {
    let job = &StepRun::new(shop, claim, job.audiobook_id);
    let Some(missing) = copies::missing(job.shop.db.read(), job.audiobook_id).await? else { return Ok(()) };
    let (db, id, file) = (&job.shop.db, job.audiobook_id, missing.source.file_id);
    if !missing.known {
        let Some(local) = original(job, &missing).await? else {
            return Ok(copies::looked(db, &job.claim, id, file, None).await?);
        };
        let facts = job.shop.decoder.look_into(local.path(), &missing.source.original_name, &job.shop.limits).await;
        let Some(facts) = unless_unusable(facts)? else {
            tracing::info!(%file, "a recording that is for sale cannot be looked into any more");
            return Ok(copies::looked(db, &job.claim, id, file, None).await?);
        };
        return Ok(copies::looked(db, &job.claim, id, file, reason(facts.obstacle)).await?);
    }
    // Where it was made before and not stored, it is there.
    let to = job.folder().await?.join(format!("{file}.m4a"));
    if !tokio::fs::try_exists(&to).await?
        && let Err(reason) = make(job, &missing, &to).await?
    {
        return Ok(copies::give_up(db, &job.claim, id, file, &reason).await?);
    }
    let size = i64::try_from(tokio::fs::metadata(&to).await?.len()).unwrap_or(i64::MAX);
    let key = storage::copy_key(&missing.source.sha256, job.claim.id);
    orphans::reserve(db, &key).await?;
    job.shop.storage.put_file(&key, &to, MEDIA_TYPE).await?;
    copies::keep(db, &job.claim, id, file, &key, size).await?;
    tokio::fs::remove_file(&to).await?;
    tracing::info!(title = %id, %file, size, "players have a copy of a recording");
    Ok(())
}

/// Makes the copy; the inner error is why it cannot be.
async fn make(job: &StepRun, missing: &Missing, to: &Path) -> Result<Result<(), String>, JobError> {
    let Some(local) = original(job, missing).await? else {
        return Ok(Err("The recording is missing from the storage.".to_owned()));
    };
    let made = job.shop.decoder.copy(local.path(), &missing.source.original_name, to, missing.duration_ms).await;
    match made {
        Err(DecodingError::Audio(AudioError::Unusable(reason)) | DecodingError::Harmful(reason)) => Ok(Err(reason)),
        made => Ok(made.map(|_| Ok(()))?),
    }
}

/// The recording as it came; nothing where it is gone from the storage, which keeps no other one from its copy.
async fn original(job: &StepRun, missing: &Missing) -> Result<Option<LocalCopy>, JobError> {
    match job.shop.storage.local_copy(&missing.source.storage_key).await {
        Err(storage::Error::NotFound(key)) => {
            tracing::warn!(%key, "a recording is missing from the storage");
            Ok(None)
        }
        found => Ok(Some(found?)),
    }
}

/// What was found, or nothing where the file is to blame.
fn unless_unusable<T>(found: Result<T, DecodingError>) -> Result<Option<T>, JobError> {
    match found {
        Err(DecodingError::Audio(AudioError::Unusable(_)) | DecodingError::Harmful(_)) => Ok(None),
        found => Ok(Some(found?)),
    }
}

/// Why players are given a copy, as the shop keeps it.
pub fn reason(obstacle: Option<Obstacle>) -> Option<CopyReason> {
    obstacle.map(|obstacle| match obstacle {
        Obstacle::Seeking => CopyReason::Seeking,
        Obstacle::Kind => CopyReason::Kind,
    })
}
