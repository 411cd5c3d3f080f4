//! What was sold and paid back on a day, in one currency.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "day_takings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: i32,
    #[sea_orm(primary_key, auto_increment = false)]
    pub currency: String,
    /// Orders that were paid.
    pub orders: i64,
    /// Titles in them.
    pub sold: i64,
    pub revenue_minor: i64,
    /// Titles that were paid back, whenever they were sold.
    pub returned: i64,
    pub returned_minor: i64,
    /// People who paid their first order.
    pub new_customers: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
