//! A stretch of audio short enough for the speech model.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "chunks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub audiobook_id: Uuid,
    pub part_id: Uuid,
    pub position: i32,
    pub start_ms: i64,
    pub end_ms: i64,
    pub status: crate::production::ChunkStatus,
    pub attempt: i32,
    pub transcribed_by: Option<String>,
    pub failure: Option<String>,
    pub finished_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
