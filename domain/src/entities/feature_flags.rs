//! What is switched on in the shop, and for whom.

use crate::Timestamp;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "feature_flags")]
pub struct Model {
    /// See [`crate::flags::Flag`].
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    /// See [`crate::flags::Rule`].
    pub rule: String,
    /// Of whoever comes, 0 to 100; only where the rule is a share.
    pub percent: Option<i32>,
    pub changed_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
