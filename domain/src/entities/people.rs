//! Authors and narrators.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slug: String,
    pub name: String,
    pub bio: String,
    pub created_at: Timestamp,
    /// The picture that the portrait is made of, as it came.
    pub portrait_key: Option<String>,
    /// What the keys of its sizes begin with; none until they are made.
    pub portrait_made: Option<String>,
    pub portrait_changed_at: Option<Timestamp>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
