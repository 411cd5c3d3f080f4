//! What a program was answered that bought something, under the key that it named its request by.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "kept_answers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_digest: String,
    /// Of the request together with its key.
    pub request_digest: String,
    /// Names the purchase in the order.
    pub purchase: Uuid,
    /// The HTTP status; `None` while it is not answered.
    pub status: Option<i32>,
    pub body: Option<String>,
    pub asked_at: Timestamp,
    /// When the work on it began, perhaps again.
    pub begun_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
