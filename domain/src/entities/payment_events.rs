//! What a provider told the shop by itself, each once.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payment_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub provider: String,
    /// What the provider calls it; the same one comes more than once.
    pub event_id: String,
    /// As the provider names it.
    pub kind: String,
    /// The attempt that it is about.
    pub payment_id: Option<Uuid>,
    /// The refund that it is about.
    pub refund_id: Option<Uuid>,
    /// Whether it was the first to tell that the money of that refund came back, and belongs to that.
    pub first_to_tell: bool,
    /// The charge that it is about, as the provider calls it.
    pub charge: Option<String>,
    pub received_at: Timestamp,
    /// When the books were brought up to date, or a person was told what they lack.
    pub done_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
