//! What currencies are worth on a day, for showing prices in another one.

use crate::tables::{drop_tables, ordered_text, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut rates = table(manager, "exchange_rates");
        rates
            .col(ordered_text(manager, "currency", 3))
            .col(big_integer("per_euro"))
            .col(integer("day"))
            .primary_key(Index::create().col("currency"));
        manager.create_table(rates).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["exchange_rates"]).await
    }
}
