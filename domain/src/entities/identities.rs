//! Who somebody is elsewhere: their account opens when that provider says that it is them.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "identities")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// The issuer of the provider's ID tokens: a subject means something only together with it.
    pub provider: String,
    /// What the provider calls them. It stays the same whatever becomes of their address.
    pub subject: String,
    /// Their address there, as it was said last.
    pub email: Option<String>,
    pub created_at: Timestamp,
    pub used_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
