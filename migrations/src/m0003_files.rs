//! Files in storage and the uploads that bring them there.

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
                table(manager, "files")
                    .col(pk_uuid("id"))
                    .col(string_len("storage_key", 200))
                    .col(string_len("sha256", 64))
                    .col(big_integer("size"))
                    .col(string_len("media_type", 100))
                    .col(string_len("original_name", 300))
                    .col(big_integer("created_at"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "files", &["storage_key"]).await?;
        index(manager, "files", &["sha256"]).await?;

        manager
            .create_table(
                table(manager, "uploads")
                    .col(pk_uuid("id"))
                    .col(uuid("user_id"))
                    .col(uuid_null("audiobook_id"))
                    .col(integer("position"))
                    .col(string_len("file_name", 300))
                    .col(string_len("relative_path", 600))
                    .col(string_len_null("media_type", 100))
                    .col(string_len_null("fingerprint", 200))
                    .col(long_text(manager, "metadata").null().to_owned())
                    .col(big_integer("size"))
                    .col(big_integer("received"))
                    .col(long_text(manager, "storage_state").null().to_owned())
                    .col(string_len("status", 16))
                    .col(text_null("failure"))
                    .col(uuid_null("file_id"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .col(big_integer("expires_at"))
                    .foreign_key(&mut reference("uploads", "user_id", "users", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("uploads", "audiobook_id", "audiobooks", ForeignKeyAction::SetNull))
                    .foreign_key(&mut reference("uploads", "file_id", "files", ForeignKeyAction::SetNull))
                    .to_owned(),
            )
            .await?;
        index(manager, "uploads", &["user_id", "status"]).await?;
        index(manager, "uploads", &["audiobook_id", "position"]).await?;
        index(manager, "uploads", &["status", "expires_at"]).await?;

        manager
            .create_table(
                table(manager, "parts")
                    .col(pk_uuid("id"))
                    .col(uuid("audiobook_id"))
                    .col(uuid("file_id"))
                    .col(integer("position"))
                    .col(big_integer("start_ms"))
                    .col(big_integer("duration_ms"))
                    .col(string_len("codec", 40))
                    .col(integer("sample_rate"))
                    .col(integer("channels"))
                    .col(big_integer("created_at"))
                    .foreign_key(&mut reference("parts", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("parts", "file_id", "files", ForeignKeyAction::Restrict))
                    .to_owned(),
            )
            .await?;
        unique(manager, "parts", &["audiobook_id", "position"]).await?;
        index(manager, "parts", &["file_id"]).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["parts", "uploads", "files"]).await
    }
}
