//! Where a listener is in a book. Devices report late and out of order: the newest place wins, not the last to arrive.

use super::{Placed, Position, Within, access, days};
use crate::entities::parts;
use crate::entities::positions::{ActiveModel, Column, Entity, Model};
use crate::figures::tally::{self, Did};
use crate::{Db, Error, Result, Tx};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
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

/// Keeps where a listener is, and what they heard since the last place, unless a place is known that was taken at the same
/// time or later. A time too far ahead of the shop's clock counts as now, so that a wrong clock cannot hold a place for
/// ever. Says whether it was kept.
///
/// # Errors
/// `NotFound` when the book is not this person's to hear.
pub async fn save_position(db: &Db, user_id: Uuid, audiobook_id: Uuid, position: Position) -> Result<bool> {
    Ok(save_place(db, user_id, audiobook_id, position, None).await?.kept)
}

/// As [`save_position`], of a place that is told by its part, `within`, as well: whatever list of parts the listener has seen, it
/// is as far into that part. One in a part that is gone is not kept.
///
/// # Errors
/// As [`save_position`].
pub async fn save_place(
    db: &Db,
    user_id: Uuid,
    audiobook_id: Uuid,
    position: Position,
    within: Option<Within>,
) -> Result<Placed> {
    let title = access::title_for_position(db, user_id, audiobook_id).await?;
    let now = db.now();
    let taken_at = if position.taken_at > now.plus_ms(AHEAD_MS) { now } else { position.taken_at };
    let place = Position {
        position_ms: position.position_ms.clamp(0, title.duration_ms.max(0)),
        taken_at,
        speed_percent: position.speed_percent.clamp(*SPEEDS.start(), *SPEEDS.end()),
        finished: position.finished,
    };
    let (kept, position_ms) = db
        .transaction(async |tx| {
            let Some(place) = placed(&tx, audiobook_id, place, within).await? else {
                // Where they are by now: it tells them that their list of parts is an old one.
                let known = Entity::find_by_id((user_id, audiobook_id)).one(&tx).await?;
                return Ok((Kept::Known, known.map_or(0, |known| known.position_ms)));
            };
            match keep(&tx, user_id, audiobook_id, &place).await {
                // The first place of another device came at the same moment: the next look finds it.
                Err(error) if error.is_unique_violation() => Err(Error::Busy),
                outcome => Ok((outcome?, place.position_ms)),
            }
        })
        .await?;
    // Its end is reached once, however often a player says so; and admins are not counted.
    if kept == Kept::Ended && !access::is_admin(db, user_id).await? {
        tally::did(db, &title.slug, Did::Finish);
    }
    Ok(Placed { kept: kept != Kept::Known, position_ms })
}

/// A place as it is told by its part, which is held, so that no part moves meanwhile; none where the part is gone.
async fn placed(tx: &Tx, audiobook_id: Uuid, place: Position, within: Option<Within>) -> Result<Option<Position>> {
    let Some(within) = within else { return Ok(Some(place)) };
    let part = parts::Entity::find_by_id(within.part)
        .filter(parts::Column::AudiobookId.eq(audiobook_id))
        .lock_shared()
        .one(tx)
        .await?;
    Ok(part.map(|part| {
        let offset_ms = within.offset_ms.clamp(0, part.duration_ms.max(0));
        Position { position_ms: part.start_ms + offset_ms, ..place }
    }))
}

/// What became of a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    /// A newer one is known.
    Known,
    Newer,
    /// It is newer, and the book ends there.
    Ended,
}

/// Keeps a place that is newer than the known one, which is held meanwhile, so that reports that arrive together cannot pass
/// each other; and what was heard on the way from there.
async fn keep(tx: &Tx, user_id: Uuid, audiobook_id: Uuid, place: &Position) -> Result<Kept> {
    let known =
        Entity::find_by_id((user_id, audiobook_id)).lock_exclusive().one(tx).await?.as_ref().map(Position::from);
    if known.is_some_and(|known| known.taken_at >= place.taken_at) {
        return Ok(Kept::Known);
    }
    let row = ActiveModel {
        user_id: Set(user_id),
        audiobook_id: Set(audiobook_id),
        position_ms: Set(place.position_ms),
        taken_at: Set(place.taken_at),
        speed_percent: Set(place.speed_percent),
        finished_at: Set(place.finished.then_some(place.taken_at)),
        updated_at: Set(tx.now()),
    };
    match known {
        None => {
            Entity::insert(row).exec_without_returning(tx).await?;
        }
        Some(known) => {
            Entity::update_many()
                .set(row)
                .filter(Column::UserId.eq(user_id))
                .filter(Column::AudiobookId.eq(audiobook_id))
                .exec(tx)
                .await?;
            days::count(tx, user_id, &known, place).await?;
        }
    }
    let ended = place.finished && !known.is_some_and(|known| known.finished);
    Ok(if ended { Kept::Ended } else { Kept::Newer })
}
