//! What a provider was asked in a month, and what that costs.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_months")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider_id: Uuid,
    /// In UTC: the first of it, in days since 1970-01-01.
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: i32,
    pub calls: i32,
    /// In millionths. What is under way is in it, as it may cost.
    pub spent: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
