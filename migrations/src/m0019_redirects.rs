//! The addresses that categories, contributors and series had before.

use crate::tables::{drop_tables, index, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "redirects")
                    .col(string_len("kind", 16))
                    .col(string_len("slug", 160))
                    .col(uuid("target_id"))
                    .primary_key(Index::create().col("kind").col("slug"))
                    .to_owned(),
            )
            .await?;
        index(manager, "redirects", &["target_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["redirects"]).await
    }
}
