//! Tokens that people make for their machines.

use crate::tables::{drop_tables, index, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "machine_tokens")
                    .col(pk_uuid("id"))
                    .col(uuid("user_id"))
                    .col(string_len("name", 100))
                    .col(string_len("hash", 64))
                    .col(string_len("scopes", 255))
                    .col(big_integer("created_at"))
                    .col(big_integer("ends_at"))
                    .col(big_integer_null("used_at"))
                    .foreign_key(&mut reference("machine_tokens", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        unique(manager, "machine_tokens", &["hash"]).await?;
        index(manager, "machine_tokens", &["user_id"]).await?;
        index(manager, "machine_tokens", &["ends_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["machine_tokens"]).await
    }
}
