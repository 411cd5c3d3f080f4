//! A message to an address that is told what happens in the shop.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::webhooks::DeliveryStatus;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    /// That of the message too: every try has the same.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub webhook_id: Uuid,
    pub event: String,
    /// JSON, as it is signed and sent.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    pub status: DeliveryStatus,
    pub tries: i32,
    pub created_at: Timestamp,
    pub tried_at: Option<Timestamp>,
    /// When it is tried again.
    pub next_at: Option<Timestamp>,
    /// The HTTP status of the last answer; `None` where there was none.
    pub answer_status: Option<i32>,
    /// The first characters of the last answer, or why there was none.
    pub answer: Option<String>,
    pub took_ms: Option<i32>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
