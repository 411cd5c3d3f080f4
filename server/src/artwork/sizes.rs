//! The job that makes the sizes of a picture. Killed anywhere and done again it ends the same: what it stores lies under
//! names that its picture gives, and is shown once all of it is there.

use super::media_type;
use crate::AppState;
use crate::decoding::pictures::Reader;
use crate::jobs::JobError;
use crate::storage::Storage;
use bytes::{Bytes, BytesMut};
use domain::catalog::covers::{self, MakeSizes, naming};
use domain::jobs::Claim;
use domain::production::orphans;
use futures::TryStreamExt;

pub async fn make_sizes(state: AppState, job: MakeSizes, _: Claim) -> Result<(), JobError> {
    let Some(original) = covers::original(&state.db, job.of).await? else { return Ok(()) };
    let bytes = read(&*state.storage, &original).await?;
    let made = Reader::default().sizes(&bytes).await.map_err(|error| JobError::Again(format!("{error}.")))?;
    let made = match made {
        Ok(made) => made,
        Err(refusal) => {
            tracing::warn!(%refusal, key = original, "no cover can be made of a picture");
            return Ok(covers::give_up(&state.db, job.of, &original).await?);
        }
    };
    let base = naming::base(&original);
    for size in made {
        for (kind, bytes) in [("webp", size.webp), ("jpg", size.jpeg)] {
            let key = naming::size(&base, size.side, kind);
            orphans::reserve(&state.db, &key).await?;
            state.storage.put_bytes(&key, bytes.into(), media_type(&key)).await?;
        }
    }
    covers::made(&state.db, job.of, &original).await?;
    Ok(())
}

/// A picture, whole: it has at most as many bytes as are taken of one.
async fn read(storage: &dyn Storage, key: &str) -> Result<Bytes, JobError> {
    let size = storage.size(key).await?;
    let mut pieces = storage.read(key, 0..size).await?;
    let mut all = BytesMut::new();
    while let Some(piece) = pieces.try_next().await? {
        all.extend_from_slice(&piece);
    }
    Ok(all.freeze())
}
