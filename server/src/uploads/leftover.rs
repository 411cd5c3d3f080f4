//! Finishing what a process that is gone had received as a whole.

use super::Uploads;
use super::finish::{Failure, finish};
use domain::production::jobs::{self, Claim, Retry};
use domain::production::uploads::FINISH;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How often it is looked for.
const EVERY: Duration = Duration::from_secs(15);
/// Milliseconds that looking into one file may take before another process tries: a large one is copied within S3.
const LEASE_MS: i64 = 15 * 60 * 1000;

/// Looks for such uploads now and then until asked to stop.
pub async fn keep_finishing(service: Uploads, stop: CancellationToken) {
    let owner = format!("uploads-{}", Uuid::now_v7());
    let mut round = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = round.tick() => {}
        }
        if let Err(error) = finish_left_over(&service, &owner).await {
            tracing::warn!(%error, "uploads that are left over could not be finished");
        }
    }
}

/// Finishes every upload that is due. Returns how many jobs were done.
///
/// # Errors
/// From the database.
pub async fn finish_left_over(service: &Uploads, owner: &str) -> domain::Result<u64> {
    let mut done = 0;
    while let Some(claim) = jobs::claim(&service.db, owner, &[FINISH], LEASE_MS).await? {
        let result = attempt(service, &claim).await;
        match result {
            Ok(()) => jobs::done(&service.db, &claim).await?,
            Err(error) => {
                tracing::warn!(%error, "an upload could not be finished yet");
                jobs::failed(&service.db, &claim, &error.to_string(), Retry::After(None)).await?;
            }
        }
        done += 1;
    }
    Ok(done)
}

async fn attempt(service: &Uploads, claim: &Claim) -> Result<(), Failure> {
    let named = claim.job.payload.get("upload").and_then(|id| id.as_str()).and_then(|id| id.parse().ok());
    let Some(id) = named else { return Err(domain::Error::Damaged("a job names no upload".to_owned()).into()) };
    // A request of this process may be at it.
    let _held = service.locks.hold(id, Duration::from_secs(30)).await;
    match finish(&service.db, &service.storage, id).await {
        Err(Failure::Domain(domain::Error::NotFound(_))) => Ok(()),
        other => other.map(|_| ()),
    }
}
