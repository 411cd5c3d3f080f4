//! Money to be given back, and whether it was.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "refunds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    /// The attempt that charged it; none for what was free.
    pub payment_id: Option<Uuid>,
    /// Of a charge that came when its order was over: no line belongs to it.
    pub late: bool,
    /// What the provider calls it, where it was not begun here: a refund made there, or what a bank took back.
    pub handle: Option<String>,
    pub status: crate::ordering::RefundStatus,
    pub amount_minor: i64,
    pub currency: String,
    pub reason: Option<String>,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    /// When it is enqueued again should its job be gone.
    pub ask_at: Option<Timestamp>,
    pub done_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
