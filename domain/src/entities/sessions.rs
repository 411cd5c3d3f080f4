//! A browser that is logged in, or a guest that has something to remember.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub data: String,
    pub user_id: Option<Uuid>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// Where it was last seen, and what the browser called itself there.
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub seen_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
