//! After declined cards the next try waits: whoever tries many cards on a shop finds out which ones are good.

use super::OrderStatus;
use crate::entities::orders::{Column, Entity};
use crate::{Error, Result, Timestamp, Tx};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Declined cards that cost nobody any time: a wrong number, an empty account, the other card.
const FREE: u32 = 3;
/// What the first one after them waits, in milliseconds; each further one waits twice as long.
const FIRST_MS: i64 = 60_000;
/// No wait is longer.
const LONGEST_MS: i64 = 60 * 60_000;
/// Those of before are forgotten.
const REMEMBERED_MS: i64 = Timestamp::DAY_MS;
/// More make no difference: the wait is the longest by then.
const MOST: u64 = 12;

/// Whether somebody may try another card now.
///
/// # Errors
/// [`Error::TooMany`] with how long to wait.
pub(super) async fn after_declines(tx: &Tx, user_id: Uuid) -> Result<()> {
    let now = tx.now();
    let declined: Vec<Timestamp> = Entity::find()
        .select_only()
        .column(Column::UpdatedAt)
        .filter(Column::UserId.eq(user_id))
        .filter(Column::Status.eq(OrderStatus::Declined))
        .filter(Column::CreatedAt.gt(now.plus_ms(-REMEMBERED_MS)))
        .order_by_desc(Column::CreatedAt)
        .limit(MOST)
        .into_tuple()
        .all(tx)
        .await?;
    let Some(last) = declined.iter().max() else { return Ok(()) };
    let wait_ms = wait_ms(u32::try_from(declined.len()).unwrap_or(u32::MAX)) - now.since_ms(*last);
    if wait_ms > 0 { Err(Error::TooMany { wait_ms }) } else { Ok(()) }
}

/// How long to wait after so many declined cards, in milliseconds.
fn wait_ms(declined: u32) -> i64 {
    match declined.checked_sub(FREE) {
        None | Some(0) => 0,
        Some(more) => FIRST_MS.saturating_mul(1 << (more - 1).min(10)).min(LONGEST_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_an_hour() {
        let minutes: Vec<i64> = (0..13).map(|declined| wait_ms(declined) / 60_000).collect();
        assert_eq!(minutes, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(wait_ms(u32::MAX), LONGEST_MS);
    }
}
