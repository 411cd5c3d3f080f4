//! A program that is logged in: every refresh token that came of one log-in.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "token_families")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// The account's `auth_hash` at log-in, in hexadecimal.
    pub auth_hash: String,
    pub role: crate::account::Role,
    pub client: String,
    /// Where it logged in.
    pub ip: Option<String>,
    pub created_at: Timestamp,
    pub used_at: Timestamp,
    /// When it is over unless it is used before; never after `ends_at`.
    pub expires_at: Timestamp,
    pub ends_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
