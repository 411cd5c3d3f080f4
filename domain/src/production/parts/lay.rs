//! Laying the parts of a title one after the other, with all that is told in times of the book: places of listeners, bookmarks,
//! text, chapters, the sample.

use super::shift::{Moments, Shift, Span, To, laid};
use super::text;
use crate::db::BATCH;
use crate::entities::{audiobooks, bookmarks, chapters, parts, positions, production_steps, sidecars};
use crate::jobs::{self, Job};
use crate::production::jobs::{CutSample, group};
use crate::production::samples;
use crate::production::sidecars::Said;
use crate::production::steps::Output;
use crate::transcript::Chapter;
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::sea_query::{CaseStatement, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use uuid::Uuid;

/// Places beyond every book: rows wait there while they change places, as no two may have the same.
pub(super) const ASIDE: i32 = 1_000_000;
/// How long a sample is that nobody chose, in milliseconds.
const SAMPLE_MS: i64 = 30_000;

/// Lays the parts of a title that lay like `before` in this order; of each its id and length in milliseconds. Parts that are not
/// named are gone by then.
pub(in crate::production) async fn lay(
    tx: &Tx,
    audiobook_id: Uuid,
    before: &[Span],
    order: &[(Uuid, i64)],
    moments: Moments,
) -> Result<()> {
    let after = laid(order.iter().copied());
    place(tx, audiobook_id, &after).await?;
    let duration_ms = after.last().map_or(0, |last| last.start_ms + last.duration_ms);
    audiobooks::Entity::update_many()
        .col_expr(audiobooks::Column::DurationMs, Expr::value(duration_ms))
        .col_expr(audiobooks::Column::PartsVersion, Expr::col(audiobooks::Column::PartsVersion).add(1))
        .col_expr(audiobooks::Column::UpdatedAt, Expr::value(tx.now()))
        .filter(audiobooks::Column::Id.eq(audiobook_id))
        .exec(tx)
        .await?;
    let shift = Shift::new(before, &after, moments);
    // Nothing is told in times of a book that had none.
    if before.iter().all(|span| span.duration_ms == 0) || shift.is_none() {
        return Ok(());
    }
    move_listeners(tx, audiobook_id, &shift).await?;
    text::follow(tx, audiobook_id, &shift).await?;
    move_chapters(tx, audiobook_id, &shift, duration_ms).await?;
    move_findings(tx, audiobook_id, &shift, duration_ms).await?;
    move_beside(tx, audiobook_id, &shift).await?;
    move_sample(tx, audiobook_id, &shift, &after).await
}

async fn place(tx: &Tx, audiobook_id: Uuid, after: &[Span]) -> Result<()> {
    use parts::Column;
    let of_title = || parts::Entity::update_many().filter(Column::AudiobookId.eq(audiobook_id));
    of_title().col_expr(Column::Position, Expr::col(Column::Position).add(ASIDE)).exec(tx).await?;
    for (spans, first) in after.chunks(BATCH).zip((0..).step_by(BATCH)) {
        let (mut positions, mut starts, mut durations) =
            (CaseStatement::new(), CaseStatement::new(), CaseStatement::new());
        for (span, position) in spans.iter().zip(first..) {
            let is = || Column::Id.eq(span.part);
            positions = positions.case(is(), Expr::val::<i32>(position));
            starts = starts.case(is(), span.start_ms);
            durations = durations.case(is(), span.duration_ms);
        }
        of_title()
            .col_expr(Column::Position, positions.finally(Expr::col(Column::Position)).into())
            .col_expr(Column::StartMs, starts.finally(Expr::col(Column::StartMs)).into())
            .col_expr(Column::DurationMs, durations.finally(Expr::col(Column::DurationMs)).into())
            .filter(Column::Id.is_in(spans.iter().map(|span| span.part)))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Where listeners are, and what they marked. A place in a part that is gone is where the next part begins.
async fn move_listeners(tx: &Tx, audiobook_id: Uuid, shift: &Shift) -> Result<()> {
    for moved in shift.of_column(|| Expr::col(positions::Column::PositionMs)) {
        positions::Entity::update_many()
            .col_expr(positions::Column::PositionMs, moved.to)
            .filter(positions::Column::AudiobookId.eq(audiobook_id))
            .filter(moved.of)
            .exec(tx)
            .await?;
    }
    for moved in shift.of_column(|| Expr::col(bookmarks::Column::PositionMs)) {
        bookmarks::Entity::update_many()
            .col_expr(bookmarks::Column::PositionMs, moved.to)
            .filter(bookmarks::Column::AudiobookId.eq(audiobook_id))
            .filter(moved.of)
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Chapters begin where they began in their parts, and end where the next one begins. Those of a part that is gone go with it,
/// but for one that reaches into the next part: there it goes on.
async fn move_chapters(tx: &Tx, audiobook_id: Uuid, shift: &Shift, end_ms: i64) -> Result<()> {
    let of_title = chapters::Column::AudiobookId.eq(audiobook_id);
    let rows =
        chapters::Entity::find().filter(of_title.clone()).order_by_asc(chapters::Column::Position).all(tx).await?;
    let mut rows: Vec<chapters::Model> = rows
        .into_iter()
        .filter_map(|row| Some(chapters::Model { start_ms: shift.beginning(&(row.start_ms..row.end_ms))?, ..row }))
        .collect();
    rows.sort_by_key(|row| row.start_ms);
    let ends: Vec<i64> = rows.iter().skip(1).map(|row| row.start_ms).chain([end_ms]).collect();
    chapters::Entity::delete_many().filter(of_title).exec(tx).await?;
    let rows: Vec<_> = (0..)
        .zip(rows.into_iter().zip(ends))
        .map(|(position, (row, end_ms))| chapters::Model { position, end_ms, ..row }.into_active_model())
        .collect();
    for rows in rows.chunks(BATCH) {
        chapters::Entity::insert_many(rows.to_vec()).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// What the steps found out that is told in times of the book.
async fn move_findings(tx: &Tx, audiobook_id: Uuid, shift: &Shift, end_ms: i64) -> Result<()> {
    use production_steps::Column;
    let rows = production_steps::Entity::find()
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::Output.is_not_null())
        .all(tx)
        .await?;
    for row in rows {
        let Some(before) = row.output.as_deref().map(serde_json::from_str::<Output>).transpose()? else { continue };
        let mut output = before.clone();
        output.chapters = chapters_moved(output.chapters, shift, end_ms);
        if let Some(proposal) = &mut output.proposal {
            proposal.evidence.retain_mut(|evidence| {
                let Some(start_ms) = shift.moment(evidence.start_ms) else { return false };
                evidence.end_ms += start_ms - evidence.start_ms;
                evidence.start_ms = start_ms;
                true
            });
        }
        if output != before {
            production_steps::Entity::update_many()
                .col_expr(Column::Output, Expr::value(serde_json::to_string(&output)?))
                .filter(Column::Id.eq(row.id))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}

/// Chapters that something beside the recording tells in times of the book: the files are looked into again some day.
async fn move_beside(tx: &Tx, audiobook_id: Uuid, shift: &Shift) -> Result<()> {
    use sidecars::Column;
    let rows = sidecars::Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).all(tx).await?;
    for row in rows {
        // What cannot be read back is left out there as well.
        let Ok(before) = serde_json::from_str::<Said>(&row.said) else { continue };
        let mut said = before.clone();
        // A heading goes as far as to the next one.
        let ends: Vec<i64> = said.chapters.iter().skip(1).map(|heading| heading.start_ms).chain([i64::MAX]).collect();
        let mut ends = ends.into_iter();
        said.chapters.retain_mut(|heading| {
            let range = heading.start_ms..ends.next().unwrap_or(i64::MAX);
            let Some(start_ms) = shift.beginning(&range) else { return false };
            heading.start_ms = start_ms;
            true
        });
        said.chapters.sort_by_key(|heading| heading.start_ms);
        if said != before {
            sidecars::Entity::update_many()
                .col_expr(Column::Said, Expr::value(serde_json::to_string(&said)?))
                .filter(Column::Id.eq(row.id))
                .exec(tx)
                .await?;
        }
    }
    Ok(())
}

fn chapters_moved(chapters: Vec<Chapter>, shift: &Shift, end_ms: i64) -> Vec<Chapter> {
    let mut moved: Vec<Chapter> = chapters
        .into_iter()
        .filter_map(|chapter| {
            Some(Chapter { start_ms: shift.beginning(&(chapter.start_ms..chapter.end_ms))?, ..chapter })
        })
        .collect();
    moved.sort_by_key(|chapter| chapter.start_ms);
    let ends: Vec<i64> = moved.iter().skip(1).map(|chapter| chapter.start_ms).chain([end_ms]).collect();
    for (chapter, end_ms) in moved.iter_mut().zip(ends) {
        chapter.end_ms = end_ms;
    }
    moved
}

/// The sample goes where its part goes. When that is gone, the beginning of the book is the sample, and is cut.
async fn move_sample(tx: &Tx, audiobook_id: Uuid, shift: &Shift, after: &[Span]) -> Result<()> {
    use audiobooks::Column;
    let Some(title) = audiobooks::Entity::find_by_id(audiobook_id).one(tx).await? else { return Ok(()) };
    let before = title.sample_start_ms..title.sample_end_ms;
    if before.is_empty() {
        return Ok(());
    }
    let piece = shift.pieces().iter().find(|piece| piece.from.contains(&before.start));
    let (now, is_same) = match piece.map(|piece| (piece, &piece.to)) {
        Some((piece, To::Here(to))) => {
            let start = Ord::min(before.start - piece.from.start + to.start, to.end - 1);
            let now = start..Ord::min(start + before.end - before.start, to.end);
            (now, piece.from.end - piece.from.start == to.end - to.start)
        }
        _ => (0..after.first().map_or(0, |first| Ord::min(first.duration_ms, SAMPLE_MS)), false),
    };
    if now == before && is_same {
        return Ok(());
    }
    // An open form of the title holds the old place.
    let untouched = title.filled_version.filter(|filled| *filled == title.version).map(|filled| filled + 1);
    audiobooks::Entity::update_many()
        .col_expr(Column::SampleStartMs, Expr::value(now.start))
        .col_expr(Column::SampleEndMs, Expr::value(now.end))
        .col_expr(Column::SampleKey, Expr::value(title.sample_key.filter(|_| is_same)))
        .col_expr(Column::Version, Expr::value(title.version + 1))
        .col_expr(Column::FilledVersion, Expr::value(untouched.or(title.filled_version)))
        .filter(Column::Id.eq(audiobook_id))
        .exec(tx)
        .await?;
    // What is being cut is for the old place, and is not kept.
    let cutting = jobs::unfinished_in_group(tx, &group(audiobook_id), &[CutSample::KIND]).await? > 0;
    if is_same && !cutting { Ok(()) } else { samples::ask(tx, audiobook_id).await }
}
