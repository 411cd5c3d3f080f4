//! A buyer's bank that wants money back.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "disputes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    /// The attempt that charged it.
    pub payment_id: Uuid,
    /// What the provider calls it.
    pub handle: String,
    pub status: crate::ordering::DisputeStatus,
    pub amount_minor: i64,
    pub currency: String,
    /// A word of the bank's, such as `fraudulent`.
    pub reason: Option<String>,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
