//! What people choose for themselves, where they are logged in, and accounts that were deleted.

use crate::tables::index;
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One at a time: SQLite adds one column a statement.
        for (table, column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        manager.get_connection().execute_unprepared("UPDATE sessions SET seen_at = created_at").await?;
        // Customers are counted, and people found, without those who left.
        index(manager, "users", &["role", "deleted_at"]).await?;
        index(manager, "users", &["deleted_at", "email"]).await?;
        // What a shop sells in is read without its titles; what somebody did themselves, without everybody else's lines.
        index(manager, "audiobooks", &["status", "currency"]).await?;
        index(manager, "audit_events", &["user_id", "happened_at", "id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, name) in [
            ("audit_events", "ix_audit_events_user_id_happened_at_id"),
            ("audiobooks", "ix_audiobooks_status_currency"),
            ("users", "ix_users_deleted_at_email"),
            ("users", "ix_users_role_deleted_at"),
        ] {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        for (table, column) in columns().into_iter().rev() {
            let name = Alias::new(column.get_column_name());
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

fn columns() -> [(&'static str, ColumnDef); 7] {
    [
        ("users", string_len("language", 35).default("en").to_owned()),
        ("users", string_len_null("currency", 3)),
        ("users", big_integer_null("deleted_at")),
        ("sessions", string_len_null("ip", 45)),
        ("sessions", string_len_null("user_agent", 300)),
        ("sessions", big_integer("seen_at").default(0).to_owned()),
        ("token_families", string_len_null("ip", 45)),
    ]
}
