//! Titles that go on sale at a time, changes to many titles at once, and the orders of the admins' list.

use crate::tables::{drop_tables, index, long_text, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::DbBackend;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// What the admins' list is put in order and picked by.
const ORDERS: [&[&str]; 8] = [
    &["created_at", "id"],
    &["sort_title", "id"],
    &["price_minor", "id"],
    &["sold_count", "id"],
    &["updated_at", "id"],
    &["status", "created_at", "id"],
    &["status", "updated_at", "id"],
    &["publish_at", "id"],
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One at a time: SQLite adds one column a statement.
        for column in [big_integer_null("publish_at"), text_null("publish_failure")] {
            manager.alter_table(Table::alter().table("audiobooks").add_column(column).to_owned()).await?;
        }
        for columns in ORDERS {
            index(manager, "audiobooks", columns).await?;
        }
        manager
            .create_table(
                table(manager, "bulk_runs")
                    .col(pk_uuid("id"))
                    .col(long_text(manager, "change").not_null().to_owned())
                    .col(uuid_null("user_id"))
                    .col(string_len("who", 254))
                    .col(string_len_null("ip", 45))
                    .col(string_len_null("user_agent", 300))
                    .col(text_null("stopped"))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("finished_at"))
                    .to_owned(),
            )
            .await?;
        index(manager, "bulk_runs", &["finished_at"]).await?;
        manager
            .create_table(
                table(manager, "bulk_items")
                    .col(uuid("bulk_id"))
                    .col(uuid("audiobook_id"))
                    .col(string_len("outcome", 16))
                    .col(text_null("reason"))
                    .primary_key(Index::create().col("bulk_id").col("audiobook_id"))
                    .foreign_key(&mut reference("bulk_items", "bulk_id", "bulk_runs", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "bulk_items", &["bulk_id", "outcome", "audiobook_id"]).await?;
        // Whether a file is another title's too. MySQL and MariaDB have one already, for the reference.
        if manager.get_database_backend() != DbBackend::MySql {
            index(manager, "uploads", &["file_id"]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() != DbBackend::MySql {
            manager.drop_index(Index::drop().name("ix_uploads_file_id").table("uploads").to_owned()).await?;
        }
        drop_tables(manager, &["bulk_items", "bulk_runs"]).await?;
        for columns in ORDERS.iter().rev() {
            let name = format!("ix_audiobooks_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table("audiobooks").to_owned()).await?;
        }
        for column in ["publish_failure", "publish_at"] {
            manager.alter_table(Table::alter().table("audiobooks").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
