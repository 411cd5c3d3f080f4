//! A model that every worker is to have.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "model_fetches")]
pub struct Model {
    /// As `lectern models list` names it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub asked_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
