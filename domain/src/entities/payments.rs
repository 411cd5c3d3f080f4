//! An attempt to pay for an order.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "payments")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub provider: String,
    pub reference: String,
    /// What the provider itself calls it, once it has said so.
    pub handle: Option<String>,
    /// Where the buyer goes on paying, while they may.
    pub go_on_at: Option<String>,
    pub status: crate::ordering::PaymentStatus,
    pub amount_minor: i64,
    pub currency: String,
    pub card_last4: Option<String>,
    /// What the provider calls the buyer, where it keeps people.
    pub customer: Option<String>,
    pub failure: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// How often the provider was asked what became of it.
    pub asks: i32,
    /// When it is to be asked again.
    pub ask_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
