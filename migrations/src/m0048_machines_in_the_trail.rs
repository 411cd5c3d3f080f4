//! The audit trail names the machine that did something in somebody's name.

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
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in columns().into_iter().rev() {
            let name = Alias::new(column.get_column_name());
            manager.alter_table(Table::alter().table(table).drop_column(name).to_owned()).await?;
        }
        Ok(())
    }
}

/// A change to many titles keeps who asked for it, for the lines that it writes.
fn columns() -> [(&'static str, ColumnDef); 4] {
    [
        ("audit_events", uuid_null("token_id")),
        ("audit_events", string_len_null("token_name", 100)),
        ("bulk_runs", uuid_null("token_id")),
        ("bulk_runs", string_len_null("token_name", 100)),
    ]
}
