//! Rows of the text as an edit keeps them, and writing them over what is there.

use crate::db::BATCH;
use crate::entities::chunks;
use crate::entities::segments::{ActiveModel, Column, Entity, Model};
use crate::transcript::edits::Line;
use crate::transcript::{Doubt, Standing, Word};
use crate::{Error, Result, Tx};
use sea_orm::prelude::Expr;
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use uuid::Uuid;

/// A sentence, all of it but its version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    pub id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub chunk_id: Option<Uuid>,
    pub position: i32,
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    pub words: Vec<Word>,
    pub confidence: f32,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub flag: Option<Doubt>,
    pub standing: Standing,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub heard_text: Option<String>,
    pub by_hand: bool,
    pub apart: bool,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub speaker: Option<String>,
}

impl Row {
    /// # Errors
    /// When the words are damaged.
    pub(in crate::transcript) fn of(row: &Model) -> Result<Self> {
        Ok(Self {
            id: row.id,
            chunk_id: row.chunk_id,
            position: row.position,
            start_ms: row.start_ms,
            end_ms: row.end_ms,
            text: row.text.clone(),
            words: serde_json::from_str(&row.words)?,
            confidence: row.confidence,
            flag: row.flag,
            standing: row.standing,
            heard_text: row.heard_text.clone(),
            by_hand: row.by_hand,
            apart: row.apart,
            speaker: row.speaker.clone(),
        })
    }

    /// Whether this is what is there, as far as people see it. Which chunk it is from may have changed, and a database may
    /// round how sure the model was.
    pub(in crate::transcript) fn is(&self, row: &Model) -> bool {
        (self.start_ms, self.end_ms, self.standing, self.apart) == (row.start_ms, row.end_ms, row.standing, row.apart)
            && (self.text.as_str(), self.speaker.as_deref()) == (row.text.as_str(), row.speaker.as_deref())
    }
}

/// A sentence as an editor has it.
pub(super) fn line(row: Model) -> Line {
    Line {
        id: row.id,
        version: row.version,
        start_ms: row.start_ms,
        end_ms: row.end_ms,
        text: row.text,
        heard: row.heard_text,
        doubt: row.flag,
        standing: row.standing,
        speaker: row.speaker,
        by_hand: row.by_hand,
    }
}

/// A sentence of a title; `None` when it is not there.
pub(in crate::transcript) async fn one(
    db: &impl ConnectionTrait,
    audiobook_id: Uuid,
    id: Uuid,
) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).filter(Column::AudiobookId.eq(audiobook_id)).one(db).await?)
}

/// A sentence of a title that is at the version that somebody knows.
///
/// # Errors
/// [`Error::Conflict`] when it is not there any more, or somebody else has changed it: with what it says now.
pub(super) async fn known(tx: &Tx, audiobook_id: Uuid, id: Uuid, version: i32) -> Result<Model> {
    let row = one(tx, audiobook_id, id).await?.ok_or_else(|| Error::conflict("transcript.heard-anew"))?;
    if row.version != version {
        return Err(Error::conflict("transcript.changed").with("text", row.text));
    }
    Ok(row)
}

/// The sentences that come after one, at most `most`.
pub(super) async fn following(tx: &Tx, audiobook_id: Uuid, row: &Model, most: u64) -> Result<Vec<Model>> {
    if most == 0 {
        return Ok(Vec::new());
    }
    let later = Column::StartMs.gt(row.start_ms);
    let beside = sea_orm::Condition::any().add(later).add(Column::Position.gt(row.position));
    let rows = Entity::find()
        .filter(Column::AudiobookId.eq(audiobook_id))
        .filter(Column::StartMs.gte(row.start_ms))
        .filter(beside)
        .order_by_asc(Column::StartMs)
        .order_by_asc(Column::Position)
        .limit(most);
    Ok(rows.all(tx).await?)
}

/// Sentences by their ids; those that are gone are missing.
pub(super) async fn some(tx: &Tx, audiobook_id: Uuid, ids: &[Uuid]) -> Result<Vec<Model>> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(BATCH) {
        let rows = Entity::find().filter(Column::Id.is_in(ids.iter().copied()));
        found.extend(rows.filter(Column::AudiobookId.eq(audiobook_id)).all(tx).await?);
    }
    Ok(found)
}

/// Puts sentences in place of others: those of `after` that were there are changed, the others added, and those that are only
/// in `before` go. Each gets a version of its own.
///
/// # Errors
/// [`Error::Conflict`] when somebody else has changed one since it was read.
pub(in crate::transcript) async fn write(tx: &Tx, audiobook_id: Uuid, before: &[Model], after: &[Row]) -> Result<()> {
    let stay: HashSet<Uuid> = after.iter().map(|row| row.id).collect();
    let gone: Vec<Uuid> = before.iter().map(|row| row.id).filter(|id| !stay.contains(id)).collect();
    for gone in gone.chunks(BATCH) {
        Entity::delete_many().filter(Column::Id.is_in(gone.iter().copied())).exec(tx).await?;
    }
    for row in after {
        match before.iter().find(|old| old.id == row.id) {
            Some(old) => change(tx, old, row).await?,
            None => add(tx, audiobook_id, row).await?,
        }
    }
    Ok(())
}

async fn change(tx: &Tx, old: &Model, row: &Row) -> Result<()> {
    let changed = Entity::update_many()
        .col_expr(Column::StartMs, Expr::value(row.start_ms))
        .col_expr(Column::EndMs, Expr::value(row.end_ms))
        .col_expr(Column::Text, Expr::value(row.text.as_str()))
        .col_expr(Column::Words, Expr::value(serde_json::to_string(&row.words)?))
        .col_expr(Column::Flag, Expr::value(row.flag))
        .col_expr(Column::Standing, Expr::value(row.standing))
        .col_expr(Column::HeardText, Expr::value(row.heard_text.as_deref()))
        .col_expr(Column::ByHand, Expr::value(row.by_hand))
        .col_expr(Column::Apart, Expr::value(row.apart))
        .col_expr(Column::Speaker, Expr::value(row.speaker.as_deref()))
        .col_expr(Column::Version, Expr::value(old.version.saturating_add(1)))
        .filter(Column::Id.eq(old.id))
        // Again, because another transaction may have changed it since it was read.
        .filter(Column::Version.eq(old.version))
        .exec(tx)
        .await?;
    if changed.rows_affected == 0 {
        return Err(Error::conflict("transcript.changed").with("text", &old.text));
    }
    Ok(())
}

async fn add(tx: &Tx, audiobook_id: Uuid, row: &Row) -> Result<()> {
    // What it was heard in may have been cut otherwise since.
    let chunk_id = match row.chunk_id {
        Some(id) => chunks::Entity::find_by_id(id).one(tx).await?.map(|chunk| chunk.id),
        None => None,
    };
    let new = ActiveModel {
        id: Set(row.id),
        audiobook_id: Set(audiobook_id),
        chunk_id: Set(chunk_id),
        position: Set(row.position),
        start_ms: Set(row.start_ms),
        end_ms: Set(row.end_ms),
        text: Set(row.text.clone()),
        words: Set(serde_json::to_string(&row.words)?),
        confidence: Set(row.confidence),
        flag: Set(row.flag),
        standing: Set(row.standing),
        heard_text: Set(row.heard_text.clone()),
        // Whoever knew it before it went knows another one.
        version: Set(1),
        by_hand: Set(row.by_hand),
        apart: Set(row.apart),
        speaker: Set(row.speaker.clone()),
    };
    Entity::insert(new).exec_without_returning(tx).await?;
    Ok(())
}
