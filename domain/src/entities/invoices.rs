//! An invoice: what its order does not say, never changed.

use crate::Timestamp;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "invoices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: Uuid,
    /// From 1, without a gap.
    pub serial: i64,
    pub issued_at: Timestamp,
    /// Who sold, as JSON.
    #[sea_orm(column_type = "Text")]
    pub seller: String,
    /// Whom it is made out to.
    pub name: String,
    /// Their address, in lines; may be empty.
    #[sea_orm(column_type = "Text")]
    pub address: String,
    /// Their tax number; may be empty.
    pub tax_number: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
