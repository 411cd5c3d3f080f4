//! How often what shoppers see has changed, counted by the very transactions that change it: whoever reads the count before
//! what it belongs to has something at least as new as the count says, whatever was killed, lost or away in between.

use super::Db;
use super::shelves::SHELVES;
use crate::Result;
use crate::entities::shelf_changes::{Column, Entity, Model};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QuerySelect};
use std::collections::BTreeSet;

/// Rows that are counted in, so that sales which are kept at the same moment seldom wait for each other.
const LANES: u8 = 16;

impl Db {
    /// Counts one more change to the shelves, when a transaction was one and servers share copies; says whether it did. The
    /// last statement of the transaction: whoever waits for the row waits for nothing but its end.
    pub(super) async fn count_change(
        &self,
        tx: &impl ConnectionTrait,
        topics: &BTreeSet<&'static str>,
    ) -> Result<bool> {
        if self.shared.is_none() || !topics.contains(SHELVES) {
            return Ok(false);
        }
        let lane = i32::from(crate::secret::random::<1>()[0] % LANES);
        let more = Column::Changes.into_expr().add(1);
        let again = OnConflict::column(Column::Lane).value(Column::Changes, more).to_owned();
        let first = Model { lane, changes: 1 };
        Entity::insert(first.into_active_model()).on_conflict(again).exec_without_returning(tx).await?;
        Ok(true)
    }

    /// How often what shoppers see has changed.
    pub(super) async fn generation(&self) -> Result<i64> {
        let changes = self.sum(Expr::col(Column::Changes));
        let found = Entity::find().select_only().column_as(changes, "changes").into_tuple().one(self.read()).await?;
        Ok(found.unwrap_or_default())
    }
}
