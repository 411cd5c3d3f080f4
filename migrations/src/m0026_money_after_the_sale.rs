//! Payments as attempts that are asked about again, refunds, and what happened to an order.

use crate::tables::{drop_tables, index, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;
use sea_orm_migration::sea_orm::prelude::Uuid;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Holds all that revenue is summed from.
const REVENUE: [&str; 4] = ["status", "currency", "total_minor", "refunded_minor"];

/// Gives each order that waits its attempt: until now the provider knew it by the id of the order.
async fn begin_attempts(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let columns = ["id", "total_minor", "currency", "created_at"].map(Alias::new);
    let waiting = Query::select()
        .columns(columns)
        .from(Alias::new("orders"))
        .and_where(Expr::col(Alias::new("status")).eq("pending"))
        .to_owned();
    for row in connection.query_all(&waiting).await? {
        let (id, total): (Uuid, i64) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        let (currency, at): (String, i64) = (row.try_get_by_index(2)?, row.try_get_by_index(3)?);
        let columns = [
            "id",
            "order_id",
            "provider",
            "reference",
            "status",
            "amount_minor",
            "currency",
            "created_at",
            "updated_at",
            "asks",
            "ask_at",
        ];
        let attempt = Query::insert()
            .into_table(Alias::new("payments"))
            .columns(columns.map(Alias::new))
            .values_panic([
                id.into(),
                id.into(),
                "simulated".into(),
                id.to_string().into(),
                "started".into(),
                total.into(),
                currency.into(),
                at.into(),
                at.into(),
                0_i32.into(),
                at.into(),
            ])
            .to_owned();
        connection.execute(&attempt).await?;
    }
    Ok(())
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One at a time: SQLite adds one column a statement.
        for column in [big_integer("updated_at").default(0).to_owned(), integer("asks").default(0).to_owned()] {
            manager.alter_table(Table::alter().table("payments").add_column(column).to_owned()).await?;
        }
        manager.alter_table(Table::alter().table("payments").add_column(big_integer_null("ask_at")).to_owned()).await?;
        let refunded = big_integer("refunded_minor").default(0).to_owned();
        manager.alter_table(Table::alter().table("orders").add_column(refunded).to_owned()).await?;
        let line = big_integer_null("refunded_at");
        manager.alter_table(Table::alter().table("order_lines").add_column(line).to_owned()).await?;
        let connection = manager.get_connection();
        for statement in [
            "UPDATE payments SET updated_at = created_at",
            "UPDATE orders SET refunded_minor = total_minor WHERE status = 'refunded'",
            "UPDATE order_lines SET refunded_at = (SELECT updated_at FROM orders WHERE orders.id = order_lines.order_id) \
             WHERE order_id IN (SELECT id FROM orders WHERE status = 'refunded')",
        ] {
            connection.execute_unprepared(statement).await?;
        }
        begin_attempts(manager).await?;
        index(manager, "payments", &["status", "ask_at"]).await?;
        index(manager, "orders", &["created_at", "id"]).await?;
        index(manager, "orders", &REVENUE).await?;
        let former = Index::drop().name("ix_orders_status_currency_total_minor").table("orders").to_owned();
        manager.drop_index(former).await?;

        manager
            .create_table(
                table(manager, "refunds")
                    .col(pk_uuid("id"))
                    .col(uuid("order_id"))
                    .col(uuid_null("payment_id"))
                    .col(boolean("late"))
                    .col(string_len("status", 16))
                    .col(big_integer("amount_minor"))
                    .col(string_len("currency", 3))
                    .col(string_len_null("reason", 500))
                    .col(string_len_null("last_error", 500))
                    .col(big_integer("created_at"))
                    .col(big_integer_null("ask_at"))
                    .col(big_integer_null("done_at"))
                    .foreign_key(&mut reference("refunds", "order_id", "orders", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("refunds", "payment_id", "payments", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "refunds", &["order_id", "created_at"]).await?;
        index(manager, "refunds", &["payment_id"]).await?;
        index(manager, "refunds", &["status", "ask_at"]).await?;
        manager
            .create_table(
                table(manager, "refund_lines")
                    .col(uuid("refund_id"))
                    .col(uuid("order_line_id"))
                    .primary_key(Index::create().col("refund_id").col("order_line_id"))
                    .foreign_key(&mut reference("refund_lines", "refund_id", "refunds", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference(
                        "refund_lines",
                        "order_line_id",
                        "order_lines",
                        ForeignKeyAction::Cascade,
                    ))
                    .to_owned(),
            )
            .await?;
        // A line is paid back once.
        unique(manager, "refund_lines", &["order_line_id"]).await?;
        manager
            .create_table(
                table(manager, "order_events")
                    .col(pk_uuid("id"))
                    .col(uuid("order_id"))
                    .col(big_integer("at"))
                    .col(string_len("kind", 24))
                    .col(string_len_null("cause", 500))
                    .col(uuid_null("actor_id"))
                    .foreign_key(&mut reference("order_events", "order_id", "orders", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "order_events", &["order_id", "at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["order_events", "refund_lines", "refunds"]).await?;
        let connection = manager.get_connection();
        for statement in [
            "DELETE FROM payments WHERE status NOT IN ('succeeded', 'declined')",
            "UPDATE orders SET status = 'paid' WHERE status = 'partly-refunded'",
            "UPDATE orders SET status = 'declined' WHERE status = 'cancelled'",
        ] {
            connection.execute_unprepared(statement).await?;
        }
        index(manager, "orders", &REVENUE[..3]).await?;
        for (table, name) in [
            ("orders", "ix_orders_status_currency_total_minor_refunded_minor"),
            ("orders", "ix_orders_created_at_id"),
            ("payments", "ix_payments_status_ask_at"),
        ] {
            manager.drop_index(Index::drop().name(name).table(table).to_owned()).await?;
        }
        for (table, column) in [
            ("order_lines", "refunded_at"),
            ("orders", "refunded_minor"),
            ("payments", "ask_at"),
            ("payments", "asks"),
            ("payments", "updated_at"),
        ] {
            manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
