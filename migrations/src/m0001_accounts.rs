//! People who shop and people who run the shop, and their sessions.

use crate::tables::{drop_tables, index, long_text, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "users")
                    .col(pk_uuid("id"))
                    .col(string_len("email", 254))
                    .col(string_len("name", 120))
                    .col(string_len_null("password_hash", 255))
                    .col(string_len("role", 16))
                    .col(big_integer_null("disabled_at"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "users", &["email"]).await?;
        index(manager, "users", &["role", "created_at"]).await?;
        index(manager, "users", &["created_at"]).await?;

        manager
            .create_table(
                table(manager, "sessions")
                    .col(string_len("id", 64))
                    .col(uuid_null("user_id"))
                    .col(long_text(manager, "data").not_null().to_owned())
                    .col(big_integer("created_at"))
                    .col(big_integer("expires_at"))
                    .primary_key(Index::create().col("id"))
                    .foreign_key(&mut reference("sessions", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "sessions", &["user_id"]).await?;
        index(manager, "sessions", &["expires_at"]).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sessions", "users"]).await
    }
}
