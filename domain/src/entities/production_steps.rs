//! Where a title is on its way from audio to product page.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "production_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub audiobook_id: Uuid,
    pub step: crate::production::Step,
    pub status: crate::production::StepStatus,
    pub attempt: i32,
    pub progress_permille: i32,
    pub message: Option<String>,
    pub provider: Option<String>,
    pub model: Option<String>,
    pub input_hash: Option<String>,
    pub coverage_permille: Option<i32>,
    pub output: Option<String>,
    pub started_at: Option<Timestamp>,
    pub finished_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
