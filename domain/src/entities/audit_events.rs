//! A line of the audit trail. Rows are only added.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub happened_at: Timestamp,
    pub user_id: Option<Uuid>,
    pub who: String,
    pub action: String,
    pub subject_kind: Option<String>,
    pub subject: Option<String>,
    pub ip: Option<String>,
    pub user_agent: Option<String>,
    pub token_id: Option<Uuid>,
    pub token_name: Option<String>,
    pub outcome: crate::audit::Outcome,
    pub details: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
