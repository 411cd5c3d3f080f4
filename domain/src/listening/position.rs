//! Where a listener is in a book. Devices report late and out of order: the newest place wins, not the last to arrive.

use super::{Position, access};
use crate::entities::positions::{ActiveModel, Column, Entity, Model};
use crate::figures::tally::{self, Did};
use crate::{Db, Error, Result, Timestamp};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

/// A listener's clock may be this far ahead of ours, in milliseconds.
const AHEAD_MS: i64 = 60_000;
/// Speeds that a player offers, in percent.
const SPEEDS: std::ops::RangeInclusive<i32> = 25..=400;

impl From<&Model> for Position {
    fn from(row: &Model) -> Self {
        Self {
            position_ms: row.position_ms,
            taken_at: row.taken_at,
            speed_percent: row.speed_percent,
            finished: row.finished_at.is_some(),
        }
    }
}

/// Where a listener is in a book; at its start when nothing is known.
pub async fn position(db: &Db, user_id: Uuid, audiobook_id: Uuid) -> Result<Position> {
    let row = Entity::find_by_id((user_id, audiobook_id)).one(db.read()).await?;
    let start = Position { speed_percent: 100, ..Position::default() };
    Ok(row.as_ref().map_or(start, Position::from))
}

/// Keeps where a listener is, unless a place is known that was taken at the same time or later. A time too far ahead of
/// the shop's clock counts as now, so that a wrong clock cannot hold a place for ever. Says whether it was kept.
///
/// # Errors
/// `NotFound` when the book is not this person's to hear.
pub async fn save_position(db: &Db, user_id: Uuid, audiobook_id: Uuid, position: Position) -> Result<bool> {
    let title = access::title_for_position(db, user_id, audiobook_id).await?;
    let now = db.now();
    let taken_at = if position.taken_at > now.plus_ms(AHEAD_MS) { now } else { position.taken_at };
    let place = ActiveModel {
        user_id: Set(user_id),
        audiobook_id: Set(audiobook_id),
        position_ms: Set(position.position_ms.clamp(0, title.duration_ms.max(0))),
        taken_at: Set(taken_at),
        speed_percent: Set(position.speed_percent.clamp(*SPEEDS.start(), *SPEEDS.end())),
        finished_at: Set(position.finished.then_some(taken_at)),
        updated_at: Set(now),
    };
    // Its end is reached once, however often a player says so.
    let ended = position.finished && !self::position(db, user_id, audiobook_id).await?.finished;
    let kept = db.retry(|| keep(db, place.clone(), user_id, audiobook_id, taken_at)).await?;
    if kept && ended {
        tally::did(db, &title.slug, Did::Finish);
    }
    Ok(kept)
}

/// Each statement is whole in itself, so that reports that arrive together cannot pass each other: an update that takes
/// only what is older, or, when there is nothing yet, the first row, which the primary key lets in once.
async fn keep(db: &Db, place: ActiveModel, user_id: Uuid, audiobook_id: Uuid, taken_at: Timestamp) -> Result<bool> {
    let newer = Entity::update_many()
        .set(place.clone())
        .filter(Column::UserId.eq(user_id))
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::TakenAt.lt(taken_at));
    if newer.clone().exec(db.read()).await?.rows_affected > 0 {
        return Ok(true);
    }
    if Entity::find_by_id((user_id, audiobook_id)).one(db.read()).await?.is_some() {
        // It may have come since the update found nothing.
        return Ok(newer.exec(db.read()).await?.rows_affected > 0);
    }
    match Entity::insert(place).exec_without_returning(db.read()).await.map_err(Error::from) {
        Ok(_) => Ok(true),
        Err(error) if error.is_unique_violation() => Ok(newer.exec(db.read()).await?.rows_affected > 0),
        Err(error) => Err(error),
    }
}
