//! What was sold and paid back of a title in a day or month, in one currency.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "title_takings")]
pub struct Model {
    /// A day or a month: see [`crate::figures::spans`].
    #[sea_orm(primary_key, auto_increment = false)]
    pub span: i32,
    /// The first day of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub since: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub audiobook_id: Uuid,
    pub sold: i64,
    pub revenue_minor: i64,
    pub returned: i64,
    pub returned_minor: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
