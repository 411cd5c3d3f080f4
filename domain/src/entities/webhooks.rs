//! An address that is told what happens in the shop.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::webhooks::OffWhy;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub address: String,
    /// Names of what it is told, between commas.
    pub events: String,
    /// What messages are signed with, sealed.
    pub secret: String,
    /// The one before, which signs as well until `old_secret_until`.
    pub old_secret: Option<String>,
    pub old_secret_until: Option<Timestamp>,
    /// Since when no message arrives.
    pub failing_since: Option<Timestamp>,
    /// It is told nothing since then.
    pub off_at: Option<Timestamp>,
    pub off_why: Option<OffWhy>,
    pub version: i32,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
