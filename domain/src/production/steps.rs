//! The way of a title from audio to product page: which step it is at, and what follows from that.
//!
//! Every change of a step and the job that it asks for are one transaction, fenced by the worker's claim.

use super::jobs::{self, Claim, Failed, NewJob, Retry};
use super::{Step, StepStatus};
use crate::audit::{self, Action, Entry};
use crate::catalog::{Proposal, titles};
use crate::entities::production_steps::{ActiveModel, Column, Entity, Model};
use crate::entities::{chunks, parts};
use crate::production::ChunkStatus;
use crate::{Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

mod view;

pub use view::view;

/// The kinds of job that work on a step.
pub const KINDS: [&str; 4] = ["probe", "prepare", "transcribe", "describe"];

/// What a finished step leaves behind.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// Who did it, such as `whisper.cpp 1.8.3`.
    pub provider: Option<String>,
    pub model: Option<String>,
    /// SHA-256 of what it was made from, in hexadecimal.
    pub input_hash: Option<String>,
    /// Thousandths of the audio or of the transcript that the result covers.
    pub coverage_permille: Option<i32>,
    /// A remark for the admin, in a plain sentence.
    pub message: Option<String>,
    pub output: Output,
}

/// What a step found out, kept with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// A demonstration model did it.
    #[serde(default)]
    pub demonstration: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposal: Option<Proposal>,
    /// Chapters marked in the files; times from the start of the book.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<crate::transcript::Chapter>,
    /// Nothing was heard in the whole book.
    #[serde(default)]
    pub silent: bool,
}

/// Every file of a title has arrived: marks the upload as done and asks for the probe. What was made from earlier files
/// becomes stale.
///
/// # Errors
/// From the database.
pub async fn begin(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    jobs::cancel(tx, audiobook_id).await?;
    ensure_rows(tx, audiobook_id).await?;
    set_status(tx, audiobook_id, &[Step::Upload], StepStatus::Done).await?;
    set_done_progress(tx, audiobook_id, Step::Upload).await?;
    ask_for(tx, audiobook_id, Step::Probe).await
}

/// Takes the next job of these kinds; the steps of jobs whose worker is gone say so.
///
/// # Errors
/// From the database.
pub async fn claim(db: &Db, owner: &str, kinds: &[&str], lease_ms: i64) -> Result<Option<Claim>> {
    let now = db.now();
    if !jobs::anything_to_do(db, now, kinds).await? {
        return Ok(None);
    }
    db.transaction(async |tx| {
        let expired = jobs::expire(&tx, kinds).await?;
        // As many rounds as workers died at one moment: few.
        for lost in expired {
            let (Some(id), Some(step)) = (lost.audiobook_id, Step::from_name(&lost.kind)) else { continue };
            let (status, message) = if lost.dead {
                (StepStatus::Failed, "The worker stopped answering several times in a row. Resume to try again.")
            } else {
                (StepStatus::Queued, "The worker stopped answering; another one goes on where it was.")
            };
            set_message(&tx, id, step, status, Some(message)).await?;
        }
        let claim = jobs::take(&tx, owner, kinds, lease_ms).await?;
        Ok(claim)
    })
    .await
}

/// A worker begins with the step of its claim.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn started(db: &Db, claim: &Claim) -> Result<()> {
    let (id, step) = subject(claim)?;
    db.transaction(async |tx| {
        let now = tx.now();
        jobs::hold(&tx, claim, now).await?;
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(StepStatus::Running))
            .col_expr(Column::Attempt, jobs::one_more(Column::Attempt))
            .col_expr(Column::Message, Expr::value(None::<String>))
            .col_expr(Column::StartedAt, Expr::value(now))
            .col_expr(Column::FinishedAt, Expr::value(None::<i64>))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(of(id, step))
            .exec(&tx)
            .await?;
        Ok(())
    })
    .await
}

/// How far the step of a claim is, in thousandths.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn progress(db: &Db, claim: &Claim, permille: i32, message: Option<&str>) -> Result<()> {
    let (id, step) = subject(claim)?;
    db.transaction(async |tx| {
        let now = tx.now();
        jobs::hold(&tx, claim, now).await?;
        note_progress(&tx, id, step, permille, message).await?;
        Ok(())
    })
    .await
}

