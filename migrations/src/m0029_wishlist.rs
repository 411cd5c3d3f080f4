//! What people wish for, and of which sales they were told.

use crate::tables::{drop_tables, index, reference, table};
use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::*;

#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                table(manager, "wishes")
                    .col(uuid("user_id"))
                    .col(uuid("audiobook_id"))
                    .col(big_integer("created_at"))
                    .primary_key(Index::create().col("user_id").col("audiobook_id"))
                    .foreign_key(&mut reference("wishes", "user_id", "users", ForeignKeyAction::Cascade))
                    .foreign_key(&mut reference("wishes", "audiobook_id", "audiobooks", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        index(manager, "wishes", &["audiobook_id"]).await?;
        manager
            .create_table(
                table(manager, "sales_told")
                    .col(uuid("user_id"))
                    .col(string_len("sale_key", 100))
                    .col(big_integer("told_at"))
                    .primary_key(Index::create().col("user_id").col("sale_key"))
                    .foreign_key(&mut reference("sales_told", "user_id", "users", ForeignKeyAction::Cascade))
                    .to_owned(),
            )
            .await?;
        let mails = boolean("sale_mails").default(true).to_owned();
        manager.alter_table(Table::alter().table("users").add_column(mails).to_owned()).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.alter_table(Table::alter().table("users").drop_column("sale_mails").to_owned()).await?;
        drop_tables(manager, &["sales_told", "wishes"]).await
    }
}
