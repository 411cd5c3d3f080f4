//! What the probe found, made parts of the book: those that are there stay, with all that hangs on them.

use super::lay::{ASIDE, lay};
use super::shift::{Moments, Span};
use super::{Part, parts, text, wanted};
use crate::catalog::titles;
use crate::entities::parts as rows;
use crate::jobs::{self, Claim};
use crate::production::{CopyReason, deletion, samples};
use crate::{Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use std::collections::HashSet;
use uuid::Uuid;

/// Packets may promise more or less than decoding gives, by less than this.
const ROUNDING_MS: i64 = 2_000;

/// What the probe found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probed {
    pub file_id: Uuid,
    /// The part that it is, or takes the place of; none for a new one.
    pub part: Option<Uuid>,
    /// The upload that brought it, while it is not a part yet.
    pub upload: Option<Uuid>,
    pub duration_ms: i64,
    pub codec: String,
    /// Why players are to have a copy of it.
    pub reason: Option<CopyReason>,
    /// Samples a second.
    pub sample_rate: i32,
    pub channels: i32,
}

impl Span {
    /// Where a part lies.
    pub(in crate::production) fn of(part: &Part) -> Self {
        Self { part: part.id, start_ms: part.start_ms, duration_ms: part.duration_ms }
    }
}

/// Writes what the probe found: the parts in this order and the length of the book. A part that is there stays with its text
/// and with the places of listeners; what was heard in a recording that another one takes the place of is forgotten.
///
/// # Errors
/// [`crate::Error::LeaseLost`] when the claim no longer stands.
pub async fn save(tx: &Tx, claim: &Claim, audiobook_id: Uuid, probed: &[Probed]) -> Result<()> {
    jobs::hold(tx, claim).await?;
    titles::locked(tx, audiobook_id).await?;
    let there = counted_anew(tx, audiobook_id, probed).await?;
    let title = titles::by_id(tx, audiobook_id).await?;
    let sample = title.sample_start_ms..title.sample_end_ms;
    let part_of = |new: &Probed| new.part.and_then(|id| there.iter().find(|part| part.id == id));
    let unchanged = there.len() == probed.len()
        && there
            .iter()
            .zip(probed)
            .all(|(part, new)| (new.part, new.upload) == (Some(part.id), None) && keeps(part, new));
    if unchanged {
        return Ok(());
    }
    let named: HashSet<Uuid> = probed.iter().filter_map(|new| new.part).collect();
    for part in there.iter().filter(|part| !named.contains(&part.id)) {
        take_out(tx, audiobook_id, part).await?;
    }
    let mut order = Vec::with_capacity(probed.len());
    let (mut old_files, mut recut) = (Vec::new(), false);
    for (place, new) in (0..).zip(probed) {
        let (id, duration_ms) = match part_of(new) {
            // What was decoded of a part counts, once it was.
            Some(part) if keeps(part, new) => (part.id, part.duration_ms),
            Some(part) => {
                replace(tx, audiobook_id, part, new).await?;
                old_files.push(part.source.file_id);
                recut |= !sample.is_empty() && lies(part).contains(&sample.start);
                (part.id, new.duration_ms)
            }
            None => (add(tx, audiobook_id, 2 * ASIDE + place, new).await?, new.duration_ms),
        };
        if let Some(upload) = new.upload {
            old_files.extend(wanted::taken(tx, upload, id).await?);
        }
        order.push((id, duration_ms));
    }
    let before: Vec<Span> = there.iter().map(Span::of).collect();
    lay(tx, audiobook_id, &before, &order, Moments::ByShare).await?;
    if recut {
        samples::ask(tx, audiobook_id).await?;
    }
    deletion::delete_files(tx, &old_files).await?;
    Ok(())
}

/// The parts that are there. One whose file is counted otherwise than before is the same recording still: what was heard in it
/// stays, and listeners are as far from its beginning.
async fn counted_anew(tx: &Tx, audiobook_id: Uuid, probed: &[Probed]) -> Result<Vec<Part>> {
    let there = parts(tx, audiobook_id).await?;
    let counted = |part: &Part| {
        let new = probed.iter().find(|new| new.part == Some(part.id) && new.file_id == part.source.file_id);
        new.filter(|new| !keeps(part, new)).map_or(part.duration_ms, |new| new.duration_ms)
    };
    let lengths: Vec<(Uuid, i64)> = there.iter().map(|part| (part.id, counted(part))).collect();
    if there.iter().map(|part| part.duration_ms).eq(lengths.iter().map(|(_, length)| *length)) {
        return Ok(there);
    }
    let before: Vec<Span> = there.iter().map(Span::of).collect();
    lay(tx, audiobook_id, &before, &lengths, Moments::AsFar).await?;
    parts(tx, audiobook_id).await
}

/// Whether a part is of this file still, and as long.
fn keeps(part: &Part, new: &Probed) -> bool {
    part.source.file_id == new.file_id && (part.duration_ms - new.duration_ms).abs() < ROUNDING_MS
}

async fn add(tx: &Tx, audiobook_id: Uuid, position: i32, new: &Probed) -> Result<Uuid> {
    let id = Uuid::now_v7();
    let row = rows::ActiveModel {
        id: Set(id),
        audiobook_id: Set(audiobook_id),
        file_id: Set(new.file_id),
        // Beyond those that are there, also while they wait beside the book, until all are laid.
        position: Set(position),
        start_ms: Set(0),
        duration_ms: Set(new.duration_ms),
        codec: Set(new.codec.clone()),
        sample_rate: Set(new.sample_rate),
        channels: Set(new.channels),
        created_at: Set(tx.now()),
    };
    rows::Entity::insert(row).exec_without_returning(tx).await?;
    Ok(id)
}

/// Another recording in the place of a part.
async fn replace(tx: &Tx, audiobook_id: Uuid, part: &Part, new: &Probed) -> Result<()> {
    text::forget(tx, audiobook_id, part.id, &lies(part)).await?;
    rows::Entity::update_many()
        .col_expr(rows::Column::FileId, Expr::value(new.file_id))
        .col_expr(rows::Column::Codec, Expr::value(new.codec.clone()))
        .col_expr(rows::Column::SampleRate, Expr::value(new.sample_rate))
        .col_expr(rows::Column::Channels, Expr::value(new.channels))
        .filter(rows::Column::Id.eq(part.id))
        .exec(tx)
        .await?;
    wanted::forget_uploads(tx, part, new.upload).await
}

/// Takes a part out of its title, with what was heard in it.
pub(super) async fn take_out(tx: &Tx, audiobook_id: Uuid, part: &Part) -> Result<()> {
    text::forget(tx, audiobook_id, part.id, &lies(part)).await?;
    wanted::forget_uploads(tx, part, None).await?;
    rows::Entity::delete_many().filter(rows::Column::Id.eq(part.id)).exec(tx).await?;
    Ok(())
}

fn lies(part: &Part) -> std::ops::Range<i64> {
    part.start_ms..part.start_ms + part.duration_ms
}
