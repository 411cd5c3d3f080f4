//! A transcript as an admin reviews it: what is doubtful, what was decided, and all of it.

use super::edits::rows::{self, Row};
use super::edits::sentence::{cut, worded};
use super::edits::{EditKind, change};
use super::{Place, PlaceCounts, Shown, Standing};
use crate::entities::segments::{Column, Entity, Model};
use crate::keyset::{self, Keys, Part, Walk};
use crate::{Db, Error, Page, PageRequest, Result, Tx};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, Order, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Select,
};
use uuid::Uuid;

/// What is said so long before or after a place is shown beside it, in milliseconds.
const BESIDE_MS: i64 = 60_000;

/// What an admin makes of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// This is what is said: as it was heard, or corrected where the text is another.
    Said(String),
    /// Nothing of the kind is said.
    Drop,
}

/// What became of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    pub standing: Standing,
    pub start_ms: i64,
    /// What it said before.
    pub before: String,
    /// What it says now.
    pub text: String,
}

#[derive(FromQueryResult)]
struct Count {
    standing: Standing,
    number: i64,
}

/// A piece beside a place.
#[derive(FromQueryResult)]
struct Neighbour {
    id: Uuid,
    start_ms: i64,
    text: String,
    standing: Standing,
}

/// How much of a title's text waits for a decision.
pub async fn doubtful(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<u64> {
    let waiting =
        Entity::find().filter(Column::AudiobookId.eq(audiobook_id)).filter(Column::Standing.eq(Standing::Doubtful));
    Ok(waiting.count(db).await?)
}

/// How the pieces of a title's text stand.
pub async fn counts(db: &Db, audiobook_id: Uuid) -> Result<PlaceCounts> {
    let rows = Entity::find()
        .select_only()
        .column(Column::Standing)
        .column_as(Column::Id.count(), "number")
        .filter(Column::AudiobookId.eq(audiobook_id))
        .group_by(Column::Standing)
        .into_model::<Count>()
        .all(db.read())
        .await?;
    let mut counts = PlaceCounts::default();
    for row in rows {
        let number = u64::try_from(row.number).unwrap_or(0);
        counts.all += number;
        match row.standing {
            Standing::Doubtful => counts.doubtful += number,
            Standing::Heard => {}
            Standing::Accepted | Standing::Corrected | Standing::Dropped => counts.decided += number,
        }
    }
    Ok(counts)
}

/// The pieces of a title's text, in order.
pub async fn page(db: &Db, audiobook_id: Uuid, shown: Shown, page: PageRequest) -> Result<Page<Place>> {
    let found = of_title(audiobook_id, shown);
    let total = found.clone().count(db.read()).await?;
    let rows = found
        .order_by_asc(Column::StartMs)
        .order_by_asc(Column::Position)
        .offset(page.offset())
        .limit(u64::from(page.size))
        .all(db.read())
        .await?;
    let mut places: Vec<Place> = rows.into_iter().map(place).collect();
    if shown != Shown::All {
        put_beside(db, audiobook_id, &mut places).await?;
    }
    Ok(Page::new(places, total, page))
}

/// A part of them, for programs: what is decided on the way hides no other.
///
/// # Errors
/// [`Error::Invalid`] for a place of another list.
pub async fn walk(db: &Db, audiobook_id: Uuid, shown: Shown, walk: Walk<'_>) -> Result<Part<Place>> {
    let by_start = Keys::number(Column::StartMs.into_expr(), Column::Id.into_expr(), Order::Asc);
    let rows = walk.of(of_title(audiobook_id, shown), &by_start)?.all(db.read()).await?;
    let part = walk.part(rows, |row| keyset::Place::at_number(row.start_ms, row.id));
    let mut places: Vec<Place> = part.items.into_iter().map(place).collect();
    if shown != Shown::All {
        put_beside(db, audiobook_id, &mut places).await?;
    }
    Ok(Part { items: places, next: part.next })
}

fn of_title(audiobook_id: Uuid, shown: Shown) -> Select<Entity> {
    let of_title = Entity::find().filter(Column::AudiobookId.eq(audiobook_id));
    match shown {
        Shown::Doubtful => of_title.filter(Column::Standing.eq(Standing::Doubtful)),
        Shown::Decided => of_title.filter(Column::Standing.is_in(Standing::DECIDED)),
        Shown::All => of_title,
    }
}

fn place(row: Model) -> Place {
    Place {
        id: row.id,
        start_ms: row.start_ms,
        end_ms: row.end_ms,
        text: row.text,
        heard: row.heard_text,
        doubt: row.flag,
        standing: row.standing,
        before: None,
        after: None,
    }
}

/// Reads what is said before and after each place, all at once.
async fn put_beside(db: &Db, audiobook_id: Uuid, places: &mut [Place]) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    let near = places.iter().fold(Condition::any(), |near, place| {
        near.add(Column::StartMs.between(place.start_ms - BESIDE_MS, place.end_ms + BESIDE_MS))
    });
    let rows = Entity::find()
        .select_only()
        .columns([Column::Id, Column::StartMs, Column::Text, Column::Standing])
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(near)
        .order_by_asc(Column::StartMs)
        .order_by_asc(Column::Position)
        .into_model::<Neighbour>()
        .all(db.read())
        .await?;
    for place in places {
        let Some(at) = rows.iter().position(|row| row.id == place.id) else { continue };
        let is_near = |row: &&Neighbour| {
            row.standing != Standing::Dropped && (row.start_ms - place.start_ms).abs() <= BESIDE_MS * 2
        };
        place.before = rows[..at].iter().next_back().filter(is_near).map(|row| row.text.clone());
        place.after = rows[at + 1..].iter().next().filter(is_near).map(|row| row.text.clone());
    }
    Ok(())
}

/// Decides about a place.
///
/// # Errors
/// [`Error::Conflict`] when it is not there any more, [`Error::Invalid`] for a text that is empty or too long.
pub(crate) async fn decide(tx: &Tx, audiobook_id: Uuid, id: Uuid, verdict: &Verdict) -> Result<Decision> {
    let row = rows::one(tx, audiobook_id, id).await?.ok_or_else(|| Error::conflict("transcript.heard-anew"))?;
    let old = Row::of(&row)?;
    let new = match verdict {
        Verdict::Drop => Row { standing: Standing::Dropped, ..old.clone() },
        Verdict::Said(text) => cut(&old, &[worded(text)?])?.pop().unwrap_or_else(|| old.clone()),
    };
    let by_hand = old.by_hand || matches!(new.standing, Standing::Dropped | Standing::Corrected);
    let new = Row { by_hand, ..new };
    let decision =
        Decision { standing: new.standing, start_ms: new.start_ms, before: old.text, text: new.text.clone() };
    if !new.is(&row) {
        let kind = match new.standing {
            Standing::Dropped => EditKind::Dropped,
            _ if decision.text != decision.before => EditKind::Worded,
            _ => EditKind::Accepted,
        };
        let before = [row];
        rows::write(tx, audiobook_id, &before, std::slice::from_ref(&new)).await?;
        change::note(tx, audiobook_id, kind, &before, vec![new]).await?;
    }
    Ok(decision)
}
