//! Changing the parts of a title: their order, and taking one out. Listeners stay where they are in their part, and what was
//! bought stays bought. Work that is under way begins again where it was.

use super::keep::take_out;
use super::lay::lay;
use super::shift::{Moments, Span};
use super::{Part, parts};
use crate::audit::{self, Action, Entry};
use crate::catalog::titles;
use crate::jobs;
use crate::production::jobs::{FAMILY, STEP_KINDS, group};
use crate::production::{deletion, steps};
use crate::{Db, Error, Result, Tx};
use serde_json::json;
use std::collections::HashSet;
use uuid::Uuid;

/// A title whose parts are being changed.
struct Changing {
    title: String,
    parts: Vec<Part>,
    /// A step was asked for, or under way: its trace.
    working: Option<Option<String>>,
}

/// Holds a title, and stops what works on it.
async fn begin(tx: &Tx, audiobook_id: Uuid, known: Option<i32>) -> Result<Changing> {
    // In the order in which a worker takes what it changes.
    let trace = jobs::trace_of(tx, &group(audiobook_id), FAMILY).await?;
    let stopped = jobs::cancel_group(tx, &group(audiobook_id), &STEP_KINDS).await?;
    let title = titles::locked(tx, audiobook_id).await?;
    if known.is_some_and(|known| known != title.parts_version) {
        return Err(Error::conflict("parts.changed"));
    }
    let parts = parts(tx, audiobook_id).await?;
    Ok(Changing { title: title.title, parts, working: (stopped > 0).then_some(trace) })
}

/// Lays the parts in an order, and lets work go on.
async fn end(tx: &Tx, audiobook_id: Uuid, changing: &Changing, order: &[&Part]) -> Result<()> {
    let before: Vec<Span> = changing.parts.iter().map(Span::of).collect();
    let order: Vec<(Uuid, i64)> = order.iter().map(|part| (part.id, part.duration_ms)).collect();
    lay(tx, audiobook_id, &before, &order, Moments::AsFar).await?;
    match &changing.working {
        Some(trace) => steps::begin_again(tx, audiobook_id, trace.clone()).await,
        None => Ok(()),
    }
}

/// Puts the parts of a title in this order; each has to be named once. `known` is the version of the parts that the order is of.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title, [`Error::Invalid`] when the order is not of its parts, [`Error::Conflict`]
/// when somebody has changed them since.
pub async fn put_in_order(db: &Db, audiobook_id: Uuid, order: &[Uuid], known: Option<i32>) -> Result<()> {
    db.transaction(async |tx| {
        // Not even work that is under way is disturbed where there is nothing to change.
        if is_in_order(&tx, audiobook_id, order, known).await? {
            return Ok(());
        }
        let changing = begin(&tx, audiobook_id, known).await?;
        let named: HashSet<Uuid> = order.iter().copied().collect();
        let found: Vec<&Part> =
            order.iter().filter_map(|id| changing.parts.iter().find(|part| part.id == *id)).collect();
        if named.len() != order.len() || found.len() != order.len() || order.len() != changing.parts.len() {
            return Err(Error::invalid("order", "parts.not-each-once"));
        }
        end(&tx, audiobook_id, &changing, &found).await?;
        let names: Vec<&str> = found.iter().map(|part| part.source.original_name.as_str()).collect();
        let details = json!({ "title": changing.title, "order": names });
        audit::record(&tx, Entry::new(Action::PartsOrdered).on("title", audiobook_id).with(details)).await
    })
    .await
}

/// Whether the parts lie in this order already, for somebody who knows of their last change.
async fn is_in_order(tx: &Tx, audiobook_id: Uuid, order: &[Uuid], known: Option<i32>) -> Result<bool> {
    let title = titles::by_id(tx, audiobook_id).await?;
    if known.is_some_and(|known| known != title.parts_version) {
        return Ok(false);
    }
    let there = parts(tx, audiobook_id).await?;
    Ok(!there.is_empty() && there.iter().map(|part| part.id).eq(order.iter().copied()))
}

/// Moves a part one place up, or down. At the end of the list it stays.
///
/// # Errors
/// As [`put_in_order`]; [`Error::NotFound`] also when the title has no such part.
pub async fn swap(db: &Db, audiobook_id: Uuid, part: Uuid, up: bool, known: Option<i32>) -> Result<()> {
    let there = parts(db.read(), audiobook_id).await?;
    let mut order: Vec<Uuid> = there.iter().map(|part| part.id).collect();
    let place = order.iter().position(|id| *id == part).ok_or(Error::NotFound("part"))?;
    let other = if up { place.checked_sub(1) } else { Some(place + 1) };
    match other.filter(|other| *other < order.len()) {
        Some(other) => order.swap(place, other),
        None => return Ok(()),
    }
    match put_in_order(db, audiobook_id, &order, known).await {
        // A part came or went in between.
        Err(Error::Invalid { .. }) => Err(Error::conflict("parts.changed")),
        done => done,
    }
}

/// Takes a part out of a title, with its text. Listeners who were in it are where the next one begins.
///
/// # Errors
/// [`Error::NotFound`] when there is no such title or part, [`Error::Conflict`] when it is the only one, or somebody has
/// changed the parts since.
pub async fn remove(db: &Db, audiobook_id: Uuid, part: Uuid, known: Option<i32>) -> Result<()> {
    db.transaction(async |tx| {
        let changing = begin(&tx, audiobook_id, known).await?;
        let gone = changing.parts.iter().find(|other| other.id == part).ok_or(Error::NotFound("part"))?;
        let left: Vec<&Part> = changing.parts.iter().filter(|other| other.id != part).collect();
        if left.is_empty() {
            return Err(Error::conflict("parts.last"));
        }
        take_out(&tx, audiobook_id, gone).await?;
        end(&tx, audiobook_id, &changing, &left).await?;
        deletion::delete_files(&tx, &[gone.source.file_id]).await?;
        let details = json!({ "title": changing.title, "part": gone.position + 1, "file": gone.source.original_name });
        audit::record(&tx, Entry::new(Action::PartRemoved).on("title", audiobook_id).with(details)).await
    })
    .await
}
