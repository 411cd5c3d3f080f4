//! What was said: a sentence or so, with its words.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "segments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub audiobook_id: Uuid,
    pub chunk_id: Option<Uuid>,
    pub position: i32,
    pub start_ms: i64,
    pub end_ms: i64,
    pub text: String,
    pub words: String,
    pub confidence: f32,
    pub flag: Option<crate::transcript::Doubt>,
    pub standing: crate::transcript::Standing,
    pub heard_text: Option<String>,
    /// Counts the changes that people made.
    pub version: i32,
    /// Somebody put it right: it stays when the recording is heard again.
    pub by_hand: bool,
    /// It begins a sentence, whatever stands before it.
    pub apart: bool,
    /// Who says it, where somebody said so.
    pub speaker: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
