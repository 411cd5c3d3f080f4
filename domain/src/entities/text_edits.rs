//! What people changed in the text and the chapters of a title, in order, so that it can be undone.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "text_edits")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub audiobook_id: Uuid,
    /// Counted from 1 for each title.
    pub number: i32,
    pub kind: crate::transcript::edits::EditKind,
    /// From the start of the book.
    pub at_ms: i64,
    /// How what was changed began before, and how it does now.
    pub before: String,
    pub after: String,
    /// How many sentences or chapters it changed.
    pub places: i32,
    /// JSON: all that is needed to undo it.
    pub changes: String,
    pub user_id: Option<Uuid>,
    pub created_at: Timestamp,
    pub undone_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
