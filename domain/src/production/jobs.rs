//! The jobs of production, and how a step follows the job that works on it.

use super::steps::rows;
use super::{Step, StepStatus};
use crate::catalog::titles;
use crate::jobs::{self, Change, Claim, Job, Queue, Unique};
use crate::webhooks::happened;
use crate::{Db, Error, Result, Tx};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::time::Duration;
use uuid::Uuid;

/// The kinds of job that work on a step: at most one of them at a time for each title.
pub const STEP_KINDS: [&str; 4] = [Probe::KIND, Prepare::KIND, Transcribe::KIND, Describe::KIND];

/// What the kinds of job begin with that make a title out of files.
pub const FAMILY: &str = "production.";

/// What the jobs of a title belong to.
pub fn group(audiobook_id: Uuid) -> String {
    titles::job_group(audiobook_id)
}

/// Those of some titles that have an unfinished job.
pub async fn at_work(db: &Db, titles: &[Uuid]) -> Result<HashSet<Uuid>> {
    let groups: Vec<String> = titles.iter().map(|id| group(*id)).collect();
    let working = jobs::unfinished_among(db.read(), &groups).await?;
    Ok(titles.iter().copied().filter(|id| working.contains(&group(*id))).collect())
}

/// One job at a time for each title, whatever its step.
fn key(audiobook_id: Uuid) -> Unique {
    Unique::Unfinished(format!("production:{audiobook_id}"))
}

macro_rules! step_jobs {
    ($($(#[$about:meta])* $name:ident $step:expr, $kind:literal, $queue:expr, $hours:literal;)*) => {
        $(
            $(#[$about])*
            #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
            pub struct $name {
                pub audiobook_id: Uuid,
            }

            impl Job for $name {
                const KIND: &'static str = $kind;
                const QUEUE: Queue = $queue;
                const TIME_LIMIT: Duration = Duration::from_secs($hours * 60 * 60);
                const FINISH_ON_STOP: bool = false;
                const NEEDS_PERSON: bool = true;

                fn unique(&self) -> Unique {
                    key(self.audiobook_id)
                }

                fn group(&self) -> Option<String> {
                    Some(group(self.audiobook_id))
                }

                async fn follow(&self, tx: &Tx, change: &Change) -> Result<()> {
                    follow(tx, self.audiobook_id, $step, change).await
                }
            }
        )*
    };
}

step_jobs! {
    /// What is in the files: how long they last, how they are coded, which chapters they mark.
    Probe Step::Probe, "production.probe", Queue::Sound, 2;
    /// The audio as the speech model wants it, cut at pauses; and the sample.
    Prepare Step::Prepare, "production.prepare", Queue::Sound, 12;
    /// The words, chunk by chunk.
    Transcribe Step::Transcribe, "production.transcribe", Queue::Engines, 96;
    /// A description, categories and chapters.
    Describe Step::Describe, "production.describe", Queue::Engines, 24;
}

/// Cuts the sample of a title anew, because its range has changed. One that waits is enough; a change while one is being
/// cut is done again after it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutSample {
    pub audiobook_id: Uuid,
}

impl Job for CutSample {
    const KIND: &'static str = "production.cut-sample";
    const QUEUE: Queue = Queue::Sound;
    const PRIORITY: i32 = -10;
    const FINISH_ON_STOP: bool = false;
    const NEEDS_PERSON: bool = true;

    fn unique(&self) -> Unique {
        Unique::Waiting(format!("cut-sample:{}", self.audiobook_id))
    }

    fn group(&self) -> Option<String> {
        Some(group(self.audiobook_id))
    }
}

/// Makes the next copy for players that a title lacks, and asks for itself again while there are more: so other work gets
/// its turn in between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StreamCopy {
    pub audiobook_id: Uuid,
}

impl Job for StreamCopy {
    const KIND: &'static str = "production.stream-copy";
    const QUEUE: Queue = Queue::Sound;
    /// The original is played meanwhile: a new book goes first.
    const PRIORITY: i32 = 10;
    /// The longest recording there may be, on the slowest machine.
    const TIME_LIMIT: Duration = Duration::from_secs(48 * 60 * 60);
    const FINISH_ON_STOP: bool = false;
    const NEEDS_PERSON: bool = true;

    fn unique(&self) -> Unique {
        Unique::Waiting(format!("stream-copy:{}", self.audiobook_id))
    }

    fn group(&self) -> Option<String> {
        Some(group(self.audiobook_id))
    }
}

/// Completes an upload when the process that received it did not live to do it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FinishUpload {
    pub upload: Uuid,
}

impl Job for FinishUpload {
    const KIND: &'static str = "uploads.finish";
    const QUEUE: Queue = Queue::Storage;
    const PRIORITY: i32 = -10;
    const MAX_ATTEMPTS: i32 = 10;
    /// A large file is copied within S3.
    const TIME_LIMIT: Duration = Duration::from_secs(60 * 60);
    const NEEDS_PERSON: bool = true;

    fn unique(&self) -> Unique {
        Unique::Unfinished(format!("finish_upload:{}", self.upload))
    }
}

/// The title and the step that a claim is about.
///
/// # Errors
/// [`Error::Damaged`] when it is about none.
pub fn subject(claim: &Claim) -> Result<(Uuid, Step)> {
    #[derive(Deserialize)]
    struct About {
        audiobook_id: Uuid,
    }
    let step = match claim.kind.as_str() {
        Probe::KIND => Step::Probe,
        Prepare::KIND => Step::Prepare,
        Transcribe::KIND => Step::Transcribe,
        Describe::KIND => Step::Describe,
        other => return Err(Error::Damaged(format!("a job of the kind {other} is no step"))),
    };
    let about: About = serde_json::from_str(&claim.payload)?;
    Ok((about.audiobook_id, step))
}

/// The step says what became of its job.
async fn follow(tx: &Tx, id: Uuid, step: Step, change: &Change) -> Result<()> {
    let set = async |status, message: Option<&str>| rows::set_message(tx, id, step, status, message).await;
    match change {
        Change::Claimed => rows::started(tx, id, step).await,
        Change::Released => {
            set(StepStatus::Queued, Some("The worker was stopped; the next one goes on where it was.")).await
        }
        Change::Waiting { reason } => set(StepStatus::Blocked, Some(reason)).await,
        Change::Retried { reason, at } => {
            let seconds = (at.since_ms(tx.now()) + 999) / 1000;
            set(StepStatus::Queued, Some(&format!("{reason} Trying again in {seconds} s."))).await
        }
        Change::Lost => {
            set(StepStatus::Queued, Some("The worker stopped answering; another one goes on where it was.")).await
        }
        Change::Died { lost: true, .. } => {
            let message = "The worker stopped answering several times in a row. Resume to try again.";
            set(StepStatus::Failed, Some(message)).await?;
            happened::production_failed(tx, id, step.name(), message).await
        }
        Change::Died { reason, lost: false } => {
            set(StepStatus::Failed, Some(reason)).await?;
            happened::production_failed(tx, id, step.name(), reason).await
        }
        Change::Requeued => set(StepStatus::Queued, None).await,
        Change::Cancelled => set(StepStatus::Cancelled, Some(CANCELLED)).await,
    }
}

/// What a step says whose run was called off.
pub(super) const CANCELLED: &str = "Cancelled. Resume goes on where it was.";
