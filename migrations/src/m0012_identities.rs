//! Log-ins by the word of another: who somebody is there, and the words that were taken already.

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
                table(manager, "identities")
                    .col(pk_uuid("id"))
                    .col(uuid("user_id"))
                    .col(string_len("provider", 200))
                    .col(string_len("subject", 255))
                    .col(string_len_null("email", 254))
                    .col(big_integer("created_at"))
                    .col(big_integer("used_at"))
                    .foreign_key(&mut reference("identities", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        // Of two log-ins that are the first of somebody, at once, one makes the account.
        unique(manager, "identities", &["provider", "subject"]).await?;
        unique(manager, "identities", &["user_id", "provider"]).await?;

        manager
            .create_table(
                table(manager, "spent_id_tokens")
                    .col(string_len("digest", 64))
                    .col(big_integer("expires_at"))
                    .primary_key(Index::create().col("digest"))
                    .to_owned(),
            )
            .await?;
        index(manager, "spent_id_tokens", &["expires_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["spent_id_tokens", "identities"]).await
    }
}
