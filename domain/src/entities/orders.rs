//! A purchase.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "orders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub number: String,
    pub user_id: Uuid,
    pub status: crate::ordering::OrderStatus,
    pub total_minor: i64,
    /// What was paid back of it.
    pub refunded_minor: i64,
    pub currency: String,
    pub coupon_id: Option<Uuid>,
    /// As it was typed.
    pub coupon_code: Option<String>,
    /// What the coupon took off, in all.
    pub discount_minor: i64,
    pub idempotency_key: String,
    /// When its buyer agreed that the right of withdrawal ends with the first play.
    pub withdrawal_agreed_at: Option<Timestamp>,
    /// The version of the words that they agreed to.
    pub withdrawal_wording: Option<i32>,
    /// Where its buyer lives, by their own word: two letters of ISO 3166-1. `None` where nobody was asked.
    pub tax_country: Option<String>,
    /// The tax in its total.
    pub tax_minor: i64,
    /// Tax came on top of the prices; else it was in them.
    pub tax_added: bool,
    pub created_at: Timestamp,
    pub paid_at: Option<Timestamp>,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
