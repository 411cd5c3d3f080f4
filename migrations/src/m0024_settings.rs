//! What the owner of the shop has set.

use crate::tables::{drop_tables, long_text, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "settings")
                    .col(string_len("name", 40))
                    .col(long_text(manager, "value").not_null().to_owned())
                    .col(big_integer("changed_at"))
                    .primary_key(Index::create().col("name"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["settings"]).await
    }
}