pub(super) async fn note_progress(tx: &Tx, id: Uuid, step: Step, permille: i32, message: Option<&str>) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::ProgressPermille, Expr::value(permille.clamp(0, 1000)))
        .col_expr(Column::Message, Expr::value(message))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(of(id, step))
        .exec(tx)
        .await?;
    Ok(())
}

/// Ends the step of a claim and asks for the next one, in the transaction that holds what it produced.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn finish(tx: &Tx, claim: &Claim, outcome: &Outcome) -> Result<()> {
    let now = tx.now();
    let (id, step) = subject(claim)?;
    jobs::complete(tx, claim, now).await?;
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(StepStatus::Done))
        .col_expr(Column::ProgressPermille, Expr::value(1000))
        .col_expr(Column::Message, Expr::value(outcome.message.as_deref()))
        .col_expr(Column::Provider, Expr::value(outcome.provider.as_deref()))
        .col_expr(Column::Model, Expr::value(outcome.model.as_deref()))
        .col_expr(Column::InputHash, Expr::value(outcome.input_hash.as_deref()))
        .col_expr(Column::CoveragePermille, Expr::value(outcome.coverage_permille))
        .col_expr(Column::Output, Expr::value(serde_json::to_string(&outcome.output)?))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(of(id, step))
        .exec(tx)
        .await?;
    match step.next() {
        Some(Step::Done) | None => finish_all(tx, id).await,
        Some(next) => ask_for(tx, id, next).await,
    }
}

async fn finish_all(tx: &Tx, id: Uuid) -> Result<()> {
    set_status(tx, id, &[Step::Done], StepStatus::Done).await?;
    set_done_progress(tx, id, Step::Done).await
}

/// Goes back to an earlier step, because what it made does not fit any more, such as chunks too long for another model.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn go_back(tx: &Tx, claim: &Claim, step: Step) -> Result<()> {
    let now = tx.now();
    let (id, _) = subject(claim)?;
    jobs::complete(tx, claim, now).await?;
    ask_for(tx, id, step).await
}

/// The step waits for something that the operator must provide, and looks again after `again_ms` milliseconds.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn blocked(db: &Db, claim: &Claim, message: &str, again_ms: i64) -> Result<()> {
    let (id, step) = subject(claim)?;
    db.transaction(async |tx| {
        let now = tx.now();
        jobs::release(&tx, claim, now, now.plus_ms(again_ms), Some(message)).await?;
        set_message(&tx, id, step, StepStatus::Blocked, Some(message)).await?;
        Ok(())
    })
    .await
}

/// The worker stops and gives the step back; it does not count as a failure.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn released(db: &Db, claim: &Claim) -> Result<()> {
    db.transaction(async |tx| {
        let now = tx.now();
        jobs::release(&tx, claim, now, now, None).await?;
        if let Ok((id, step)) = subject(claim) {
            let message = "The worker was stopped; the next one goes on where it was.";
            set_message(&tx, id, step, StepStatus::Queued, Some(message)).await?;
        }
        Ok(())
    })
    .await
}

/// The step failed: it is tried again later, or stands as failed with its reason.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn failed(db: &Db, claim: &Claim, reason: &str, retry: Retry) -> Result<Failed> {
    db.transaction(async |tx| {
        let now = tx.now();
        let failed = jobs::fail(&tx, claim, now, reason, retry).await?;
        if let Ok((id, step)) = subject(claim) {
            match failed {
                Failed::Again(at) => {
                    let seconds = (at.since_ms(now) + 999) / 1000;
                    let message = format!("{reason} Trying again in {seconds} s.");
                    set_message(&tx, id, step, StepStatus::Queued, Some(&message)).await?;
                }
                Failed::Dead => set_message(&tx, id, step, StepStatus::Failed, Some(reason)).await?,
            }
        }
        Ok(failed)
    })
    .await
}

