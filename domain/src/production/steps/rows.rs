//! The rows of the steps: how each stands, as its page shows it.

use crate::catalog::Proposal;
use crate::entities::production_steps::{ActiveModel, Column, Entity, Model};
use crate::jobs::one_more;
use crate::production::{Step, StepStatus};
use crate::transcript::Chapter;
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    pub chapters: Vec<Chapter>,
    /// Nothing was heard in the whole book.
    #[serde(default)]
    pub silent: bool,
    /// Languages that are spoken, as ISO 639-1: the one that the book is in, and after it others that are heard in places.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
}

/// Keeps the languages that were heard, while the step goes on.
pub(in crate::production) async fn note_languages(tx: &Tx, id: Uuid, languages: &[String]) -> Result<()> {
    let before = output(tx, id, Step::Transcribe).await?;
    let now = Output { languages: languages.to_vec(), ..before };
    Entity::update_many()
        .col_expr(Column::Output, Expr::value(serde_json::to_string(&now)?))
        .filter(of(id, Step::Transcribe))
        .exec(tx)
        .await?;
    Ok(())
}

/// How far a step is, in thousandths, and what is said of it.
pub(in crate::production) async fn note_progress(
    tx: &Tx,
    id: Uuid,
    step: Step,
    permille: i32,
    message: Option<&str>,
) -> Result<()> {
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

/// The step rows of a title, in order.
pub(in crate::production) async fn rows(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Vec<Model>> {
    let mut rows = Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).all(db).await?;
    rows.sort_by_key(|row| Step::ALL.iter().position(|step| *step == row.step));
    Ok(rows)
}

pub(in crate::production) async fn set_status(tx: &Tx, id: Uuid, steps: &[Step], status: StepStatus) -> Result<()> {
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

pub(in crate::production) async fn set_message(
    tx: &Tx,
    id: Uuid,
    step: Step,
    status: StepStatus,
    message: Option<&str>,
) -> Result<()> {
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

pub(in crate::production) async fn set_done_progress(tx: &Tx, id: Uuid, step: Step) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::ProgressPermille, Expr::value(1000))
        .col_expr(Column::FinishedAt, Expr::value(now))
        .filter(of(id, step))
        .exec(tx)
        .await?;
    Ok(())
}

pub(in crate::production) fn of(audiobook_id: Uuid, step: Step) -> sea_orm::Condition {
    sea_orm::Condition::all().add(Column::AudiobookId.eq(audiobook_id)).add(Column::Step.eq(step))
}

pub(in crate::production) async fn ensure_rows(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
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

/// What a step left behind; the default when it has not finished yet.
///
/// # Errors
/// When the record is damaged.
pub async fn output(db: &impl ConnectionTrait, audiobook_id: Uuid, step: Step) -> Result<Output> {
    let row = Entity::find().filter(of(audiobook_id, step)).one(db).await?;
    match row.and_then(|row| row.output) {
        Some(output) => Ok(serde_json::from_str(&output)?),
        None => Ok(Output::default()),
    }
}

/// A worker begins with a step.
pub(in crate::production) async fn started(tx: &Tx, id: Uuid, step: Step) -> Result<()> {
    let now = tx.now();
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(StepStatus::Running))
        .col_expr(Column::Attempt, one_more(Column::Attempt))
        .col_expr(Column::Message, Expr::value(None::<String>))
        .col_expr(Column::StartedAt, Expr::value(now))
        .col_expr(Column::FinishedAt, Expr::value(None::<i64>))
        .col_expr(Column::UpdatedAt, Expr::value(now))
        .filter(of(id, step))
        .exec(tx)
        .await?;
    Ok(())
}
