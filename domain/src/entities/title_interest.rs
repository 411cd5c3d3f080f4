//! What people did with a title in a day or month.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "title_interest")]
pub struct Model {
    /// A day or a month: see [`crate::figures::spans`].
    #[sea_orm(primary_key, auto_increment = false)]
    pub span: i32,
    /// The first day of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub since: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub audiobook_id: Uuid,
    /// Its page was looked at.
    pub views: i64,
    /// Its sample was begun.
    pub samples: i64,
    /// It was put into a cart.
    pub carts: i64,
    /// It was heard to its end.
    pub finished: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