/// Goes on with the first thing missing. A job that waits is let run at once.
///
/// # Errors
/// [`Error::Conflict`] while files are still missing, or when everything is done.
pub async fn resume(db: &Db, audiobook_id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let now = tx.now();
        audit::record(&tx, Entry::new(Action::ProductionResumed).on("title", audiobook_id)).await?;
        if jobs::unfinished(&tx, audiobook_id).await? > 0 {
            jobs::wake(&tx, now, &[audiobook_id]).await?;
            return Ok(());
        }
        titles::by_id(&tx, audiobook_id).await?;
        ensure_rows(&tx, audiobook_id).await?;
        let rows = rows(&tx, audiobook_id).await?;
        let missing = rows.iter().find(|row| row.status != StepStatus::Done);
        match missing.map(|row| row.step) {
            None => return Err(Error::conflict("Nothing is missing: every step is done.")),
            Some(Step::Upload) => return Err(Error::conflict("The files have not all arrived yet.")),
            Some(Step::Done) => finish_all(&tx, audiobook_id).await?,
            Some(step) => ask_for(&tx, audiobook_id, step).await?,
        }
        Ok(())
    })
    .await
}

/// Does one step again. What depended on it becomes stale and is done again after it.
///
/// # Errors
/// [`Error::Conflict`] when an earlier step is not done, or the step is none that a worker does; [`Error::NotFound`].
pub async fn redo(db: &Db, audiobook_id: Uuid, step: Step) -> Result<()> {
    if !KINDS.contains(&step.name()) {
        return Err(Error::conflict("This step cannot be done again by itself."));
    }
    db.transaction(async |tx| {
        titles::by_id(&tx, audiobook_id).await?;
        ensure_rows(&tx, audiobook_id).await?;
        let rows = rows(&tx, audiobook_id).await?;
        let earlier_done = rows.iter().take_while(|row| row.step != step).all(|row| row.status == StepStatus::Done);
        if !earlier_done {
            return Err(Error::conflict("An earlier step is not done yet: resume the run instead."));
        }
        jobs::cancel(&tx, audiobook_id).await?;
        if step == Step::Transcribe {
            super::transcript::forget_chunks(&tx, audiobook_id).await?;
        }
        ask_for(&tx, audiobook_id, step).await?;
        let redone = Entry::new(Action::ProductionRedone).on("title", audiobook_id);
        audit::record(&tx, redone.with(serde_json::json!({ "step": step.name() }))).await?;
        Ok(())
    })
    .await
}

/// Stops the run of a title. What was done stays done.
///
/// # Errors
/// [`Error::Conflict`] when nothing runs.
pub async fn cancel(db: &Db, audiobook_id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        let now = tx.now();
        if jobs::cancel(&tx, audiobook_id).await? == 0 {
            return Err(Error::conflict("Nothing is running."));
        }
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(StepStatus::Cancelled))
            .col_expr(Column::Message, Expr::value("Cancelled. Resume goes on where it was."))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(Column::AudiobookId.eq(audiobook_id))
            .filter(Column::Status.is_in([StepStatus::Queued, StepStatus::Running, StepStatus::Blocked]))
            .exec(&tx)
            .await?;
        audit::record(&tx, Entry::new(Action::ProductionCancelled).on("title", audiobook_id)).await?;
        Ok(())
    })
    .await
}

/// Lets every step that waits for the operator look again at once, such as after a model was pulled.
///
/// # Errors
/// From the database.
pub async fn wake_blocked(db: &Db) -> Result<u64> {
    let blocked = Entity::find().filter(Column::Status.eq(StepStatus::Blocked)).all(db.read()).await?;
    let ids: Vec<Uuid> = blocked.into_iter().map(|row| row.audiobook_id).collect();
    jobs::wake(db.read(), db.now(), &ids).await
}

/// Asks for the sample of a title to be cut anew, because its range has changed.
///
/// # Errors
/// From the database.
pub async fn ask_for_sample(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    if parts::Entity::find().filter(parts::Column::AudiobookId.eq(audiobook_id)).count(tx).await? == 0 {
        return Ok(());
    }
    let unique_key = Some(format!("cut-sample:{audiobook_id}"));
    let job = NewJob { unique_key, priority: 10, ..NewJob::for_audiobook(CUT_SAMPLE, audiobook_id) };
    jobs::enqueue(tx, job).await?;
    Ok(())
}

/// The kind of job that cuts a sample.
pub const CUT_SAMPLE: &str = "cut-sample";

