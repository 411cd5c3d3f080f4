//! Copies of recordings for players; which upload became which part of a book, or is to take the place of one; and how often
//! the parts of a title were changed.

use crate::tables::{drop_tables, index, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// MySQL and MariaDB have an index for every reference, and do not let go of it.
fn keeps_its_own(manager: &SchemaManager<'_>) -> bool {
    manager.get_database_backend() == DbBackend::MySql
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "file_copies")
                    .col(uuid("file_id"))
                    .col(string_len_null("reason", 16))
                    .col(string_len_null("storage_key", 200))
                    .col(big_integer_null("size"))
                    .col(text_null("failure"))
                    .col(big_integer("updated_at"))
                    .primary_key(Index::create().col("file_id"))
                    .foreign_key(&mut reference("file_copies", "file_id", "files", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "file_copies", &["storage_key"]).await?;
        manager
            .create_table(
                table(manager, "upload_parts")
                    .col(uuid("upload_id"))
                    .col(uuid("part_id"))
                    .col(boolean("taken"))
                    .primary_key(Index::create().col("upload_id"))
                    .foreign_key(&mut reference("upload_parts", "upload_id", "uploads", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "upload_parts", &["part_id"]).await?;
        // Until now the parts of a title were the files that had been uploaded to it. Of parts with the same bytes, which a
        // later shop may have made, the first counts: an upload is of one part.
        manager
            .get_connection()
            .execute_unprepared(
                "INSERT INTO upload_parts (upload_id, part_id, taken) SELECT uploads.id, parts.id, TRUE FROM uploads \
                 JOIN parts ON parts.audiobook_id = uploads.audiobook_id AND parts.file_id = uploads.file_id \
                 WHERE uploads.status = 'done' AND NOT EXISTS (SELECT 1 FROM parts twins \
                 WHERE twins.audiobook_id = parts.audiobook_id AND twins.file_id = parts.file_id \
                 AND twins.position < parts.position)",
            )
            .await?;
        if !keeps_its_own(manager) {
            index(manager, "positions", &["audiobook_id"]).await?;
            // A part that goes takes its chunks along.
            index(manager, "chunks", &["part_id"]).await?;
        }
        let version = integer("parts_version").default(1).to_owned();
        manager.alter_table(Table::alter().table("audiobooks").add_column(version).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("audiobooks").drop_column("parts_version").to_owned()).await?;
        if !keeps_its_own(manager) {
            for (name, table) in [("ix_positions_audiobook_id", "positions"), ("ix_chunks_part_id", "chunks")] {
                manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
            }
        }
        drop_tables(manager, &["upload_parts", "file_copies"]).await
    }
}
