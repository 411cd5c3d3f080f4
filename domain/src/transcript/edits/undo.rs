//! Undoing edits, the last one first.

use super::log::{self, Changes};
use super::rows::{self, Row};
use super::{Undone, chaptering};
use crate::{Error, Result, Tx};
use std::collections::HashSet;
use uuid::Uuid;

/// Undoes the last edit of a title, which has to be the one that somebody saw. What is there must be what that edit made of
/// it: else nothing is changed but that it does not stand in the way any more.
///
/// # Errors
/// [`Error::Conflict`] when there is nothing to undo, or somebody else has edited or undone since.
pub(crate) async fn last(tx: &Tx, audiobook_id: Uuid, seen: Uuid) -> Result<Undone> {
    let Some((edit, changes)) = log::last_whole(tx, audiobook_id).await? else {
        return Err(Error::conflict("transcript.nothing-to-undo"));
    };
    if edit.id != seen {
        return Err(Error::conflict("transcript.edited-since").with("what", edit.kind.words()));
    }
    let possible = match changes {
        Changes::Lines { before, after } => lines(tx, audiobook_id, before, &after).await?,
        Changes::Chapters { before, after } => chaptering::put_back(tx, audiobook_id, &before, &after).await?,
    };
    log::undone(tx, edit.id).await?;
    Ok(Undone { edit, possible })
}

async fn lines(tx: &Tx, audiobook_id: Uuid, before: Vec<Row>, after: &[Row]) -> Result<bool> {
    let ids: HashSet<Uuid> = before.iter().chain(after).map(|row| row.id).collect();
    let there = rows::some(tx, audiobook_id, &ids.into_iter().collect::<Vec<_>>()).await?;
    let untouched =
        there.len() == after.len() && after.iter().all(|row| there.iter().any(|now| now.id == row.id && row.is(now)));
    if untouched {
        rows::write(tx, audiobook_id, &there, &before).await?;
    }
    Ok(untouched)
}
