//! The text of a title as editors read it: a window at a time, whatever its length.

use super::rows::{line, one};
use super::{Line, Window};
use crate::entities::segments::{Column, Entity};
use crate::keyset::{Keys, Part, Place, Walk};
use crate::{Db, Error, Result};
use sea_orm::{ColumnTrait, EntityTrait, Order, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

/// The sentences from a moment on, at most `most`, and where those around them begin.
pub async fn window(db: &Db, audiobook_id: Uuid, from_ms: i64, most: u64) -> Result<Window> {
    let later = in_order(audiobook_id).filter(Column::StartMs.gte(from_ms)).limit(most.saturating_add(1));
    let mut lines: Vec<Line> = later.all(db.read()).await?.into_iter().map(line).collect();
    let after = usize::try_from(most).ok().and_then(|most| lines.get(most)).map(|next| next.start_ms);
    lines.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    let earlier: Vec<i64> = of_title(audiobook_id)
        .filter(Column::StartMs.lt(from_ms))
        .order_by_desc(Column::StartMs)
        .limit(most)
        .select_only()
        .column(Column::StartMs)
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(Window { lines, before: earlier.last().copied(), after })
}

/// A part of the sentences from a moment on, for programs: what is changed on the way hides no other.
///
/// # Errors
/// [`Error::Invalid`] for a place of another list.
pub async fn walk(db: &Db, audiobook_id: Uuid, from_ms: i64, walk: Walk<'_>) -> Result<Part<Line>> {
    let by_start = Keys::number(Column::StartMs.into_expr(), Column::Id.into_expr(), Order::Asc);
    let later = of_title(audiobook_id).filter(Column::StartMs.gte(from_ms));
    let rows = walk.of(later, &by_start)?.all(db.read()).await?;
    let part = walk.part(rows, |row| Place::at_number(row.start_ms, row.id));
    Ok(Part { items: part.items.into_iter().map(line).collect(), next: part.next })
}

/// A sentence.
///
/// # Errors
/// [`Error::NotFound`] when it is not there.
pub async fn read(db: &Db, audiobook_id: Uuid, id: Uuid) -> Result<Line> {
    one(db.read(), audiobook_id, id).await?.map(line).ok_or(Error::NotFound("sentence"))
}

fn of_title(audiobook_id: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::AudiobookId.eq(audiobook_id))
}

fn in_order(audiobook_id: Uuid) -> Select<Entity> {
    of_title(audiobook_id).order_by_asc(Column::StartMs).order_by_asc(Column::Position)
}
