//! What was found out of a stored file's use in browsers, and the copy for players where one was made.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "file_copies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub file_id: Uuid,
    /// Why it needs a copy; none where browsers play it as it is.
    pub reason: Option<crate::production::CopyReason>,
    pub storage_key: Option<String>,
    /// Of the copy, in bytes.
    pub size: Option<i64>,
    /// Why no copy can be made, in a sentence.
    pub failure: Option<String>,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
