//! Invoices, and the row that their numbers come from.

use crate::tables::{drop_tables, long_text, reference, table, unique};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut numbers = table(manager, "invoice_numbers");
        numbers.col(integer("id").primary_key().to_owned()).col(big_integer("last"));
        manager.create_table(numbers).await?;
        let mut first = Query::insert();
        first.into_table("invoice_numbers").columns(["id", "last"]).values_panic([1.into(), 0.into()]);
        manager.get_connection().execute(&first).await?;

        let mut invoices = table(manager, "invoices");
        invoices
            .col(pk_uuid("id"))
            .col(uuid("order_id"))
            .col(big_integer("serial"))
            .col(big_integer("issued_at"))
            .col(long_text(manager, "seller"))
            .col(string_len("name", 200))
            .col(text("address"))
            .col(string_len("tax_number", 40))
            .foreign_key(&mut reference("invoices", "order_id", "orders", ForeignKeyAction::Restrict));
        manager.create_table(invoices).await?;
        unique(manager, "invoices", &["order_id"]).await?;
        unique(manager, "invoices", &["serial"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["invoices", "invoice_numbers"]).await
    }
}
