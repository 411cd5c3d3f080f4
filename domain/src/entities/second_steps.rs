//! What somebody's app makes its codes from. It counts once the account says so: until then it is being set up.

use sea_orm::entity::prelude::*;

use crate::Timestamp;

#[derive(Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "second_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    /// Sealed.
    pub secret: String,
    /// What the recovery codes are made from that the person is shown and has not kept yet; sealed.
    pub codes: Option<String>,
    /// The last time step of which a code was accepted: none of it or before it opens again.
    pub used_step: i64,
    pub created_at: Timestamp,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TwoFactor").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
