//! A code that takes something off a cart.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "coupons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In capitals.
    pub code: String,
    /// Off what it is for; else there is `amount_minor`.
    pub percent: Option<i32>,
    pub amount_minor: Option<i64>,
    /// What the cart has to come to.
    pub minimum_minor: i64,
    /// That of both.
    pub currency: String,
    /// Once for each person.
    pub once_each: bool,
    pub max_uses: Option<i32>,
    /// By orders that wait or are paid, those that were paid back among them.
    pub uses: i32,
    /// For all titles; else for those that are chosen.
    pub everything: bool,
    pub starts_at: Timestamp,
    /// Over from here on; never when `None`.
    pub ends_at: Option<Timestamp>,
    /// When it was switched off.
    pub off_at: Option<Timestamp>,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
