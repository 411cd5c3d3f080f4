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
    /// What is paid, less its shares of what a bundle and the coupon took off; tax is in it.
    pub price_minor: i64,
    /// Its share of the coupon.
    pub discount_minor: i64,
    /// Its share of what a bundle took off.
    pub bundle_minor: i64,
    /// What the bundle was called then.
    pub bundle_name: Option<String>,
    /// What the tax is called; `None` where there is none.
    pub tax_name: Option<String>,
    /// In thousandths of a percent.
    pub tax_rate: Option<i32>,
    /// The tax in its price.
    pub tax_minor: i64,
    pub currency: String,
    /// What of its price was paid back.
    pub refunded_minor: i64,
    /// When all of it was.
    pub refunded_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
