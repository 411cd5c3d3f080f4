//! Covers and portraits in sizes of their own, where a cover comes from, what lies beside a recording, and the edition that
//! it tells of.

use crate::tables::{drop_tables, index, long_text, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What stored files are looked for by, to see whether anything names them.
const NAMING: [(&str, &str); 4] =
    [("audiobooks", "cover_made"), ("people", "portrait_key"), ("people", "portrait_made"), ("files", "cover_key")];

/// The new columns of tables that are there.
fn columns() -> Vec<(&'static str, &'static str, ColumnDef)> {
    let key = |name| string_len_null(name, 200);
    vec![
        ("audiobooks", "cover_made", key("cover_made")),
        ("audiobooks", "cover_source", string_len_null("cover_source", 16)),
        ("audiobooks", "published_year", integer_null("published_year")),
        ("audiobooks", "publisher", string_len_null("publisher", 200)),
        ("audiobooks", "isbn", string_len_null("isbn", 16)),
        ("audiobooks", "filled_version", integer_null("filled_version")),
        ("people", "portrait_key", key("portrait_key")),
        ("people", "portrait_made", key("portrait_made")),
        ("people", "portrait_changed_at", big_integer_null("portrait_changed_at")),
        ("files", "cover_key", key("cover_key")),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, _, column) in columns() {
            manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await?;
        }
        for (table, column) in NAMING {
            index(manager, table, &[column]).await?;
        }
        // The only covers that a title could have so far.
        manager
            .get_connection()
            .execute_unprepared("UPDATE audiobooks SET cover_source = 'embedded' WHERE cover_key IS NOT NULL")
            .await?;
        manager
            .create_table(
                table(manager, "sidecars")
                    .col(pk_uuid("id"))
                    .col(uuid("audiobook_id"))
                    .col(string_len("name", 255))
                    .col(long_text(manager, "said").not_null().to_owned())
                    .col(big_integer("created_at"))
                    .foreign_key(&mut reference("sidecars", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "sidecars", &["audiobook_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["sidecars"]).await?;
        for (table, column) in NAMING {
            let name = format!("ix_{table}_{column}");
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        for (table, column, _) in columns() {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
