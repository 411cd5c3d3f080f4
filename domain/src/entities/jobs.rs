//! Work to do, claimed with a lease.

use sea_orm::entity::prelude::*;

use crate::Timestamp;
use crate::jobs::{JobStatus, Queue};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub queue: Queue,
    pub kind: String,
    pub payload: String,
    pub group_key: Option<String>,
    /// Held while nobody else may have it.
    pub unique_key: Option<String>,
    /// The same, kept for the job's whole life.
    pub unique_name: Option<String>,
    /// The key is held while the job runs too.
    pub unique_running: bool,
    pub status: JobStatus,
    /// Lower goes first.
    pub priority: i32,
    pub run_at: Timestamp,
    /// Grows with every claim: the fence against a worker that lost its lease.
    pub attempt: i32,
    /// Failed tries in a row.
    pub failures: i32,
    pub max_attempts: i32,
    pub lease_owner: Option<String>,
    pub lease_until: Option<Timestamp>,
    pub last_error: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub finished_at: Option<Timestamp>,
    /// Where in which trace it was asked for: `traceparent` of W3C Trace Context.
    pub trace_parent: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
