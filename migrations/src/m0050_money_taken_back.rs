//! Money that goes back at the provider itself: refunds that were not begun here, and what a buyer's bank takes back.

use crate::tables::{drop_tables, index, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One at a time: SQLite adds one column a statement.
        let back = big_integer("refunded_minor").default(0).to_owned();
        manager.alter_table(Table::alter().table("order_lines").add_column(back).to_owned()).await?;
        let whole = "UPDATE order_lines SET refunded_minor = price_minor WHERE refunded_at IS NOT NULL";
        manager.get_connection().execute_unprepared(whole).await?;
        let handle = string_len_null("handle", 255);
        manager.alter_table(Table::alter().table("refunds").add_column(handle).to_owned()).await?;
        unique(manager, "refunds", &["handle", "payment_id"]).await?;
        let charge = string_len_null("charge", 255);
        manager.alter_table(Table::alter().table("payment_events").add_column(charge).to_owned()).await?;
        manager
            .create_table(
                table(manager, "disputes")
                    .col(pk_uuid("id"))
                    .col(uuid("order_id"))
                    .col(uuid("payment_id"))
                    .col(string_len("handle", 255))
                    .col(string_len("status", 16))
                    .col(big_integer("amount_minor"))
                    .col(string_len("currency", 3))
                    .col(string_len_null("reason", 64))
                    .col(big_integer("opened_at"))
                    .col(big_integer_null("closed_at"))
                    .foreign_key(&mut reference("disputes", "order_id", "orders", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("disputes", "payment_id", "payments", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "disputes", &["order_id"]).await?;
        unique(manager, "disputes", &["payment_id", "handle"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["disputes"]).await?;
        let connection = manager.get_connection();
        for statement in [
            "UPDATE refunds SET status = 'refused' WHERE status = 'elsewhere'",
            "DELETE FROM order_events WHERE kind LIKE 'dispute-%'",
        ] {
            connection.execute_unprepared(statement).await?;
        }
        let of_handles = Index::drop().name("uq_refunds_handle_payment_id").table("refunds").to_owned();
        manager.drop_index(of_handles).await?;
        for (table, column) in [("payment_events", "charge"), ("refunds", "handle"), ("order_lines", "refunded_minor")]
        {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
