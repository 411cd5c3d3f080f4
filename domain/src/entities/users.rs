//! Anyone with an account.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub email: String,
    /// When a link in a mail to this address was opened.
    pub email_verified_at: Option<Timestamp>,
    /// The address to come, until it is confirmed.
    pub pending_email: Option<String>,
    pub name: String,
    pub password_hash: Option<String>,
    pub role: crate::account::Role,
    /// Names between commas.
    pub permissions: String,
    /// Since when a log-in asks for a code as well.
    pub second_step_at: Option<Timestamp>,
    /// A BCP 47 tag.
    pub language: String,
    /// The code of the currency that they pay in, where they said so.
    pub currency: Option<String>,
    /// They want to know when something that they wish for is on sale.
    pub sale_mails: bool,
    pub disabled_at: Option<Timestamp>,
    /// When the account was deleted: what is left of it is what its orders hang on.
    pub deleted_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
