//! The run of a title through its steps: what follows what, and how an admin steers it.

use super::rows::{self, Outcome};
use crate::audit::{self, Action, Entry};
use crate::catalog::titles;
use crate::entities::production_steps::{Column, Entity};
use crate::jobs::{self, Claim};
use crate::production::again as rehearing;
use crate::production::jobs::{CANCELLED, Describe, FAMILY, Prepare, Probe, STEP_KINDS, Transcribe, group, subject};
use crate::production::{Corrections, Step, StepStatus};
use crate::production::{chunks, passes};
use crate::transcript::edits::corrections;
use crate::{Db, Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// Every file of a title has arrived: marks the upload as done and asks for the probe. What was made from earlier files
/// becomes stale.
pub async fn start_run(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    jobs::cancel_group(tx, &group(audiobook_id), &STEP_KINDS).await?;
    rows::ensure_rows(tx, audiobook_id).await?;
    passes::forget(tx, audiobook_id, &Step::ALL).await?;
    rows::set_status(tx, audiobook_id, &[Step::Upload], StepStatus::Done).await?;
    rows::set_done_progress(tx, audiobook_id, Step::Upload).await?;
    ask_for(tx, audiobook_id, Step::Probe, None).await
}

/// Goes on with the first thing missing. A job that waits is let run at once.
///
/// # Errors
/// [`Error::Conflict`] while files are still missing, or when everything is done.
pub async fn resume(db: &Db, audiobook_id: Uuid) -> Result<()> {
    db.transaction(async |tx| {
        audit::record(&tx, Entry::new(Action::ProductionResumed).on("title", audiobook_id)).await?;
        let trace = jobs::trace_of(&tx, &group(audiobook_id), FAMILY).await?;
        if jobs::unfinished_in_group(&tx, &group(audiobook_id), &STEP_KINDS).await? > 0 {
            jobs::wake_group(&tx, &[group(audiobook_id)], &STEP_KINDS).await?;
            return Ok(());
        }
        titles::by_id(&tx, audiobook_id).await?;
        rows::ensure_rows(&tx, audiobook_id).await?;
        let rows = rows::rows(&tx, audiobook_id).await?;
        let missing = rows.iter().find(|row| row.status != StepStatus::Done);
        match missing.map(|row| row.step) {
            None => return Err(Error::conflict("production.complete")),
            Some(Step::Upload) => return Err(Error::conflict("production.files-missing")),
            Some(Step::Done) => finish_all(&tx, audiobook_id).await?,
            Some(step) => ask_for(&tx, audiobook_id, step, trace).await?,
        }
        Ok(())
    })
    .await
}

/// Asks again for the step that a run was at when it was stopped, as what it worked on was changed.
pub(in crate::production) async fn begin_again(tx: &Tx, audiobook_id: Uuid, trace: Option<String>) -> Result<()> {
    let rows = rows::rows(tx, audiobook_id).await?;
    let missing = rows.iter().find(|row| row.status != StepStatus::Done && row.step != Step::Upload);
    match missing.map(|row| row.step) {
        None | Some(Step::Upload) => Ok(()),
        Some(Step::Done) => finish_all(tx, audiobook_id).await,
        Some(step) => ask_for(tx, audiobook_id, step, trace).await,
    }
}

/// Does one step again. What depended on it becomes stale and is done again after it. What people put right in the text stays;
/// hearing all of it again needs their word for that: see [`hear_again`].
///
/// # Errors
/// [`Error::Conflict`] when an earlier step is not done, the step is none that a worker does, or something would be heard again
/// that somebody put right; [`Error::NotFound`].
pub async fn redo(db: &Db, audiobook_id: Uuid, step: Step) -> Result<()> {
    again(db, audiobook_id, step, None).await
}

/// Hears a title again, and keeps what people put right in its text or lets it go.
///
/// # Errors
/// As [`redo`].
pub async fn hear_again(db: &Db, audiobook_id: Uuid, corrections: Corrections) -> Result<()> {
    again(db, audiobook_id, Step::Transcribe, Some(corrections)).await
}

async fn again(db: &Db, audiobook_id: Uuid, step: Step, of_people: Option<Corrections>) -> Result<()> {
    if matches!(step, Step::Upload | Step::Done) {
        return Err(Error::conflict("production.step-not-redoable"));
    }
    db.transaction(async |tx| {
        titles::by_id(&tx, audiobook_id).await?;
        rows::ensure_rows(&tx, audiobook_id).await?;
        let rows = rows::rows(&tx, audiobook_id).await?;
        let earlier_done = rows.iter().take_while(|row| row.step != step).all(|row| row.status == StepStatus::Done);
        if !earlier_done {
            return Err(Error::conflict("production.earlier-step-missing"));
        }
        let trace = jobs::trace_of(&tx, &group(audiobook_id), FAMILY).await?;
        jobs::cancel_group(&tx, &group(audiobook_id), &STEP_KINDS).await?;
        let mut first = step;
        if step == Step::Transcribe {
            let number = corrections::count(&tx, audiobook_id).await?;
            match of_people {
                None if number > 0 => return Err(Error::conflict("production.corrections").with("number", number)),
                Some(Corrections::Discard) => corrections::discard(&tx, audiobook_id).await?,
                None | Some(Corrections::Keep) => {}
            }
            chunks::forget_chunks(&tx, audiobook_id).await?;
            // What was transcribed elsewhere was never cut here.
            if !rehearing::planned(&tx, audiobook_id).await? {
                first = Step::Prepare;
            }
        }
        let anew: Vec<Step> = Step::ALL.into_iter().skip_while(|other| *other != first).collect();
        passes::forget(&tx, audiobook_id, &anew).await?;
        ask_for(&tx, audiobook_id, first, trace).await?;
        let redone = Entry::new(Action::ProductionRedone).on("title", audiobook_id);
        let details = serde_json::json!({ "step": step.name(), "corrections": of_people });
        audit::record(&tx, redone.with(details)).await?;
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
        if jobs::cancel_group(&tx, &group(audiobook_id), &STEP_KINDS).await? == 0 {
            return Err(Error::conflict("production.not-running"));
        }
        Entity::update_many()
            .col_expr(Column::Status, Expr::value(StepStatus::Cancelled))
            .col_expr(Column::Message, Expr::value(CANCELLED))
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
pub async fn wake_blocked(db: &Db) -> Result<u64> {
    let blocked = Entity::find().filter(Column::Status.eq(StepStatus::Blocked)).all(db.read()).await?;
    let groups: Vec<String> = blocked.into_iter().map(|row| group(row.audiobook_id)).collect();
    db.transaction(async |tx| jobs::wake_group(&tx, &groups, &STEP_KINDS).await).await
}

/// How far the step of a claim is, in thousandths.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn progress(db: &Db, claim: &Claim, permille: i32, message: Option<&str>) -> Result<()> {
    let (id, step) = subject(claim)?;
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        rows::note_progress(&tx, id, step, permille, message).await?;
        Ok(())
    })
    .await
}

/// Ends the step of a claim and asks for the next one, in the transaction that holds what it produced.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn finish(tx: &Tx, claim: &Claim, outcome: &Outcome) -> Result<()> {
    let now = tx.now();
    let (id, step) = subject(claim)?;
    jobs::complete(tx, claim).await?;
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
        .filter(rows::of(id, step))
        .exec(tx)
        .await?;
    match step.next() {
        Some(Step::Done) | None => finish_all(tx, id).await,
        Some(next) => ask_for(tx, id, next, None).await,
    }
}

