//! That a provider was passed over in a step of a title, and why.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "step_passes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub audiobook_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub step: crate::production::Step,
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider_id: Uuid,
    /// As it was called then.
    pub provider: String,
    /// The last time.
    pub reason: String,
    pub times: i32,
    pub passed_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
