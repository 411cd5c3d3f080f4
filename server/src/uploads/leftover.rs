//! Finishing what a process that is gone had received as a whole.

use super::Uploads;
use super::finish::{Failure, finish};
use crate::jobs::JobError;
use domain::jobs::Claim;
use domain::production::jobs::FinishUpload;
use std::sync::Arc;
use std::time::Duration;

/// Finishes an upload that is here as a whole, unless the request that received it has done so.
pub async fn finish_left_over(service: Arc<Uploads>, job: FinishUpload, _: Claim) -> Result<(), JobError> {
    // A request of this process may be at it.
    let _held = service.locks.hold(job.upload, Duration::from_secs(30)).await;
    match finish(&service, job.upload).await {
        Err(Failure::Domain(domain::Error::NotFound(_))) => Ok(()),
        Err(Failure::Domain(error)) => Err(error.into()),
        Err(Failure::Storage(error)) => Err(error.into()),
        Ok(_) => Ok(()),
    }
}
