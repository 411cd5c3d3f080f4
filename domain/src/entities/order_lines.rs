//! A title in a purchase, at the price it had then.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "order_lines")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub audiobook_id: Uuid,
    pub position: i32,
    pub title: String,
    pub list_price_minor: i64,
    /// What is paid, less its shares of what a bundle and the coupon took off.
    pub price_minor: i64,
    /// Its share of the coupon.
    pub discount_minor: i64,
    /// Its share of what a bundle took off.
    pub bundle_minor: i64,
    /// What the bundle was called then.
    pub bundle_name: Option<String>,
    pub currency: String,
    pub refunded_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
