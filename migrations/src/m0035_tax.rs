//! What tax the people of a country pay, and what of it is in an order. Orders from before have none.

use crate::tables::{drop_tables, ordered_text, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

async fn add(manager: &SchemaManager<'_>, table: &'static str, column: ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column).to_owned()).await
}

async fn drop_column(manager: &SchemaManager<'_>, table: &'static str, column: &'static str) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut rates = table(manager, "tax_rates");
        rates
            .col(ordered_text(manager, "country", 2))
            .col(string_len("name", 40))
            .col(integer("rate"))
            .col(big_integer("changed_at"))
            .primary_key(Index::create().col("country"));
        manager.create_table(rates).await?;
        // One column at a time: SQLite takes no more.
        add(manager, "orders", string_len_null("tax_country", 2)).await?;
        add(manager, "orders", big_integer("tax_minor").default(0).to_owned()).await?;
        add(manager, "orders", boolean("tax_added").default(false).to_owned()).await?;
        add(manager, "order_lines", string_len_null("tax_name", 40)).await?;
        add(manager, "order_lines", integer_null("tax_rate")).await?;
        add(manager, "order_lines", big_integer("tax_minor").default(0).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["tax_minor", "tax_rate", "tax_name"] {
            drop_column(manager, "order_lines", column).await?;
        }
        for column in ["tax_added", "tax_minor", "tax_country"] {
            drop_column(manager, "orders", column).await?;
        }
        drop_tables(manager, &["tax_rates"]).await
    }
}
