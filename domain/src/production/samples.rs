//! The sample of a title: asked for when an admin moves it, kept when it is cut.

use super::jobs::CutSample;
use super::parts;
use crate::catalog::sample_range::{check_sample, longest_sample, sample};
use crate::catalog::titles::by_id;
use crate::catalog::{AudiobookForm, edit};
use crate::entities::{audiobooks, parts as part_rows};
use crate::jobs::{self, Claim};
use crate::transcript::{Segment, segments};
use crate::{Db, Error, Result, Tx};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

/// Saves the admin's form of a title over the version that it was opened at, and returns the new version. When the sample
/// lies elsewhere now, its audio goes and a job makes the new one.
///
/// # Errors
/// [`Error::Invalid`] with what to do, [`Error::Conflict`] when somebody else saved in between, [`Error::NotFound`].
pub async fn save_title(db: &Db, id: Uuid, form: &AudiobookForm) -> Result<i32> {
    db.transaction(async |tx| {
        let saved = edit::save(&tx, id, form).await?;
        if saved.sample_moved {
            ask(&tx, id).await?;
        }
        Ok(saved.version)
    })
    .await
}

/// A sample before it is cut. Times from the start of the book, in milliseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    pub start_ms: i64,
    pub end_ms: i64,
    /// What is said in it, and nothing beyond, with the times of the words.
    pub segments: Vec<Segment>,
    /// How long a sample of this title may be.
    pub longest_ms: i64,
    /// Where each part of the book begins, in order.
    pub parts: Vec<i64>,
}

/// What a sample would be that begins and ends there, in seconds as somebody typed them; the one that there is where they typed
/// nothing. `None` when there is none.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title, [`Error::Invalid`] for what cannot be a sample of it.
pub async fn preview(db: &Db, audiobook_id: Uuid, start: &str, end: &str) -> Result<Option<Preview>> {
    let title = by_id(db.read(), audiobook_id).await?;
    let kept = (title.sample_end_ms > title.sample_start_ms).then_some((title.sample_start_ms, title.sample_end_ms));
    let typed = sample(start, end, title.duration_ms)?;
    // What there is may be longer than what may be chosen today.
    if let Some(range) = typed.filter(|_| typed != kept) {
        check_sample(range, title.duration_ms)?;
    }
    let Some((start_ms, end_ms)) = typed.or(kept) else { return Ok(None) };
    Ok(Some(Preview {
        start_ms,
        end_ms,
        segments: segments::cut(db, audiobook_id, start_ms, end_ms).await?,
        longest_ms: longest_sample(title.duration_ms),
        parts: parts::parts(db.read(), audiobook_id).await?.into_iter().map(|part| part.start_ms).collect(),
    }))
}

/// Asks for the sample of a title to be cut anew, because its range has changed. A title without audio needs none yet.
pub async fn ask(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    if part_rows::Entity::find().filter(part_rows::Column::AudiobookId.eq(audiobook_id)).count(tx).await? > 0 {
        jobs::enqueue(tx, &CutSample { audiobook_id }).await?;
    }
    Ok(())
}

/// Keeps a sample that was cut from `start_ms` to `end_ms`, in milliseconds from the start of the book, for the range
/// `wanted` (`None` where nobody had chosen one). `false` when somebody has chosen another meanwhile: theirs stays, and the
/// job that they asked for cuts it.
///
/// # Errors
/// [`Error::Invalid`] when it ends before it starts, [`Error::LeaseLost`] when the claim no longer stands.
pub async fn keep(
    db: &Db,
    claim: &Claim,
    audiobook_id: Uuid,
    wanted: Option<(i64, i64)>,
    key: &str,
    (start_ms, end_ms): (i64, i64),
) -> Result<bool> {
    use audiobooks::Column;
    if start_ms < 0 || end_ms <= start_ms {
        return Err(Error::invalid("sample_end", "sample.ends-before-start"));
    }
    let still = match wanted {
        Some((start_ms, end_ms)) => Column::SampleStartMs.eq(start_ms).and(Column::SampleEndMs.eq(end_ms)),
        None => Expr::col(Column::SampleEndMs).lte(Expr::col(Column::SampleStartMs)),
    };
    db.transaction(async |tx| {
        jobs::hold(&tx, claim).await?;
        let kept = audiobooks::Entity::update_many()
            .col_expr(Column::SampleKey, Expr::val(key))
            .col_expr(Column::SampleStartMs, Expr::val(start_ms))
            .col_expr(Column::SampleEndMs, Expr::val(end_ms))
            .col_expr(Column::UpdatedAt, Expr::val(tx.now()))
            .filter(Column::Id.eq(audiobook_id))
            .filter(still.clone())
            .exec(&tx)
            .await?;
        Ok(kept.rows_affected == 1)
    })
    .await
}
