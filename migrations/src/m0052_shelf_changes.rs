//! How often what shoppers see has changed, for the copies of it that servers leave each other.

use crate::tables::{drop_tables, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut changes = table(manager, "shelf_changes");
        changes.col(integer("lane")).col(big_integer("changes")).primary_key(Index::create().col("lane"));
        manager.create_table(changes).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["shelf_changes"]).await
    }
}
