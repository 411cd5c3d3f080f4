//! Tokens for programs: the keys that access tokens are signed with, and the refresh tokens of each log-in.

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
                table(manager, "signing_keys")
                    .col(string_len("kid", 64))
                    .col(integer("generation"))
                    .col(string_len("public_key", 64))
                    .col(string_len("private_key", 512))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("retired_at"))
                    .primary_key(Index::create().col("kid"))
                    .to_owned(),
            )
            .await?;
        // Of two servers that make the next key at once, one wins.
        unique(manager, "signing_keys", &["generation"]).await?;

        manager
            .create_table(
                table(manager, "token_families")
                    .col(pk_uuid("id"))
                    .col(uuid("user_id"))
                    .col(string_len("auth_hash", 64))
                    .col(string_len("role", 16))
                    .col(string_len("client", 200))
                    .col(big_integer("created_at"))
                    .col(big_integer("used_at"))
                    .col(big_integer("expires_at"))
                    .col(big_integer("ends_at"))
                    .col(big_integer_null("revoked_at"))
                    .foreign_key(&mut reference("token_families", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "token_families", &["user_id"]).await?;
        index(manager, "token_families", &["expires_at"]).await?;

        manager
            .create_table(
                table(manager, "refresh_tokens")
                    .col(string_len("hash", 64))
                    .col(uuid("family_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("rotated_at"))
                    .primary_key(Index::create().col("hash"))
                    .foreign_key(&mut reference(
                        "refresh_tokens",
                        "family_id",
                        "token_families",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        index(manager, "refresh_tokens", &["family_id"]).await?;
        index(manager, "refresh_tokens", &["rotated_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["refresh_tokens", "token_families", "signing_keys"]).await
    }
}
