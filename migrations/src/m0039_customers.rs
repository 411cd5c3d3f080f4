//! What a payment provider calls the buyer, with the attempt that told it.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let customer = string_len_null("customer", 255);
        manager.alter_table(Table::alter().table("payments").add_column(customer).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("payments").drop_column("customer").to_owned()).await
    }
}
