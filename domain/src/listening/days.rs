//! On which days somebody heard how much: for themselves to see, and for nobody else.

use super::{Position, Streak};
use crate::entities::listening_days::{Column, Entity, Model};
use crate::figures::adding;
use crate::{Day, Db, Result, Tx};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// More than so much time is not believed to have been spent listening between two places, in milliseconds. Players tell
/// theirs every ten seconds; whoever comes back a day later and jumps on has not heard what lies between.
const LONGEST_MS: i64 = 5 * 60_000;
/// Days that a streak is looked for in, the newest: ten years.
const LOOKED_AT: u64 = 3_660;

/// How much of a book was heard on the way from one place to the next, in milliseconds of the book: no more than there
/// was time for.
fn heard_ms(from: &Position, to: &Position) -> i64 {
    let time = to.taken_at.since_ms(from.taken_at).clamp(0, LONGEST_MS);
    let most = time * i64::from(to.speed_percent) / 100;
    to.position_ms.saturating_sub(from.position_ms).clamp(0, most)
}

/// Adds what was heard on the way from one place in a book to the next to the day of that. Belongs into the transaction
/// that keeps the place, which is kept once.
pub(super) async fn count(tx: &Tx, user_id: Uuid, from: &Position, to: &Position) -> Result<()> {
    let heard_ms = heard_ms(from, to);
    if heard_ms == 0 {
        return Ok(());
    }
    let row = Model { user_id, day: Day::of(to.taken_at).0, heard_ms };
    let again = adding(tx.get_database_backend(), &[Column::UserId, Column::Day], &[Column::HeardMs]);
    Entity::insert(row.into_active_model()).on_conflict(again).exec_without_returning(tx).await?;
    Ok(())
}

/// On how many days in a row somebody heard something.
pub async fn streak(db: &Db, user_id: Uuid) -> Result<Streak> {
    let days: Vec<i32> = Entity::find()
        .select_only()
        .column(Column::Day)
        .filter(Column::UserId.eq(user_id))
        .order_by_desc(Column::Day)
        .limit(LOOKED_AT)
        .into_tuple()
        .all(db.read())
        .await?;
    Ok(Streak::of(days.into_iter().map(Day), Day::of(db.now())))
}

/// Some of the days of a listener, with how much was heard: those after `after`, at most `most`.
pub async fn days_after(db: &Db, user_id: Uuid, after: Option<Day>, most: u64) -> Result<Vec<(Day, i64)>> {
    let mut query = Entity::find().filter(Column::UserId.eq(user_id));
    if let Some(after) = after {
        query = query.filter(Column::Day.gt(after.0));
    }
    let rows = query.order_by_asc(Column::Day).limit(most).all(db.read()).await?;
    Ok(rows.into_iter().map(|row| (Day(row.day), row.heard_ms)).collect())
}

/// Forgets the days of a listener. Belongs into the transaction that deletes the account.
pub(super) async fn forget(tx: &Tx, user_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::UserId.eq(user_id)).exec(tx).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    fn at(position_ms: i64, second: i64, speed_percent: i32) -> Position {
        Position { position_ms, taken_at: Timestamp(second * 1000), speed_percent, finished: false }
    }

    #[test]
    fn no_more_is_heard_than_there_was_time_for() {
        let start = at(60_000, 0, 100);
        assert_eq!(heard_ms(&start, &at(70_000, 10, 100)), 10_000);
        assert_eq!(heard_ms(&start, &at(80_000, 10, 200)), 20_000, "twice as fast");
        assert_eq!(heard_ms(&start, &at(3_600_000, 10, 100)), 10_000, "a jump ahead is not heard");
        assert_eq!(heard_ms(&start, &at(0, 10, 100)), 0, "nor is one back");
        assert_eq!(heard_ms(&start, &at(3_600_000, 86_400, 100)), 300_000, "nor a pause of a day");
        assert_eq!(heard_ms(&at(0, i64::MIN / 1000, 100), &at(i64::MAX, 1, 400)), 1_200_000);
    }
}
