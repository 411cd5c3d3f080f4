//! Several titles at one price.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bundles")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// As shoppers read it.
    pub name: String,
    /// What all its titles cost together.
    pub price_minor: i64,
    pub currency: String,
    /// How many titles it has: one that lost a title is never offered.
    pub titles: i32,
    pub starts_at: Timestamp,
    /// Over from here on; never when `None`.
    pub ends_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
