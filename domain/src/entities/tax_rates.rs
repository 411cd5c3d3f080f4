//! The tax that the people of a country pay.

use crate::Timestamp;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tax_rates")]
pub struct Model {
    /// Two letters of ISO 3166-1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub country: String,
    pub name: String,
    /// In thousandths of a percent.
    pub rate: i32,
    pub changed_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