async fn finish_all(tx: &Tx, id: Uuid) -> Result<()> {
    rows::set_status(tx, id, &[Step::Done], StepStatus::Done).await?;
    rows::set_done_progress(tx, id, Step::Done).await
}

/// Goes back to an earlier step, because what it made does not fit any more, such as chunks too long for another model.
///
/// # Errors
/// [`Error::LeaseLost`] when the claim no longer stands.
pub async fn go_back(tx: &Tx, claim: &Claim, step: Step) -> Result<()> {
    let (id, _) = subject(claim)?;
    jobs::complete(tx, claim).await?;
    ask_for(tx, id, step, None).await
}

/// Queues a step and its job, as part of an earlier trace where one is given; later steps that were done become stale, the
/// others wait.
async fn ask_for(tx: &Tx, id: Uuid, step: Step, trace: Option<String>) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(StepStatus::Queued))
        .col_expr(Column::Message, Expr::value(None::<String>))
        .col_expr(Column::ProgressPermille, Expr::value(0))
        .col_expr(Column::FinishedAt, Expr::value(None::<i64>))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(rows::of(id, step))
        .exec(tx)
        .await?;
    if step == Step::Transcribe {
        chunks::try_failed_again(tx, id).await?;
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
    // What was given up before is no longer waited for.
    jobs::close_dead(tx, &group(id), &STEP_KINDS).await?;
    match step {
        Step::Probe => jobs::enqueue_going_on(tx, &Probe { audiobook_id: id }, trace).await?,
        Step::Prepare => jobs::enqueue_going_on(tx, &Prepare { audiobook_id: id }, trace).await?,
        Step::Transcribe => jobs::enqueue_going_on(tx, &Transcribe { audiobook_id: id }, trace).await?,
        Step::Describe => jobs::enqueue_going_on(tx, &Describe { audiobook_id: id }, trace).await?,
        Step::Upload | Step::Done => return Err(Error::Damaged(format!("no job does the step {}", step.name()))),
    };
    Ok(())
}
