//! The list of the edits of a title: added to at its end, and undone from there.

use super::rows::Row;
use super::{Edit, EditKind};
use crate::entities::text_edits::{ActiveModel, Column, Entity};
use crate::keyset::{Keys, Part, Place, Walk};
use crate::{Db, Error, Result, Timestamp, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, Order, QueryFilter, QueryOrder,
    QuerySelect, Select,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Edits of a title that are kept; older ones cannot be undone any more.
pub const KEPT: i32 = 500;
/// As much of a text is shown in the list, in characters.
const SHOWN: usize = 280;

/// A chapter as an edit keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    pub title: String,
    /// From the start of the book, in milliseconds.
    pub start_ms: i64,
}

/// What an edit changed: all of it, before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Changes {
    Lines { before: Vec<Row>, after: Vec<Row> },
    Chapters { before: Vec<Mark>, after: Vec<Mark> },
}

/// An edit about to be written down.
#[derive(Clone, Debug)]
pub struct NewEdit {
    pub kind: EditKind,
    pub at_ms: i64,
    pub before: String,
    pub after: String,
    pub places: usize,
    pub changes: Changes,
}

/// Writes an edit down. Whoever does holds the title, so that no two edits have one number.
pub(crate) async fn add(tx: &Tx, audiobook_id: Uuid, new: NewEdit) -> Result<Edit> {
    let last: Option<i32> = of_title(audiobook_id)
        .select_only()
        .column(Column::Number)
        .order_by_desc(Column::Number)
        .limit(1)
        .into_tuple()
        .one(tx)
        .await?;
    let number = last.unwrap_or(0).saturating_add(1);
    Entity::delete_many()
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::Number.lte(number - KEPT))
        .exec(tx)
        .await?;
    let row = Brief {
        id: Uuid::now_v7(),
        number,
        kind: new.kind,
        at_ms: new.at_ms,
        before: shown(&new.before),
        after: shown(&new.after),
        places: i32::try_from(new.places).unwrap_or(i32::MAX),
        created_at: tx.now(),
        undone_at: None,
    };
    Entity::insert(ActiveModel {
        id: Set(row.id),
        audiobook_id: Set(audiobook_id),
        number: Set(row.number),
        kind: Set(row.kind),
        at_ms: Set(row.at_ms),
        before: Set(row.before.clone()),
        after: Set(row.after.clone()),
        places: Set(row.places),
        changes: Set(serde_json::to_string(&new.changes)?),
        user_id: Set(tx.actor().user_id),
        created_at: Set(row.created_at),
        undone_at: Set(row.undone_at),
    })
    .exec_without_returning(tx)
    .await?;
    Ok(edit(row))
}

/// The edit that is undone next.
pub async fn last(db: &impl ConnectionTrait, audiobook_id: Uuid) -> Result<Option<Edit>> {
    let standing = briefly(audiobook_id).filter(Column::UndoneAt.is_null()).order_by_desc(Column::Number);
    Ok(standing.into_model::<Brief>().one(db).await?.map(edit))
}

/// The same with all that it changed.
pub(super) async fn last_whole(tx: &Tx, audiobook_id: Uuid) -> Result<Option<(Edit, Changes)>> {
    let Some(edit) = last(tx, audiobook_id).await? else { return Ok(None) };
    let changes = Entity::find_by_id(edit.id).select_only().column(Column::Changes);
    let changes: Option<String> = changes.into_tuple().one(tx).await?;
    let changes = changes.ok_or_else(|| Error::Damaged("an edit that was just read is gone".to_owned()))?;
    Ok(Some((edit, serde_json::from_str(&changes)?)))
}

/// An edit is undone.
pub(super) async fn undone(tx: &Tx, id: Uuid) -> Result<()> {
    Entity::update_many().col_expr(Column::UndoneAt, Expr::value(tx.now())).filter(Column::Id.eq(id)).exec(tx).await?;
    Ok(())
}

/// The edits of a title, the newest first.
///
/// # Errors
/// [`Error::Invalid`](crate::Error::Invalid) for a place of another list.
pub async fn walk(db: &Db, audiobook_id: Uuid, walk: Walk<'_>) -> Result<Part<Edit>> {
    let by_number = Keys::number(Column::Number.into_expr(), Column::Id.into_expr(), Order::Desc);
    let rows = walk.of(briefly(audiobook_id), &by_number)?.into_model::<Brief>().all(db.read()).await?;
    let part = walk.part(rows, |row| Place::at_number(i64::from(row.number), row.id));
    Ok(Part { items: part.items.into_iter().map(edit).collect(), next: part.next })
}

/// Forgets the edits of a title: what they changed is gone.
pub(crate) async fn forget(tx: &Tx, audiobook_id: Uuid) -> Result<()> {
    Entity::delete_many().filter(Column::AudiobookId.eq(audiobook_id)).exec(tx).await?;
    Ok(())
}

fn of_title(audiobook_id: Uuid) -> Select<Entity> {
    Entity::find().filter(Column::AudiobookId.eq(audiobook_id))
}

/// An edit without what it changed, which may be the text of two hundred sentences.
#[derive(FromQueryResult)]
struct Brief {
    id: Uuid,
    number: i32,
    kind: EditKind,
    at_ms: i64,
    before: String,
    after: String,
    places: i32,
    created_at: Timestamp,
    undone_at: Option<Timestamp>,
}

fn briefly(audiobook_id: Uuid) -> Select<Entity> {
    use Column::{After, AtMs, Before, CreatedAt, Id, Kind, Number, Places, UndoneAt};
    of_title(audiobook_id).select_only().columns([Id, Number, Kind, AtMs, Before, After, Places, CreatedAt, UndoneAt])
}

fn edit(row: Brief) -> Edit {
    Edit {
        id: row.id,
        number: row.number,
        kind: row.kind,
        at_ms: row.at_ms,
        before: row.before,
        after: row.after,
        places: u32::try_from(row.places).unwrap_or(0),
        made_at: row.created_at,
        undone: row.undone_at.is_some(),
    }
}

/// The beginning of a text.
fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
