//! Payments that go on at a provider's own page, and what the provider tells of them.

use crate::tables::{drop_tables, index, long_text, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One at a time: SQLite adds one column a statement.
        let handle = string_len_null("handle", 255);
        manager.alter_table(Table::alter().table("payments").add_column(handle).to_owned()).await?;
        let go_on_at = long_text(manager, "go_on_at");
        manager.alter_table(Table::alter().table("payments").add_column(go_on_at).to_owned()).await?;
        manager
            .create_table(
                table(manager, "payment_events")
                    .col(pk_uuid("id"))
                    .col(string_len("provider", 32))
                    .col(string_len("event_id", 255))
                    .col(string_len("kind", 64))
                    .col(uuid_null("payment_id"))
                    .col(uuid_null("refund_id"))
                    .col(big_integer("received_at"))
                    .col(big_integer_null("done_at"))
                    .to_owned(),
            )
            .await?;
        unique(manager, "payment_events", &["provider", "event_id"]).await?;
        index(manager, "payment_events", &["received_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["payment_events"]).await?;
        let connection = manager.get_connection();
        for statement in [
            "UPDATE payments SET status = 'unseen' WHERE status = 'abandoned'",
            "UPDATE refunds SET status = 'asked' WHERE status = 'refused'",
            "DELETE FROM order_events WHERE kind = 'refund-refused'",
        ] {
            connection.execute_unprepared(statement).await?;
        }
        for column in ["go_on_at", "handle"] {
            manager.alter_table(Table::alter().table("payments").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
