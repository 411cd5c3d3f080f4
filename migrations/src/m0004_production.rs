//! From audio to product page: jobs, the steps of a book, what was heard, and the workers that hear it.

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
                table(manager, "jobs")
                    .col(pk_uuid("id"))
                    .col(string_len("kind", 64))
                    .col(long_text(manager, "payload").not_null().to_owned())
                    .col(uuid_null("audiobook_id"))
                    .col(string_len_null("unique_key", 160))
                    .col(string_len("status", 16))
                    .col(integer("priority"))
                    .col(big_integer("run_at"))
                    .col(integer("attempt"))
                    .col(integer("failures"))
                    .col(integer("max_attempts"))
                    .col(string_len_null("lease_owner", 80))
                    .col(big_integer_null("lease_until"))
                    .col(text_null("last_error"))
                    .col(big_integer("created_at"))
                    .col(big_integer("updated_at"))
                    .col(big_integer_null("finished_at"))
                    .foreign_key(&mut reference("jobs", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        unique(manager, "jobs", &["unique_key"]).await?;
        index(manager, "jobs", &["status", "priority", "run_at", "id"]).await?;
        index(manager, "jobs", &["status", "lease_until"]).await?;
        index(manager, "jobs", &["audiobook_id", "status"]).await?;

        manager
            .create_table(
                table(manager, "production_steps")
                    .col(pk_uuid("id"))
                    .col(uuid("audiobook_id"))
                    .col(string_len("step", 16))
                    .col(string_len("status", 16))
                    .col(integer("attempt"))
                    .col(integer("progress_permille"))
                    .col(text_null("message"))
                    .col(string_len_null("provider", 80))
                    .col(string_len_null("model", 200))
                    .col(string_len_null("input_hash", 64))
                    .col(integer_null("coverage_permille"))
                    .col(long_text(manager, "output").null().to_owned())
                    .col(big_integer_null("started_at"))
                    .col(big_integer_null("finished_at"))
                    .col(big_integer("updated_at"))
                    .foreign_key(&mut reference(
                        "production_steps",
                        "audiobook_id",
                        "audiobooks",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        unique(manager, "production_steps", &["audiobook_id", "step"]).await?;
        index(manager, "production_steps", &["status", "updated_at"]).await?;

        manager
            .create_table(
                table(manager, "chunks")
                    .col(pk_uuid("id"))
                    .col(uuid("audiobook_id"))
                    .col(uuid("part_id"))
                    .col(integer("position"))
                    .col(big_integer("start_ms"))
                    .col(big_integer("end_ms"))
                    .col(string_len("status", 16))
                    .col(integer("attempt"))
                    .col(string_len_null("transcribed_by", 200))
                    .col(text_null("failure"))
                    .col(big_integer_null("finished_at"))
                    .foreign_key(&mut reference("chunks", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("chunks", "part_id", "parts", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        unique(manager, "chunks", &["audiobook_id", "position"]).await?;
        index(manager, "chunks", &["audiobook_id", "status", "position"]).await?;

        manager
            .create_table(
                table(manager, "segments")
                    .col(pk_uuid("id"))
                    .col(uuid("audiobook_id"))
                    .col(uuid_null("chunk_id"))
                    .col(integer("position"))
                    .col(big_integer("start_ms"))
                    .col(big_integer("end_ms"))
                    .col(text("text"))
                    .col(long_text(manager, "words").not_null().to_owned())
                    .col(float("confidence"))
                    .col(string_len_null("flag", 32))
                    .foreign_key(&mut reference("segments", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("segments", "chunk_id", "chunks", ForeignKeyAction::SetNull))
                    .to_owned(),
            )
            .await?;
        index(manager, "segments", &["audiobook_id", "start_ms"]).await?;
        index(manager, "segments", &["chunk_id"]).await?;

        manager
            .create_table(
                table(manager, "chapters")
                    .col(pk_uuid("id"))
                    .col(uuid("audiobook_id"))
                    .col(integer("position"))
                    .col(string_len("title", 300))
                    .col(big_integer("start_ms"))
                    .col(big_integer("end_ms"))
                    .col(string_len("source", 16))
                    .foreign_key(&mut reference("chapters", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        unique(manager, "chapters", &["audiobook_id", "position"]).await?;

        manager
            .create_table(
                table(manager, "workers")
                    .col(string_len("id", 80))
                    .col(long_text(manager, "facts").not_null().to_owned())
                    .col(big_integer("started_at"))
                    .col(big_integer("seen_at"))
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await?;
        index(manager, "workers", &["seen_at"]).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["workers", "chapters", "segments", "chunks", "production_steps", "jobs"]).await
    }
}
