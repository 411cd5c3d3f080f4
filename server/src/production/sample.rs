//! The sample: a stretch of the book as a small file of its own.

use super::step::{StepRun, Workshop};
use crate::jobs::JobError;
use crate::storage;
use domain::catalog::edit;
use domain::jobs::Claim;
use domain::production::parts::{self, Part};
use domain::production::{jobs, orphans, samples};

use sound::plan;
use std::ops::Range;

/// The usual sample is at most so long, and at most this share of the book.
const USUAL_MS: i64 = 60_000;
const USUAL_PERCENT: i64 = 20;
/// But not shorter than this, if the book is not.
const SHORTEST_MS: i64 = 10_000;

/// The job of its own kind: an admin has chosen another place.
pub async fn run(shop: Workshop, job: jobs::CutSample, claim: Claim) -> Result<(), JobError> {
    let job = &StepRun::new(shop, claim, job.audiobook_id);
    // Before the parts: if they are moved in between, what is cut is for the old place, and is not kept.
    let chosen = edit::sample_range(job.shop.db.read(), job.audiobook_id).await?;
    let parts = parts::parts(job.shop.db.read(), job.audiobook_id).await?;
    cut(job, &parts, chosen, None).await
}

/// Where the sample of a book lies that nobody has chosen one for: at its beginning, up to a pause.
pub fn default_range(levels: &[u8], first: &Part, book_ms: i64) -> Range<i64> {
    let most = (book_ms * USUAL_PERCENT / 100).clamp(SHORTEST_MS, USUAL_MS).min(first.duration_ms);
    let end = plan::pause_before(levels, (most / 2).max(SHORTEST_MS.min(most)), most);
    first.start_ms..first.start_ms + end
}

/// Cuts the sample where somebody has chosen it, from one moment of the book to another in milliseconds, or else at the usual
/// place, and stores it.
pub async fn cut(
    job: &StepRun,
    parts: &[Part],
    chosen: Option<(i64, i64)>,
    usual: Option<Range<i64>>,
) -> Result<(), JobError> {
    let Some(range) = chosen.map(|(start, end)| start..end).or(usual) else { return Ok(()) };
    let holds = |part: &&Part| (part.start_ms..part.start_ms + part.duration_ms).contains(&range.start);
    let Some(part) = parts.iter().find(holds) else {
        return Err(JobError::Fatal("The sample lies outside the book. Choose another place for it.".into()));
    };
    let within = range.start - part.start_ms..(range.end - part.start_ms).min(part.duration_ms);
    let copy = job.shop.storage.local_copy(&part.source.storage_key).await?;
    let to = job.folder().await?.join("sample.wav");
    let length_ms = job.shop.decoder.excerpt(copy.path(), &part.source.original_name, within, &to).await?;
    let end_ms = range.start + length_ms;
    // With the job in its name: cut anew at the same place, perhaps from other files, it is another sample.
    let version = format!("{}-{end_ms}-{}", range.start, job.claim.id.simple());
    let key = storage::sample_key(job.audiobook_id, &version, "wav");
    orphans::reserve(&job.shop.db, &key).await?;
    job.shop.storage.put_file(&key, &to, "audio/wav").await?;
    tokio::fs::remove_file(&to).await?;
    let cut = (range.start, end_ms);
    if !samples::keep(&job.shop.db, &job.claim, job.audiobook_id, chosen, &key, cut).await? {
        tracing::info!(audiobook = %job.audiobook_id, "another place was chosen while the sample was cut");
    }
    Ok(())
}
