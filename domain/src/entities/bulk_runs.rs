//! One change to many titles.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_runs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// As JSON.
    pub change: String,
    /// Who asked for it, and from where.
    pub user_id: Option<Uuid>,
    pub who: String,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    /// The machine that asked for it in their name.
    pub token_id: Option<Uuid>,
    pub token_name: Option<String>,
    /// Why it does not go on, in a sentence.
    pub stopped: Option<String>,
    pub created_at: Timestamp,
    pub finished_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
