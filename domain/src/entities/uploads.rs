//! A file on its way in.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "uploads")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub audiobook_id: Option<Uuid>,
    pub position: i32,
    pub file_name: String,
    pub relative_path: String,
    pub media_type: Option<String>,
    pub fingerprint: Option<String>,
    pub metadata: Option<String>,
    pub size: i64,
    pub received: i64,
    pub storage_state: Option<String>,
    pub status: crate::production::UploadStatus,
    pub failure: Option<String>,
    pub file_id: Option<Uuid>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
