//! Addresses that categories, contributors and series had before.

use crate::catalog::RedirectKind;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "redirects")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: RedirectKind,
    #[sea_orm(primary_key, auto_increment = false)]
    pub slug: String,
    /// The id of what it leads to.
    pub target_id: Uuid,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
