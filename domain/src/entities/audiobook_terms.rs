//! The normalised words a title is found by.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audiobook_terms")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub audiobook_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub term: String,
    pub weight: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
