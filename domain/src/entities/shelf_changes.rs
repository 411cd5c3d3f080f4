//! How often what shoppers see has changed: the sum of all rows.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "shelf_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub lane: i32,
    pub changes: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
