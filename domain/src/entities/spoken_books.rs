//! Titles that are found by what is said in them: the number that their rows in the index begin with.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "spoken_books")]
pub struct Model {
    #[sea_orm(primary_key)]
    pub number: i32,
    pub audiobook_id: Uuid,
    /// Whose stems the index has.
    pub language: String,
    /// By which rules the index was made: 0 while it was not.
    pub made: i32,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
