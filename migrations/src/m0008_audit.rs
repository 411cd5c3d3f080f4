//! The audit trail. Rows are only ever added: the database itself refuses to change one, and to delete one that is not
//! a year old.

use crate::tables::{drop_tables, index, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

/// What PostgreSQL's triggers run.
const FUNCTION: &str = "CREATE FUNCTION audit_events_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.happened_at < (extract(epoch FROM now())::bigint - 31536000) * 1000 THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit trail is only added to';
END $$";

const POSTGRES: [&str; 3] = [
    FUNCTION,
    "CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
     FOR EACH ROW EXECUTE FUNCTION audit_events_stay()",
    "CREATE TRIGGER audit_events_stay_whole BEFORE TRUNCATE ON audit_events
     FOR EACH STATEMENT EXECUTE FUNCTION audit_events_stay()",
];

const SQLITE: [&str; 2] = [
    "CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events
     BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END",
    "CREATE TRIGGER audit_events_stay_whole BEFORE DELETE ON audit_events
     WHEN OLD.happened_at >= (CAST(strftime('%s', 'now') AS INTEGER) - 31536000) * 1000
     BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END",
];

/// With a binary log, MySQL wants `log_bin_trust_function_creators = 1` for these.
const MYSQL: [&str; 2] = [
    "CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events FOR EACH ROW
     SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the audit trail is only added to'",
    "CREATE TRIGGER audit_events_stay_whole BEFORE DELETE ON audit_events FOR EACH ROW
     BEGIN
         IF OLD.happened_at >= (UNIX_TIMESTAMP() - 31536000) * 1000 THEN
             SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'the audit trail is only added to';
         END IF;
     END",
];

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "audit_events")
                    .col(pk_uuid("id"))
                    .col(big_integer("happened_at"))
                    // No foreign key: the trail outlives the account.
                    .col(uuid_null("user_id"))
                    .col(string_len("who", 254))
                    .col(string_len("action", 40))
                    .col(string_len_null("subject_kind", 16))
                    .col(string_len_null("subject", 254))
                    .col(string_len_null("ip", 45))
                    .col(string_len_null("user_agent", 300))
                    .col(string_len("outcome", 16))
                    .col(text("details"))
                    .to_owned(),
            )
            .await?;
        index(manager, "audit_events", &["happened_at", "id"]).await?;
        index(manager, "audit_events", &["who", "happened_at", "id"]).await?;
        index(manager, "audit_events", &["action", "happened_at", "id"]).await?;

        let backend = manager.get_database_backend();
        let guards: &[&str] = match backend {
            DbBackend::Postgres => &POSTGRES,
            DbBackend::MySql => &MYSQL,
            _ => &SQLITE,
        };
        for guard in guards {
            manager.get_connection().execute_unprepared(guard).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_events"]).await?;
        if manager.get_database_backend() == DbBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION audit_events_stay()").await?;
        }
        Ok(())
    }
}
