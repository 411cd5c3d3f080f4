//! The codes by which the first admin of a shop is made.

use crate::tables::{drop_tables, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "setup_codes")
                    .col(string_len("digest", 64))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col("digest"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["setup_codes"]).await
    }
}
