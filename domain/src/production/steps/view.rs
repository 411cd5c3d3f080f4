//! Production as the admin sees it.

use super::rows::{self, Output};
use crate::db::BATCH;
use crate::entities::production_steps::Model;
use crate::entities::{audiobooks, chunks, upload_parts, uploads};
use crate::jobs;
use crate::production::jobs::{STEP_KINDS, group};
use crate::production::{
    ProductionView, Step, StepStatus, StepView, UploadStatus, UploadView, chunks as heard, makers, passes, workers,
};
use crate::transcript::edits::corrections;
use crate::transcript::places;
use crate::{Db, Error, Result, Timestamp};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::HashSet;
use uuid::Uuid;

/// Where a title stands in production.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title.
pub async fn view(db: &Db, audiobook_id: Uuid) -> Result<ProductionView> {
    let read = db.read();
    let book = audiobooks::Entity::find_by_id(audiobook_id).one(read).await?.ok_or(Error::NotFound("title"))?;
    let rows = rows::rows(read, audiobook_id).await?;
    let counts = heard::counts(read, audiobook_id).await?;
    let unfinished = jobs::unfinished_in_group(read, &group(audiobook_id), &STEP_KINDS).await? > 0;
    let outputs: Vec<Output> =
        rows.iter().filter_map(|row| row.output.as_deref()).map(serde_json::from_str).collect::<Result<_, _>>()?;
    let models_on_show = workers::list(db).await?.into_iter().flat_map(|worker| worker.facts.models);
    let demonstration = outputs.iter().any(|output| output.demonstration)
        || models_on_show.into_iter().any(|model| model.selected && model.demonstration);
    let uploaded = rows.iter().any(|row| row.step == Step::Upload && row.status == StepStatus::Done);
    let missing = rows.iter().any(|row| row.status != StepStatus::Done);
    let mut views = Vec::with_capacity(Step::ALL.len());
    for step in Step::ALL {
        let row = rows.iter().find(|row| row.step == step);
        views.push(row.map_or_else(|| waiting(step), step_view));
    }
    if let Some(row) = rows.iter().find(|row| row.step == Step::Transcribe && row.status == StepStatus::Running) {
        let left = time_left_of_chunks(db, row, u64::from(counts.total - counts.done - counts.failed)).await?;
        views.iter_mut().filter(|view| view.step == Step::Transcribe).for_each(|view| view.time_left_ms = left);
    }
    for view in views.iter_mut().filter(|view| view.status == StepStatus::Running && view.step != Step::Transcribe) {
        view.time_left_ms = time_left(db.now(), view.started_at, view.progress_permille);
    }
    let mut passed = passes::of_title(read, audiobook_id).await?;
    let mut makers = makers::of_title(read, audiobook_id).await?;
    for view in &mut views {
        view.passed_over = passed.remove(&view.step).unwrap_or_default();
        if view.step == Step::Transcribe && makers.len() > 1 {
            view.makers = std::mem::take(&mut makers);
        }
    }
    Ok(ProductionView {
        audiobook_id,
        title: book.title,
        slug: book.slug,
        steps: views,
        uploads: upload_views(db, audiobook_id).await?,
        chunks_done: counts.done,
        chunks_total: counts.total,
        doubtful: places::doubtful(read, audiobook_id).await?,
        corrections: corrections::count(read, audiobook_id).await?,
        proposal: outputs.into_iter().find_map(|output| output.proposal),
        demonstration,
        can_resume: uploaded && missing && !running(&rows),
        can_cancel: unfinished,
    })
}

/// A job that waits for its next try may be resumed by hand; one that a worker has may not.
fn running(rows: &[Model]) -> bool {
    rows.iter().any(|row| row.status == StepStatus::Running)
}

async fn upload_views(db: &Db, audiobook_id: Uuid) -> Result<Vec<UploadView>> {
    let rows = uploads::Entity::find()
        .filter(uploads::Column::AudiobookId.eq(audiobook_id))
        .order_by_asc(uploads::Column::Position)
        .order_by_asc(uploads::Column::Id)
        .all(db.read())
        .await?;
    let mut parts = HashSet::new();
    for rows in rows.chunks(BATCH) {
        let taken = upload_parts::Entity::find()
            .select_only()
            .column(upload_parts::Column::UploadId)
            .filter(upload_parts::Column::UploadId.is_in(rows.iter().map(|row| row.id)))
            .filter(upload_parts::Column::Taken.eq(true));
        parts.extend(taken.into_tuple::<Uuid>().all(db.read()).await?);
    }
    let view = |row: uploads::Model| UploadView {
        waits: row.status == UploadStatus::Done && row.file_id.is_some() && !parts.contains(&row.id),
        id: row.id,
        file_name: row.file_name,
        size: row.size,
        received: row.received,
        status: row.status,
        failure: row.failure,
        position: row.position,
    };
    Ok(rows.into_iter().map(view).collect())
}

fn waiting(step: Step) -> StepView {
    StepView {
        step,
        status: StepStatus::Waiting,
        progress_permille: 0,
        attempt: 0,
        message: None,
        provider: None,
        model: None,
        coverage_permille: None,
        started_at: None,
        finished_at: None,
        time_left_ms: None,
        makers: Vec::new(),
        passed_over: Vec::new(),
    }
}

fn step_view(row: &Model) -> StepView {
    StepView {
        step: row.step,
        status: row.status,
        progress_permille: row.progress_permille,
        attempt: row.attempt,
        message: row.message.clone(),
        provider: row.provider.clone(),
        model: row.model.clone(),
        coverage_permille: row.coverage_permille,
        started_at: row.started_at,
        finished_at: row.finished_at,
        time_left_ms: None,
        makers: Vec::new(),
        passed_over: Vec::new(),
    }
}

/// What is left at the pace so far; nothing is said before two in a hundred are done.
fn time_left(now: Timestamp, started_at: Option<Timestamp>, permille: i32) -> Option<i64> {
    let elapsed = now.since_ms(started_at?).max(0);
    (20..1000).contains(&permille).then(|| elapsed * i64::from(1000 - permille) / i64::from(permille))
}

/// A run that was resumed has chunks from before: only those of this run tell its pace.
async fn time_left_of_chunks(db: &Db, row: &Model, left: u64) -> Result<Option<i64>> {
    let Some(started_at) = row.started_at else { return Ok(None) };
    let heard = chunks::Entity::find()
        .filter(chunks::Column::AudiobookId.eq(row.audiobook_id))
        .filter(chunks::Column::FinishedAt.gte(started_at))
        .count(db.read())
        .await?;
    if heard == 0 {
        return Ok(None);
    }
    let elapsed = db.now().since_ms(started_at).max(0);
    Ok(Some(elapsed * i64::try_from(left).unwrap_or(0) / i64::try_from(heard).unwrap_or(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_done_in_a_minute_leaves_three_minutes() {
        let now = Timestamp(60_000);
        assert_eq!(time_left(now, Some(Timestamp(0)), 250), Some(180_000));
    }

    #[test]
    fn nothing_is_promised_at_the_very_start() {
        assert_eq!(time_left(Timestamp(60_000), Some(Timestamp(0)), 5), None);
    }
}
