//! Finding words in all of a title's text, and replacing what was shown.

use super::change::note;
use super::matching::Replacement;
use super::rows::{self, Row};
use super::sentence::cut;
use super::{Edit, EditKind, Match, Matches};
use crate::entities::segments::{Column, Entity, Model};
use crate::transcript::Standing;
use crate::{Db, Error, Result, Tx, secret};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use std::fmt::Write;
use uuid::Uuid;

/// Sentences that are changed at once: as many as somebody looks through before.
pub const MOST: usize = 200;
/// Sentences read at once.
const AT_ONCE: u64 = 1_000;
/// Longest words that are looked for or put in their place, in characters.
const LONGEST: usize = 200;

/// A sentence as it is looked through.
type Looked = (Uuid, i64, i32, String, i32);

/// The sentences in which something would be replaced, in order, and what would come of each. What is not spoken is left out.
///
/// # Errors
/// [`Error::Invalid`] when nothing is looked for, or it is too long.
pub async fn matches(db: &Db, audiobook_id: Uuid, wanted: &Replacement) -> Result<Matches> {
    checked(wanted)?;
    let (mut places, mut versions, mut more) = (Vec::new(), String::new(), false);
    let mut after: Option<(i64, i32)> = None;
    'book: loop {
        let some = part(db, audiobook_id, after).await?;
        let Some((_, start_ms, position, ..)) = some.last() else { break };
        after = Some((*start_ms, *position));
        let whole = some.len() as u64 == AT_ONCE;
        for (id, start_ms, _, before, version) in some {
            let Some(made) = wanted.of(&before).filter(|made| *made != before) else { continue };
            if places.len() == MOST {
                more = true;
                break 'book;
            }
            let _ = writeln!(versions, "{id} {version} {made}");
            places.push(Match { id, start_ms, before, after: made });
        }
        if !whole {
            break;
        }
    }
    Ok(Matches { places, more, seen: secret::digest(&versions) })
}

/// The next sentences after one.
async fn part(db: &Db, audiobook_id: Uuid, after: Option<(i64, i32)>) -> Result<Vec<Looked>> {
    let columns = [Column::Id, Column::StartMs, Column::Position, Column::Text, Column::Version];
    let mut some = Entity::find()
        .select_only()
        .columns(columns)
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::Standing.ne(Standing::Dropped));
    if let Some((start_ms, position)) = after {
        let beyond = Condition::any().add(Column::StartMs.gt(start_ms)).add(Column::Position.gt(position));
        some = some.filter(Column::StartMs.gte(start_ms)).filter(beyond);
    }
    let some = some.order_by_asc(Column::StartMs).order_by_asc(Column::Position).limit(AT_ONCE);
    Ok(some.into_tuple().all(db.read()).await?)
}

/// Replaces what was found: each sentence as it was shown. A sentence of which nothing is left is not spoken.
///
/// # Errors
/// [`Error::Conflict`] when somebody has changed one of them since, [`Error::Invalid`] when one would be too long.
pub(crate) async fn replace(
    tx: &Tx,
    audiobook_id: Uuid,
    wanted: &Replacement,
    found: &Matches,
) -> Result<Option<Edit>> {
    let ids: Vec<Uuid> = found.places.iter().map(|place| place.id).collect();
    let mut before: Vec<Model> = rows::some(tx, audiobook_id, &ids).await?;
    before.sort_by_key(|row| (row.start_ms, row.position));
    let mut after = Vec::with_capacity(before.len());
    for place in &found.places {
        let row = before.iter().find(|row| row.id == place.id && row.text == place.before).ok_or_else(changed)?;
        after.push(replaced(&Row::of(row)?, wanted)?);
    }
    if before.is_empty() {
        return Ok(None);
    }
    after.sort_by_key(|row| (row.start_ms, row.position));
    rows::write(tx, audiobook_id, &before, &after).await?;
    Ok(Some(note(tx, audiobook_id, EditKind::Replaced, &before, after).await?))
}

fn replaced(row: &Row, wanted: &Replacement) -> Result<Row> {
    let text = wanted.of(&row.text).unwrap_or_default();
    if text.is_empty() {
        return Ok(Row { standing: Standing::Dropped, by_hand: true, ..row.clone() });
    }
    let doubtful = row.standing == Standing::Doubtful;
    let made = cut(row, &[text])?.pop().ok_or_else(changed)?;
    // Who replaces a word everywhere has not listened to what waits for a decision.
    let standing = if doubtful { Standing::Doubtful } else { made.standing };
    Ok(Row { standing, by_hand: true, ..made })
}

fn checked(wanted: &Replacement) -> Result<()> {
    if wanted.find.trim().is_empty() {
        return Err(Error::invalid("find", "transcript.find-nothing"));
    }
    for (field, text) in [("find", &wanted.find), ("put", &wanted.put)] {
        if text.chars().count() > LONGEST {
            return Err(Error::invalid(field, "transcript.find-too-long").with("most", LONGEST));
        }
    }
    Ok(())
}

/// What was shown is not what is there any more.
pub(crate) fn changed() -> Error {
    Error::conflict("transcript.matches-changed")
}
