//! A title that somebody buys for somebody else: one for an order.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "gifts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    pub audiobook_id: Uuid,
    /// The address that the mail goes to; forgotten when the buyer goes, once it is not needed any more.
    pub recipient: Option<String>,
    pub recipient_name: Option<String>,
    /// Who gives, as they sign.
    pub sender_name: Option<String>,
    /// Plain text.
    pub message: Option<String>,
    /// The day on which the mail goes, as days since 1970-01-01 in UTC.
    pub send_on: i32,
    /// SHA-256 of the code.
    pub code_digest: String,
    /// The code as the vault seals it: the mail and the buyer's page show it again.
    pub code_sealed: String,
    /// Which mail it is: with a corrected address there comes another one, and the one before says nothing.
    pub mailing: i32,
    /// When the mail left.
    pub sent_at: Option<Timestamp>,
    pub redeemed_by: Option<Uuid>,
    pub redeemed_at: Option<Timestamp>,
    /// The buyer's account is deleted: what is said of people goes once the mail has left.
    pub forget: bool,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
