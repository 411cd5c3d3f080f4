//! A reduced price for a while.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sales")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// Off the list price; else there is `price_minor`.
    pub percent: Option<i32>,
    /// What each title costs meanwhile.
    pub price_minor: Option<i64>,
    /// That of `price_minor`.
    pub currency: String,
    /// For all titles; else for those that are chosen.
    pub everything: bool,
    pub starts_at: Timestamp,
    /// Over from here on; never when `None`.
    pub ends_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
