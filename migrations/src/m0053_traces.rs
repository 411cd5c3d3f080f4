//! Jobs keep where in which trace they were asked for, so that what they do belongs to it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let place = string_len_null("trace_parent", 55);
        manager.alter_table(Table::alter().table("jobs").add_column(place).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("jobs").drop_column("trace_parent").to_owned()).await
    }
}
