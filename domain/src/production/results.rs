//! What each step produces, kept in the transaction that ends the step.

use super::again;
use super::chunks::{self, PlannedChunk};
use super::jobs::subject;
use super::parts::{self, Probed};
use super::steps::{self, Outcome};
use super::{Step, copies, lengths};
use crate::catalog::proposal::{self, Proposal};
use crate::jobs::{self, Claim};
use crate::transcript::{Chapter, ChapterSource, chapters};
use crate::{Db, Result};
use uuid::Uuid;

/// The files were looked into: what each holds becomes a part of the book.
///
/// # Errors
/// [`Error::LeaseLost`](crate::Error::LeaseLost) when the claim no longer stands, as for every function here.
pub async fn probed(db: &Db, claim: &Claim, audiobook_id: Uuid, files: &[Probed], outcome: &Outcome) -> Result<()> {
    db.transaction(async |tx| {
        parts::save(&tx, claim, audiobook_id, files).await?;
        let reasons: Vec<_> = files.iter().map(|file| (file.file_id, file.reason)).collect();
        copies::note(&tx, &reasons).await?;
        copies::ask(&tx, audiobook_id).await?;
        steps::finish(&tx, claim, outcome).await
    })
    .await
}

/// The audio was decoded, which says how long each part lasts, and cut into stretches that the speech model can hear.
pub async fn prepared(
    db: &Db,
    claim: &Claim,
    audiobook_id: Uuid,
    lengths: &[(Uuid, i64)],
    plan: &[PlannedChunk],
    outcome: &Outcome,
) -> Result<()> {
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        lengths::correct(&tx, audiobook_id, lengths).await?;
        chunks::plan_chunks(&tx, claim, audiobook_id, plan).await?;
        steps::finish(&tx, claim, outcome).await
    })
    .await
}

/// Every chunk was heard; each was kept when it ended.
pub async fn transcribed(db: &Db, claim: &Claim, outcome: &Outcome) -> Result<()> {
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        let (audiobook_id, _) = subject(claim)?;
        again::all_heard(&tx, audiobook_id).await?;
        steps::finish(&tx, claim, outcome).await
    })
    .await
}

/// The product page was written. `before` is the proposal of an earlier run: a description that still is its word for word
/// may be replaced, one that somebody wrote or edited stays.
pub async fn described(
    db: &Db,
    claim: &Claim,
    audiobook_id: Uuid,
    chapters: (ChapterSource, &[Chapter]),
    before: Option<&Proposal>,
    outcome: &Outcome,
) -> Result<()> {
    db.transaction(async |tx| {
        chapters::save(&tx, audiobook_id, chapters.0, chapters.1).await?;
        if let Some(proposed) = &outcome.output.proposal {
            proposal::fill_in(&tx, audiobook_id, before, proposed).await?;
        }
        steps::finish(&tx, claim, outcome).await
    })
    .await
}

/// What an earlier step made does not fit any more, such as chunks that are too long for another model: it is done again.
pub async fn outdated(db: &Db, claim: &Claim, earlier: Step) -> Result<()> {
    db.transaction(async |tx| steps::go_back(&tx, claim, earlier).await).await
}
