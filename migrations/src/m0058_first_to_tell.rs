//! Which event of a payment provider was the first to tell that the money of a refund came back. Until now that stood in
//! `payment_id`, which is for events about a payment.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Servers of before write rows without it.
        let first = boolean("first_to_tell").default(false).to_owned();
        manager.alter_table(Table::alter().table("payment_events").add_column(first).to_owned()).await?;
        let known = "UPDATE payment_events SET first_to_tell = TRUE \
                     WHERE refund_id IS NOT NULL AND payment_id IS NOT NULL";
        manager.get_connection().execute_unprepared(known).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("payment_events").drop_column("first_to_tell").to_owned()).await
    }
}
