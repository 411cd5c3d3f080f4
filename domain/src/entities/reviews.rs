//! What a buyer thinks of a title.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "reviews")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub audiobook_id: Uuid,
    pub user_id: Uuid,
    /// Stars, 1 to 5.
    pub story: i32,
    /// Stars, 1 to 5.
    pub performance: i32,
    /// May be empty.
    pub text: String,
    pub hidden: bool,
    pub hidden_reason: Option<String>,
    /// Reports since an admin last looked at it.
    pub open_reports: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
