//! When a buyer agreed that the right of withdrawal ends with the first play, and to which wording. Orders from before have
//! neither.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // One column at a time: SQLite takes no more.
        let agreed_at = big_integer_null("withdrawal_agreed_at");
        manager.alter_table(Table::alter().table("orders").add_column(agreed_at).to_owned()).await?;
        let wording = integer_null("withdrawal_wording");
        manager.alter_table(Table::alter().table("orders").add_column(wording).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["withdrawal_wording", "withdrawal_agreed_at"] {
            manager.alter_table(Table::alter().table("orders").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
