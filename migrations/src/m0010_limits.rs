//! How often something was tried lately, and the browsers that accounts know.

use crate::tables::{drop_tables, index, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "rate_buckets")
                    .col(string_len("id", 64))
                    .col(big_integer("empty_at"))
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "rate_buckets", &["empty_at"]).await?;

        manager
            .create_table(
                table(manager, "devices")
                    .col(string_len("id", 64))
                    .col(uuid("user_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("seen_at"))
                    .primary_key(Index::create().col("id"))
                    .foreign_key(&mut reference("devices", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "devices", &["user_id"]).await?;
        index(manager, "devices", &["seen_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["devices", "rate_buckets"]).await
    }
}
