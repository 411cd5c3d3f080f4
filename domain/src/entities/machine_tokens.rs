//! A token that somebody made for a machine.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "machine_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// As its owner calls it.
    pub name: String,
    /// SHA-256 of the token, in hexadecimal.
    pub hash: String,
    /// Names of what it opens, between commas.
    pub scopes: String,
    pub created_at: Timestamp,
    /// Opens nothing from here on.
    pub ends_at: Timestamp,
    /// To the minute; `None` until it was used.
    pub used_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
