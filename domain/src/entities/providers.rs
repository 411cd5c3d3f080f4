//! Who hears, or who writes.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::providers::{ProviderKind, Purpose};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "providers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub purpose: Purpose,
    pub kind: ProviderKind,
    pub name: String,
    /// Among those of its purpose; whoever comes first is asked first.
    pub position: i32,
    pub switched_on: bool,
    /// Up to the names of the operations: `https://api.example/v1`.
    pub address: Option<String>,
    pub model: String,
    /// What it knows the shop by, sealed.
    pub sealed_key: Option<String>,
    /// For one try.
    pub time_limit_s: i32,
    pub tries: i32,
    pub context_tokens: i32,
    pub currency: String,
    /// In millionths: a minute of sound, or a million tokens that are read.
    pub price_in: i64,
    /// A million tokens that are written.
    pub price_out: i64,
    /// In millionths, for a month; none for no limit.
    pub budget: Option<i64>,
    /// In a row.
    pub failures: i32,
    /// It is left alone until then; after that one call looks whether it is well.
    pub open_until: Option<Timestamp>,
    /// Somebody looks, until then at most.
    pub asked_until: Option<Timestamp>,
    /// Why it failed last.
    pub failure: Option<String>,
    pub failed_at: Option<Timestamp>,
    pub worked_at: Option<Timestamp>,
    pub version: i32,
    pub created_at: Timestamp,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
