//! The queue for every context: jobs are found by queue and group instead of by title, keep their key for their whole
//! life, and are enqueued by a schedule that one server looks after.

use crate::tables::{drop_tables, index, long_text, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::{ConnectionTrait, DbBackend};

#[derive(DeriveMigrationName)]
pub struct Migration;

/// The table while the one that takes its place is made: some databases cannot take a column away that refers to another.
const BEFORE: &str = "jobs_before";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        set_aside(
            manager,
            &[
                "uq_jobs_unique_key",
                "ix_jobs_status_priority_run_at_id",
                "ix_jobs_status_lease_until",
                "ix_jobs_audiobook_id_status",
            ],
        )
        .await?;
        manager
            .create_table(
                table(manager, "jobs")
                    .col(pk_uuid("id"))
                    .col(string_len("queue", 16))
                    .col(string_len("kind", 64))
                    .col(long_text(manager, "payload").not_null().to_owned())
                    .col(string_len_null("group_key", 160))
                    .col(string_len_null("unique_key", 160))
                    .col(string_len_null("unique_name", 160))
                    .col(boolean("unique_running"))
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
                    .to_owned(),
            )
            .await?;
        copy(manager).await?;
        drop_tables(manager, &[BEFORE]).await?;
        unique(manager, "jobs", &["unique_key"]).await?;
        index(manager, "jobs", &["queue", "status", "priority", "run_at", "id"]).await?;
        index(manager, "jobs", &["queue", "status", "run_at"]).await?;
        index(manager, "jobs", &["queue", "status", "lease_until"]).await?;
        index(manager, "jobs", &["group_key", "status"]).await?;
        index(manager, "jobs", &["status", "kind", "run_at"]).await?;
        index(manager, "jobs", &["status", "finished_at"]).await?;
        index(manager, "jobs", &["status", "updated_at", "id"]).await?;

        manager
            .create_table(
                table(manager, "schedules")
                    .col(string_len("kind", 64))
                    .col(big_integer("next_at"))
                    .primary_key(Index::create().col("kind"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table(manager, "leases")
                    .col(string_len("name", 64))
                    .col(string_len("holder", 80))
                    .col(big_integer("until"))
                    .primary_key(Index::create().col("name"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_table(
                table(manager, "orphans")
                    .col(string_len("storage_key", 255))
                    .col(big_integer("found_at"))
                    .col(boolean("deleting"))
                    .primary_key(Index::create().col("storage_key"))
                    .to_owned(),
            )
            .await?;
        index(manager, "orphans", &["found_at"]).await?;
        // What is nobody's is looked for by key.
        index(manager, "audiobooks", &["sample_key"]).await?;
        index(manager, "audiobooks", &["cover_key"]).await
    }

    /// Jobs of the newer shape mean nothing to an older shop: the queue is empty afterwards, and a run goes on by “Resume”.
    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["ix_audiobooks_cover_key", "ix_audiobooks_sample_key"] {
            drop_index(manager, index, "audiobooks").await?;
        }
        drop_tables(manager, &["orphans", "leases", "schedules", "jobs"]).await?;
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
        index(manager, "jobs", &["kind", "status", "finished_at"]).await
    }
}

/// Renames the table, and takes its indexes away: their names are wanted again.
async fn set_aside(manager: &SchemaManager<'_>, indexes: &[&str]) -> Result<(), DbErr> {
    if manager.get_database_backend() == DbBackend::MySql {
        // It keeps an index that a reference needs.
        manager
            .drop_foreign_key(ForeignKey::drop().name("fk_jobs_audiobook_id").table(Alias::new("jobs")).to_owned())
            .await?;
    }
    for index in indexes {
        drop_index(manager, index, "jobs").await?;
    }
    manager.rename_table(Table::rename().table(Alias::new("jobs"), Alias::new(BEFORE)).to_owned()).await
}

async fn drop_index(manager: &SchemaManager<'_>, name: &str, table: &'static str) -> Result<(), DbErr> {
    manager.drop_index(Index::drop().name(name).table(Alias::new(table)).to_owned()).await
}

/// Takes over what is there. Mails that have left or were given up are forgotten: they were found by the addresses in them,
/// and are found by their group from now on.
async fn copy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let mysql = manager.get_database_backend() == DbBackend::MySql;
    let title = match manager.get_database_backend() {
        DbBackend::Postgres => "replace(audiobook_id::text, '-', '')",
        _ => "lower(hex(audiobook_id))",
    };
    let joined = |parts: &[&str]| if mysql { format!("concat({})", parts.join(", ")) } else { parts.join(" || ") };
    let group = joined(&["'title:'", title]);
    let payload = joined(&["'{\"audiobook_id\":\"'", title, "'\"}'"]);
    let steps = "('probe', 'prepare', 'transcribe', 'describe')";
    let kind = joined(&["'production.'", "kind"]);
    connection
        .execute_unprepared(&format!(
            "INSERT INTO jobs (id, queue, kind, payload, group_key, unique_key, unique_name, unique_running, status, priority, \
             run_at, attempt, failures, max_attempts, lease_owner, lease_until, last_error, created_at, updated_at, finished_at) \
             SELECT id, \
             CASE WHEN kind IN ('transcribe', 'describe') THEN 'engines' WHEN kind = 'mail' THEN 'mail' \
             WHEN kind = 'finish_upload' THEN 'storage' ELSE 'sound' END, \
             CASE WHEN kind = 'mail' THEN 'mail.send' WHEN kind = 'finish_upload' THEN 'uploads.finish' ELSE {kind} END, \
             CASE WHEN audiobook_id IS NULL THEN payload ELSE {payload} END, \
             CASE WHEN audiobook_id IS NULL THEN NULL ELSE {group} END, \
             CASE WHEN kind = 'cut-sample' AND status <> 'queued' THEN NULL ELSE unique_key END, \
             unique_key, kind <> 'cut-sample', status, -priority, run_at, attempt, failures, max_attempts, lease_owner, \
             lease_until, last_error, created_at, updated_at, finished_at FROM {BEFORE} \
             WHERE NOT (kind = 'mail' AND status IN ('done', 'dead', 'cancelled')) \
             AND (kind IN {steps} OR kind IN ('cut-sample', 'mail', 'finish_upload'))"
        ))
        .await?;
    Ok(())
}
