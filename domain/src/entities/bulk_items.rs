//! What became of each title of one change to many. A title that was deleted since keeps its row.

use sea_orm::entity::prelude::*;

use crate::insight::ItemOutcome;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "bulk_items")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub bulk_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub audiobook_id: Uuid,
    pub outcome: ItemOutcome,
    /// Why it was refused, in a sentence.
    pub reason: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