/// What a step left behind; the default when it has not finished yet.
///
/// # Errors
/// From the database, and when the record is damaged.
pub async fn output(db: &impl ConnectionTrait, audiobook_id: Uuid, step: Step) -> Result<Output> {
    let row = Entity::find().filter(of(audiobook_id, step)).one(db).await?;
    match row.and_then(|row| row.output) {
        Some(output) => Ok(serde_json::from_str(&output)?),
        None => Ok(Output::default()),
    }
}

/// The step rows of a title, in order.
async fn rows(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Model>> {
    let mut rows = Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).all(db).await?;
    rows.sort_by_key(|row| Step::ALL.iter().position(|step| *step == row.step));
    Ok(rows)
}

/// The title and the step that a claim is about.
///
/// # Errors
/// [`Error::Damaged`] when it is about none.
pub fn subject(claim: &Claim) -> Result<(Uuid, Step)> {
    let step = Step::from_name(&claim.job.kind);
    claim.job.audiobook_id.zip(step).ok_or_else(|| Error::Damaged(format!("job {} is no step", claim.job.id)))
}

/// Queues a step and its job; later steps that were done become stale, the others wait.
async fn ask_for(tx: &Tx, id: Uuid, step: Step) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(StepStatus::Queued))
        .col_expr(Column::Message, Expr::value(None::<String>))
        .col_expr(Column::ProgressPermille, Expr::value(0))
        .col_expr(Column::FinishedAt, Expr::value(None::<i64>))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(of(id, step))
        .exec(tx)
        .await?;
    if step == Step::Transcribe {
        chunks::Entity::update_many()
            .col_expr(chunks::Column::Status, Expr::value(ChunkStatus::Waiting))
            .filter(chunks::Column::AudiobookId.eq(id))
            .filter(chunks::Column::Status.eq(ChunkStatus::Failed))
            .exec(tx)
            .await?;
    }
    let later: Vec<Step> = Step::ALL.into_iter().skip_while(|other| *other != step).skip(1).collect();
    let become_ = |status: StepStatus| {
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(status))
            .col_expr(Column::Message, Expr::value(None::<String>))
            .col_expr(Column::UpdatedAt, Expr::value(now))
            .filter(Column::AudiobookId.eq(id))
            .filter(Column::Step.is_in(later.clone()))
    };
    become_(StepStatus::Stale).filter(Column::Status.eq(StepStatus::Done)).exec(tx).await?;
    let unfinished = Column::Status.is_not_in([StepStatus::Done, StepStatus::Stale]);
    become_(StepStatus::Waiting).filter(unfinished).exec(tx).await?;
    // One job at a time for each title, whatever its step.
    let unique_key = Some(format!("production:{id}"));
    jobs::enqueue(tx, NewJob { unique_key, ..NewJob::for_audiobook(step.name(), id) }).await?;
    Ok(())
}

async fn ensure_rows(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    let now = tx.now();
    let rows = Step::ALL.map(|step| ActiveModel {
        id: Set(Uuid::now_v7()),
        audiobook_id: Set(audiobook_id),
        step: Set(step),
        status: Set(StepStatus::Waiting),
        attempt: Set(0),
        progress_permille: Set(0),
        message: Set(None),
        provider: Set(None),
        model: Set(None),
        input_hash: Set(None),
        coverage_permille: Set(None),
        output: Set(None),
        started_at: Set(None),
        finished_at: Set(None),
        updated_at: Set(now),
    });
    Entity::insert_many(rows)
        .on_conflict(OnConflict::columns([Column::AudiobookId, Column::Step]).do_nothing_on([Column::Id]).to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

async fn set_status(tx: &Tx, id: Uuid, steps: &[Step], status: StepStatus) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(Column::AudiobookId.eq(id))
        .filter(Column::Step.is_in(steps.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}

async fn set_message(tx: &Tx, id: Uuid, step: Step, status: StepStatus, message: Option<&str>) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(status))
        .col_expr(Column::Message, Expr::value(message))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(of(id, step))
        .exec(tx)
        .await?;
    Ok(())
}

async fn set_done_progress(tx: &Tx, id: Uuid, step: Step) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::ProgressPermille, Expr::value(1000))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(of(id, step))
        .exec(tx)
        .await?;
    Ok(())
}

fn of(audiobook_id: Uuid, step: Step) -> sea_orm::Condition {
    sea_orm::Condition::all().add(Column::AudiobookId.eq(audiobook_id)).add(Column::Step.eq(step))
}
